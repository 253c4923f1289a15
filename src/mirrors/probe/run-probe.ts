import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Candidate } from '../candidates/candidates.ts';
import type { Asker } from '../requests/asker.ts';
import { locate, nameOf, type Place } from '../candidates/locate.ts';
import type { Need } from '../candidates/need.ts';
import type { Officials } from '../candidates/official.ts';
import { unmeasured, type Finding } from '../requests/outcome.ts';
import { probeFile } from './probe-file.ts';
import { probeImage } from './probe-image.ts';
import { probeModule } from './probe-module.ts';
import { probeSuites } from './probe-suites.ts';
import { rank, type Tried } from './rank.ts';

/** What was found for one object, best mirror first. */
export interface Probed {
  readonly need: Need;
  readonly ranked: readonly Tried[];
}

export interface ProbeInput {
  readonly needs: readonly Need[];
  readonly candidatesOf: (need: Need) => readonly Candidate[];
  readonly catalogue: Catalogue;
  /** Where the official hosts are that no file of ours names. */
  readonly officials: Officials;
  readonly asker: Asker;
  /** Of room source, which knows git. */
  readonly probeRepository: (url: string, ref: string | null, asker: Asker) => Promise<Finding>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Called as each answer is judged: how many of how many. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/**
 * Asks every candidate for every object, side by side, within the asker's limits. Candidates are ranked for each object by
 * itself. A place that two objects share (one file at one host) is asked once.
 */
export async function runProbe(input: ProbeInput): Promise<readonly Probed[]> {
  const { needs, candidatesOf, catalogue, officials, onProgress } = input;
  const asked = new Map<string, Promise<Finding>>();
  let done = 0;
  let all = 0;
  const probed = needs.map(async (need): Promise<Probed> => {
    const tried = candidatesOf(need).map(async (candidate): Promise<Tried> => {
      const id = nameOf(candidate);
      const found = locate(candidate, need, catalogue, officials);
      if ('miss' in found) return { id, base: found.base, finding: unmeasured('not-asked', found.miss) };
      const key = JSON.stringify(found.place);
      const running = asked.get(key) ?? probeAt(found.place, input);
      asked.set(key, running);
      all += 1;
      const finding = await running;
      done += 1;
      onProgress?.(done, all);
      return { id, base: found.base, finding };
    });
    return { need, ranked: rank(await Promise.all(tried)) };
  });
  return Promise.all(probed);
}

function probeAt(place: Place, { asker, now, officials, probeRepository }: ProbeInput): Promise<Finding> {
  switch (place.is) {
    case 'suites':
      return probeSuites(place.bases, place.arch, asker, now);
    case 'repository':
      return probeRepository(place.url, place.ref, asker);
    case 'module':
      return probeModule(place.proxy, place.path, place.version, officials.checksumDatabase, asker);
    case 'image':
      return probeImage(place.reference, place.platform, asker);
    case 'file':
      return probeFile(place.url, asker);
  }
}

import { MESSAGES } from '../../ui/messages.ts';
import { fetchSources } from '../handover/fetch-sources.ts';
import { placeSources } from '../handover/place-sources.ts';
import { handBundle } from '../offline/hand-bundle.ts';
import { placeTaken, takeOutToo } from '../folders/take-out.ts';
import { nameImages } from '../offline/name-images.ts';
import type { Step } from '../stage/chain.ts';
import { PURPOSES } from '../stage/purposes.ts';
import type { Applied, Fetched, Planned } from '../stage/stages.ts';
import { fetchBase } from './fetch-base.ts';
import { placeBase } from './place-base.ts';

/*
 * The steps that bring what a build gets from this machine, components and parts of base images, and that put it into the tree.
 */

/** Why no sources are handed to the build; null: some are. */
function whyNoSources({ hostSources, sourcesBy, base }: Planned): string | null {
  if (hostSources.length > 0 || base !== null) return null;
  return sourcesBy === 'mirror' ? MESSAGES.sourcesByMirror : MESSAGES.noSources;
}

function baseWords(base: Fetched['readyBase']): readonly string[] {
  return base === null ? [] : [MESSAGES.baseReady(base.facts.packages.length, base.facts.suite, base.facts.go.version)];
}

export const fetchComponents: Step<Planned & Partial<Pick<Fetched, 'readySources' | 'readyBase'>>, Fetched> = {
  title: MESSAGES.fetchSources,
  skip: (from) => {
    const reason = PURPOSES[from.goal].fetches ? whyNoSources(from) : MESSAGES.dryRunFetchesNothing;
    return reason === null ? null : { reason, to: { ...from, readySources: [], readyBase: null } };
  },
  run: async (from, io) => {
    const readySources = await fetchSources(from, io);
    const readyBase = from.base === null ? null : (from.readyBase ?? (await fetchBase(from, io, from.base)));
    const taken = await takeOutToo({ ...from, readySources, readyBase }, io);
    const stored = readySources.filter(({ fromStore }) => fromStore).length;
    return {
      to: { ...from, readySources, readyBase, taken },
      words: [sourceWords(readySources.length, stored), ...baseWords(readyBase)].join('; '),
    };
  },
};

export const handOver: Step<Applied, Applied> = {
  title: MESSAGES.placeSources,
  skip: (from) => {
    const isHanded = from.bundle !== null || from.ofEngine.length > 0 || from.folders !== null;
    const reason = isHanded ? null : whyNoSources(from);
    return reason === null ? null : { reason, to: from };
  },
  run: async (from, io) => {
    await placeSources(from);
    const base = from.readyBase;
    if (base !== null) await placeBase(from.source, base);
    const more = [
      ...(from.bundle === null ? [] : await handBundle(from, io, from.bundle)),
      ...(await nameImages(from, io)),
      ...[await placeTaken(from)].filter((words) => words !== null),
    ];
    return {
      to: from,
      words: [
        ...from.readySources.map(({ source }) => source.wish.title),
        ...(base === null ? [] : [MESSAGES.basePlaced(base.facts.suite, base.facts.go.version)]),
        ...more,
      ].join(', '),
    };
  },
};

function sourceWords(all: number, stored: number): string {
  return stored === all
    ? `${String(all)} sources, all of them from the store`
    : `${String(all)} sources, ${String(stored)} of them from the store`;
}

import { join } from 'node:path';
import type { BundleObject } from '../../bundle/format/contents.ts';
import type { BundleFile } from '../../bundle/make/write-bundle.ts';
import { repositoryName } from '../../egress/world/repositories.ts';
import { isDropped } from '../../mirrors/resolve/asked-points.ts';
import type { Entry } from '../../store/entry.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { storedSource } from '../source/source-store.ts';
import type { Io } from '../stage/io.ts';
import type { Compared, SourceTree } from '../stage/stages.ts';
import { NOTHING_GATHERED, together, type Gap, type Gathered } from '../../bundle/make/gathered.ts';

/** Who says which commit the ref is. */
const WITNESS: Readonly<Record<SourceTree['pin'], string | null>> = {
  table: 'the built-in table names this commit',
  flag: '--commit names this commit',
  witnesses: 'independent git servers name this commit',
  unchecked: null,
};

/**
 * The repositories that a build takes from the store: moby's own, where it is cloned, and the components that this machine fetches. Each was
 * checked to its last object when the plan took it.
 */
export async function gatherGit(from: Compared, io: Io): Promise<Gathered> {
  const { source, options, readySources, plan } = from;
  const own =
    options.source.kind === 'url' && source.commit !== null
      ? await storedSource(from, io, source.commit, source.ref)
      : null;
  const entries = [
    ...(own === null ? [] : [{ entry: own, witness: WITNESS[source.pin] }]),
    ...readySources.map(({ entry, source: { wish } }) => ({
      entry,
      witness: wish.commit === null ? null : MESSAGES.commitOfTree,
    })),
  ];
  const left = plan.points.filter(
    ({ id, kind, inClosure, via }) => kind === 'git' && inClosure && via !== 'host' && !isDropped(from.resolutions, id),
  );
  const gaps = left.map(({ url }): Gap => ({ kind: 'git', name: url, reason: MESSAGES.clonedByBuild }));
  const gathered = entries.map(({ entry, witness }) => gatherOne(entry, witness));
  return together([...gathered, { ...NOTHING_GATHERED, gaps }]);
}

function gatherOne({ dir, record }: Entry, witness: string | null): Gathered {
  const { tags, commit, upstream, mirror, url } = record;
  // The record itself says when it was fetched, which no two machines write alike; `build --bundle` makes a new one.
  const files = new Map(
    record.files.map(({ path, bytes, sha256 }): [string, BundleFile] => [
      `git/${commit}.git/${path}`,
      { bytes, sha256, from: join(dir, path) },
    ]),
  );
  const object: BundleObject = {
    kind: 'git',
    name: [repositoryName(upstream), ...tags.slice(0, 1)].join(' '),
    ...{ upstream, mirror, url, digest: `git:${commit}`, witness },
    bytes: [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    files: [...files.keys()].sort(),
  };
  return { ...NOTHING_GATHERED, objects: [object], files };
}

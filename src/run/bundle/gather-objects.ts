import { join } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { FOLDERS, type BundleKind } from '../../bundle/format/contents.ts';
import type { LocatedBundle } from '../../bundle/locate-files.ts';
import { Parts } from '../../bundle/make/parts.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import { toFileError } from '../../system/file-error.ts';
import { treeId } from '../../system/files/tree-id.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { takeLock } from '../../workdir/lock.ts';
import { LOCK_NAME } from '../../workdir/work-dir.ts';
import { buildArchOf } from '../plan/build-arch.ts';
import { isLean } from '../plan/source-to-scan.ts';
import type { Io } from '../stage/io.ts';
import type { Compared } from '../stage/stages.ts';
import { gatherApt } from './gather-apt.ts';
import { gatherGit } from './gather-git.ts';
import { gatherImages } from './gather-images.ts';
import { loadModules } from './gather-modules.ts';
import { NOTHING_GATHERED, together, type Gap, type Gathered, type GatheredBuild } from '../../bundle/make/gathered.ts';

/** Kinds of egress points of which a bundle holds objects. */
const BUNDLED: Readonly<Record<string, BundleKind | undefined>> = {
  ...{ git: 'git', image: 'image', frontend: 'image', gomod: 'gomod', apt: 'apt', 'apt-source': 'apt' },
};

/**
 * The folder beside the file in which a bundle grows; made the first time that it is asked for, and held for this run alone.
 *
 * @param older a bundle whose objects are not fetched again
 * @returns what throws `work-dir-busy` (3) where another run makes the same bundle
 */
export function partsFor(file: string, older: LocatedBundle | null): () => Promise<Parts> {
  let opened: Promise<Parts> | null = null;
  const open = async (): Promise<Parts> => {
    const dir = partsDir(file);
    try {
      await makeFolders(dir);
    } catch (cause) {
      throw toFileError(cause, dir);
    }
    takeLock(join(dir, LOCK_NAME), dir);
    return new Parts(dir, older);
  };
  return () => (opened ??= open());
}

/** Where the objects of a bundle are while it is made. */
export function partsDir(file: string): string {
  return `${file}.parts`;
}

/**
 * Brings everything that the plan of one build takes from elsewhere into a folder, each object by itself; what is there already is checked and not
 * fetched again. Throws as the kinds say.
 */
export async function gatherObjects(from: Compared, io: Io, parts: Parts): Promise<GatheredBuild> {
  const images = await gatherImages(from, io, parts);
  const own = [await gatherGit(from, io), images, await gatherApt(from, io, parts, images.images)];
  const { about: modules, gaps } = await loadModules(from, io, parts);
  return {
    build: await buildOf(from),
    ...together([...own, { ...NOTHING_GATHERED, gaps: [...gaps, ...otherGaps(from)] }]),
    modules,
  };
}

async function buildOf(from: Compared): Promise<GatheredBuild['build']> {
  const { options, profile, source, target } = from;
  const lean = options.lean ?? isLean(profile);
  const commit = source.commit ?? (await treeId(source.dir));
  const on = buildArchOf(from);
  return {
    ref: source.ref,
    commit,
    arch: options.arch,
    target: target.name,
    options: decidedBy({ ...options, lean }, on),
  };
}

/** The options that decide what a build takes. Pure. @param on GOARCH of the machine that builds; null: nobody knows */
export function decidedBy(
  { arch, suite, lean, without, components, buildArgs, images }: RunOptions,
  on: string | null,
): GatheredBuild['build']['options'] {
  const crossing = on === null || on === arch ? {} : { builderArch: on };
  return {
    suite,
    lean: lean ?? true,
    without: [...without],
    components: { ...components },
    buildArgs: { ...buildArgs },
    ...(Object.keys(images).length === 0 ? {} : { images: { ...images } }),
    ...crossing,
  };
}

/** What of the closure is of a kind that no bundle holds. Pure. */
function otherGaps({ plan }: Pick<Compared, 'plan'>): readonly Gap[] {
  return plan.points
    .filter(({ kind, inClosure, via }) => inClosure && via !== 'dropped' && BUNDLED[kind] === undefined)
    .map(({ kind, url, suite }) => ({ kind, name: suite ?? url, reason: MESSAGES.notBundled(kind) }));
}

/** `git 5, image 3` */
export function countWords({ objects }: Pick<Gathered, 'objects'>): string {
  const kinds = Object.keys(FOLDERS).map(
    (kind) => [kind, objects.filter((each) => each.kind === kind).length] as const,
  );
  return kinds
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${String(count)}`)
    .join(', ');
}

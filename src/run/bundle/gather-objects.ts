import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDERS, type BundleKind } from '../../bundle/format/contents.ts';
import { layoutFiles } from '../../bundle/make/image-layout.ts';
import { Parts } from '../../bundle/make/parts.ts';
import { textFile, writeBundle, type Written } from '../../bundle/make/write-bundle.ts';
import { keyOf } from '../../bundle/use/needs.ts';
import { toFileError } from '../../system/file-error.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { treeId } from '../../system/files/tree-id.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { takeLock } from '../../workdir/lock.ts';
import { LOCK_NAME } from '../../workdir/work-dir.ts';
import type { Contents } from '../../bundle/format/contents.ts';
import type { Io } from '../stage/io.ts';
import type { Compared, GatheredStage } from '../stage/stages.ts';
import { gatherApt } from './gather-apt.ts';
import { gatherGit } from './gather-git.ts';
import { gatherImages } from './gather-images.ts';
import { gatherModules } from './gather-modules.ts';
import { NOTHING_GATHERED, together, type Gap, type Gathered } from '../../bundle/make/gathered.ts';

/** Kinds of egress points of which a bundle holds objects. */
const BUNDLED: Readonly<Record<string, BundleKind | undefined>> = {
  ...{ git: 'git', image: 'image', frontend: 'image', gomod: 'gomod', apt: 'apt', 'apt-source': 'apt' },
};

/**
 * Brings everything that the plan takes from elsewhere into a folder beside the file, each object by itself; what is there already is checked and
 * not fetched again.
 *
 * @throws MobyBuildError `work-dir-busy` (3) where another run makes the same bundle; as the kinds say
 */
export async function gatherObjects(from: Compared, io: Io): Promise<Gathered> {
  const dir = partsDir(from.options.out ?? '');
  try {
    await mkdir(dir, { recursive: true });
  } catch (cause) {
    throw toFileError(cause, dir);
  }
  takeLock(join(dir, LOCK_NAME), dir);
  const parts = new Parts(dir);
  const images = await gatherImages(from, io, parts);
  return together([
    await gatherGit(from, io),
    images,
    await gatherApt(from, io, parts, images.images),
    await gatherModules(from, io, parts),
    { ...NOTHING_GATHERED, gaps: otherGaps(from) },
  ]);
}

/** Where the objects of a bundle are while it is made. */
export function partsDir(file: string): string {
  return `${file}.parts`;
}

/** What of the closure is of a kind that no bundle holds. Pure. */
function otherGaps({ plan }: Pick<Compared, 'plan'>): readonly Gap[] {
  return plan.points
    .filter(({ kind, inClosure, via }) => inClosure && via !== 'dropped' && BUNDLED[kind] === undefined)
    .map(({ kind, url, suite }) => ({ kind, name: suite ?? url, reason: MESSAGES.notBundled(kind) }));
}

/**
 * Writes the bundle, and removes the folder of its parts where nothing is missing: else the next run goes on from there.
 *
 * @throws MobyBuildError as `writeBundle`
 */
export async function writeGathered(
  { options, source, target, gathered }: GatheredStage,
  io: Io,
): Promise<Written & { readonly contents: Pick<Contents, 'builds' | 'objects' | 'gaps'> }> {
  const file = options.out ?? '';
  const { objects, gaps, images } = gathered;
  const layout = images.length === 0 ? [] : [...layoutFiles(images)];
  const files = new Map([...gathered.files, ...layout.map(([path, text]) => [path, textFile(text)] as const)]);
  const commit = source.commit ?? (await treeId(source.dir));
  const needs = objects.map(keyOf);
  const { suite, lean, without, components, buildArgs } = options;
  const decided = { suite, lean, without: [...without], components: { ...components }, buildArgs: { ...buildArgs } };
  const builds = [{ ref: source.ref, commit, arch: options.arch, target: target.name, options: decided, needs }];
  const contents = { builds, objects: [...objects], gaps: [...gaps] };
  const written = await writeBundle(file, contents, files, (path) => {
    io.say(path);
  });
  if (gaps.length === 0) await removeTree(partsDir(file));
  return { ...written, contents };
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

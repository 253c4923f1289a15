import { gapsOf, type BundleObject, type Held, type OlderBundle } from '../../bundle/format/contents.ts';
import { leftTo } from '../../bundle/make/left-out.ts';
import { together, type Gathered, type GatheredBuild } from '../../bundle/make/gathered.ts';
import { layoutFiles } from '../../bundle/make/image-layout.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import { textFile, writeBundle, type BundleOutput, type Written } from '../../bundle/make/write-bundle.ts';
import { keyOf } from '../../bundle/use/needs.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import type { Io } from '../stage/io.ts';
import { readModules } from './gather-modules.ts';

/** Where and how a bundle is written. */
export interface BundlePlace extends BundleOutput {
  /** What these bundles have is left out. */
  readonly held: readonly OlderBundle[];
  /** Commits whose repositories are left out: the machine that builds has them. */
  readonly commits: ReadonlySet<string>;
}

/** A bundle that was written, and what it holds. */
export type WrittenBundle = Written & { readonly contents: Held };

/**
 * Writes the bundle, and removes the folder of its parts where nothing is missing: else the next run goes on from there.
 *
 * @throws MobyBuildError as `writeBundle`
 */
export async function writeGathered(
  builds: readonly GatheredBuild[],
  parts: Parts,
  { held, commits, ...output }: BundlePlace,
  io: Io,
): Promise<WrittenBundle> {
  const modules = await readModules(
    parts,
    builds.flatMap((each) => each.modules ?? []),
  );
  const all = together([...builds, modules]);
  const layout = all.images.length === 0 ? [] : [...layoutFiles(all.images)];
  const files = new Map([...all.files, ...layout.map(([path, text]) => [path, textFile(text)] as const)]);
  const isThere = ({ kind, digest }: BundleObject): boolean =>
    kind === 'git' && commits.has(digest.replace(/^git:/u, ''));
  const there = all.objects.filter(isThere);
  for (const path of there.flatMap((each) => each.files)) files.delete(path);
  const since = leftTo(held, files);
  for (const { path } of since.flatMap((each) => each.files)) files.delete(path);
  const contents = {
    builds: builds.map((each) => buildWith(each, modules)),
    objects: all.objects.filter((each) => !isThere(each)),
    since,
    expects: there.map(keyOf),
  };
  const written = await writeBundle(output, contents, files, (path) => {
    io.say(path);
  });
  if (gapsOf(contents).length === 0) await removeTree(parts.dir);
  return { ...written, contents };
}

/** What a build takes, and what of it is not there. */
function buildWith(own: GatheredBuild, modules: Gathered): Held['builds'][number] {
  const { objects, gaps } = together(own.modules === null ? [own] : [own, modules]);
  return { ...own.build, needs: objects.map(keyOf), gaps: [...gaps] };
}

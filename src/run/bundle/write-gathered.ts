import { basename } from 'node:path';
import { gapsOf, type Held, type OlderBundle } from '../../bundle/format/contents.ts';
import { comparePaths } from '../../bundle/format/sums.ts';
import type { NamedBundle } from '../../bundle/join-bundles.ts';
import { together, type Gathered, type GatheredBuild } from '../../bundle/make/gathered.ts';
import { layoutFiles } from '../../bundle/make/image-layout.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import {
  textFile,
  writeBundle,
  type BundleFile,
  type BundleOutput,
  type Written,
} from '../../bundle/make/write-bundle.ts';
import { keyOf } from '../../bundle/use/needs.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import type { Io } from '../stage/io.ts';
import { readModules } from './gather-modules.ts';

/** Where and how a bundle is written. */
export interface BundlePlace extends BundleOutput {
  /** What this bundle has is left out; null: nothing is. */
  readonly older: NamedBundle | null;
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
  { older, ...output }: BundlePlace,
  io: Io,
): Promise<WrittenBundle> {
  const modules = await readModules(
    parts,
    builds.flatMap((each) => each.modules ?? []),
  );
  const all = together([...builds, modules]);
  const layout = all.images.length === 0 ? [] : [...layoutFiles(all.images)];
  const files = new Map([...all.files, ...layout.map(([path, text]) => [path, textFile(text)] as const)]);
  const since = older === null ? [] : leftTo(older, files);
  for (const { path } of since.flatMap((each) => each.files)) files.delete(path);
  const contents = { builds: builds.map((each) => buildWith(each, modules)), objects: [...all.objects], since };
  const written = await writeBundle(output, contents, files, (path) => {
    io.say(path);
  });
  if (gapsOf(contents).length === 0) await removeTree(parts.dir);
  return { ...written, contents };
}

/** The files that an older bundle has with the same bytes, by the bundle in which they lie: that one may leave some to others. Pure. */
function leftTo({ file, located }: NamedBundle, files: ReadonlyMap<string, BundleFile>): OlderBundle[] {
  const { contents, seen } = located.verified;
  const mine = [...located.files].map(([path, { bytes }]) => ({ path, bytes, sha256: seen.sums.get(path) ?? '' }));
  const all = [{ name: basename(file), sha256: located.sha256, files: mine }, ...contents.since];
  return all
    .map((each) => ({
      ...each,
      files: each.files
        .filter(({ path, sha256 }) => files.get(path)?.sha256 === sha256)
        .sort((a, b) => comparePaths(a.path, b.path)),
    }))
    .filter((each) => each.files.length > 0);
}

/** What a build takes, and what of it is not there. */
function buildWith(own: GatheredBuild, modules: Gathered): Held['builds'][number] {
  const { objects, gaps } = together(own.modules === null ? [own] : [own, modules]);
  return { ...own.build, needs: objects.map(keyOf), gaps: [...gaps] };
}

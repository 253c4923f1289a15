import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../../system/make-folders.ts';
import { streamOf } from '../../bundle/locate-files.ts';
import { archiveOf, bytesOf, layoutOf } from '../../bundle/use/image-archive.ts';
import type { BundledImage } from '../../bundle/use/bundled-image.ts';
import { keyOf } from '../../bundle/use/needs.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { toFileError } from '../../system/file-error.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { pathInside } from '../../system/files/safe-path.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { chosenBuilder } from '../../make/engine/chosen-builder.ts';
import { openForReading } from '../../system/files/open-for-reading.ts';
import type { Io } from '../stage/io.ts';
import type { Applied } from '../stage/stages.ts';
import { docker } from './engine-docker.ts';
import { MOUNTED } from './bundle-mirrors.ts';
import { layoutDir } from '../../bundle/use/image-contexts.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';

/**
 * Hands what a bundle has to the build: packages and modules into the tree, images to the engine, or into a folder for another builder.
 *
 * @returns words for the step
 * @throws MobyBuildError `bundle-not-loaded` (6); as `toFileError`
 */
export async function handBundle(from: Applied, io: Io, bundle: UsedBundle): Promise<readonly string[]> {
  const files = await placeFiles(from.source.dir, filesOf(bundle));
  const engine = from.machine.is === 'checked' ? from.machine.engine : null;
  const builder = chosenBuilder(from.options.builders[0], io.env, engine);
  if (builder === undefined) await loadImages(from, io, bundle);
  else await writeLayout(from, bundle);
  return [MESSAGES.packagesOfBundle(files), MESSAGES.imagesOfBundle(from.bundled.length)];
}

/** A file of a mounted folder, and how its bytes come. */
type Placed = readonly [path: string, open: () => AsyncIterable<Uint8Array>];

/** The packages and modules of the build of a bundle. */
function filesOf({ located, build }: UsedBundle): readonly Placed[] {
  const needs = new Set(build.needs);
  const mine = located.verified.contents.objects.filter(
    (object) => (object.kind === 'apt' || object.kind === 'gomod') && needs.has(keyOf(object)),
  );
  const paths = new Set(mine.flatMap(({ files }) => files));
  return [...paths].flatMap((path): Placed[] => {
    const place = located.files.get(path);
    return place === undefined ? [] : [[path, () => streamOf(place)]];
  });
}

/**
 * Puts packages and modules where `patches/99-bundle.yaml` mounts them; what lay there goes.
 *
 * @param dir of the tree
 * @param files by their paths in a bundle: `apt/…`, `go/…`
 * @returns how many files
 * @throws MobyBuildError as `toFileError`
 */
export async function placeFiles(dir: string, files: readonly Placed[]): Promise<number> {
  for (const { path } of Object.values(MOUNTED)) {
    const at = await pathInside(dir, path);
    await removeTree(at);
    // A step mounts it, whether there is something in it or not.
    await makeFolders(at);
  }
  for (const [path, open] of files) {
    throwIfStopping();
    const to = await pathInside(dir, `${dirname(MOUNTED.apt.path)}/${path}`);
    try {
      await makeFolders(dirname(to));
      await writeFile(to, open());
    } catch (cause) {
      throw toFileError(cause, to);
    }
  }
  for (const { path } of Object.values(MOUNTED)) await openForReading(await pathInside(dir, path));
  return files.length;
}

/** Loads the images that the engine does not have, and then holds each against the bundle: an engine takes a tag at its word. */
async function loadImages(from: Applied, io: Io, { located, file }: UsedBundle): Promise<void> {
  const missing: BundledImage[] = [];
  for (const image of from.bundled) if (!(await isThere(from, io, image))) missing.push(image);
  if (missing.length === 0) return;
  const archive = join(dirname(from.logFile), 'bundle-images.tar');
  try {
    await pipeline(Readable.from(archiveOf(located, missing)), createWriteStream(archive));
    await docker(from, io, 'load', '--input', archive);
  } catch (cause) {
    throw toFileError(cause, archive);
  } finally {
    await removeTree(archive);
  }
  for (const image of missing) {
    if (await isThere(from, io, image)) continue;
    throw new MobyBuildError({
      code: 'bundle-not-loaded',
      exitCode: EXIT.build,
      message: `The engine does not have ${image.name} as ${file} has it, though it was loaded.`,
      where: image.name,
      hint: 'docker image inspect shows what it has under this name.',
      command: `docker image inspect ${image.name}`,
    });
  }
}

/** An engine calls an image by its configuration; one with containerd's store by its manifest (moby, daemon/containerd/image.go). */
async function isThere(from: Applied, io: Io, { name, config, manifest }: BundledImage): Promise<boolean> {
  const { exitCode, stdout } = await docker(from, io, 'image', 'inspect', '--format', '{{.Id}}', name);
  return exitCode === 0 && [config, manifest].includes(stdout.trim());
}

/** For a builder: the images as a folder, which buildx sends. */
async function writeLayout({ logFile, bundled }: Applied, { located }: UsedBundle): Promise<void> {
  const dir = layoutDir(logFile);
  await removeTree(dir);
  for (const entry of layoutOf(located, bundled)) {
    throwIfStopping();
    const to = join(dir, entry.path);
    try {
      await makeFolders(dirname(to));
      await writeFile(to, bytesOf(entry));
    } catch (cause) {
      throw toFileError(cause, to);
    }
  }
}

import { createWriteStream, readFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../../system/make-folders.ts';
import { filesOfPackage, PackageFault } from '../../base/files/archive-of-files.ts';
import { ownFiles } from '../../base/files/own-files.ts';
import { rootTree } from '../../base/files/root-tree.ts';
import { entryBlocks, readEntries, TAR_END, type FileEntry } from '../../base/files/tar-entries.ts';
import { toolchainFiles } from '../../base/golang/toolchain.ts';
import type { ReadyBase, ReadyPackage } from '../../base/ready-base.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { BASE_FOLDER } from '../../names.ts';
import { NEXT } from '../../next-command.ts';
import { toFileError } from '../../system/file-error.ts';
import { openForReading } from '../../system/files/open-for-reading.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { pathInside } from '../../system/files/safe-path.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import type { SourceTree } from '../stage/stages.ts';

/**
 * Puts the parts of the base images into the tree that is built, where its first stages take them: the packages, the essential ones unpacked as one tar file,
 * and Go. They are no part of the patched tree, as the components are none.
 *
 * @throws MobyBuildError `base-not-fetched` (5) for a package that cannot be unpacked; as `toFileError`
 */
export async function placeBase({ dir }: SourceTree, base: ReadyBase): Promise<void> {
  const root = await pathInside(dir, BASE_FOLDER);
  for (const [folder, packages] of [
    ['essential', base.essential],
    ['more', base.more],
  ] as const)
    await placePackages(join(root, 'packages', folder), packages);
  const installed: FileEntry[][] = [];
  for (const each of base.essential) {
    throwIfStopping();
    installed.push(await unpacked(each));
  }
  await writeTarFile(join(root, 'root.tar'), rootTree(installed, ownFiles(base)));
  await writeTarFile(join(root, 'go.tar'), goFiles(base.go));
  await openForReading(root);
}

/** Takes them away again, for the tree to be patched anew; the script beside the packages is of the patch. */
export async function removePlacedBase({ dir }: Pick<SourceTree, 'dir'>): Promise<void> {
  const placed = ['packages/essential', 'packages/more', 'root.tar', 'go.tar'];
  for (const path of placed) await removeTree(await pathInside(dir, `${BASE_FOLDER}/${path}`));
}

async function placePackages(folder: string, packages: readonly ReadyPackage[]): Promise<void> {
  await removeTree(folder);
  try {
    await makeFolders(folder);
    for (const { file } of packages) {
      throwIfStopping();
      await copyFile(file, join(folder, basename(file)));
    }
  } catch (cause) {
    throw toFileError(cause, folder);
  }
}

async function unpacked({ file, name }: ReadyPackage): Promise<FileEntry[]> {
  const data = await readFile(file).catch((cause: unknown) => {
    throw toFileError(cause, file);
  });
  try {
    return [...readEntries(await filesOfPackage(data))];
  } catch (cause) {
    if (!(cause instanceof PackageFault)) throw cause;
    throw new MobyBuildError({
      code: 'base-not-fetched',
      exitCode: EXIT.network,
      message: `The package ${name} has the checksum that its suite lists, and cannot be unpacked: ${cause.message}.`,
      where: file,
      hint: 'It may be of a form that is newer than this moby-build.',
      command: NEXT.doctor(),
      cause,
    });
  }
}

/** Go as its release has it; or a link to where Debian's packages put it. */
function goFiles(go: ReadyBase['go']): Iterable<FileEntry> {
  if ('zip' in go) return toolchainFiles(readFileSync(go.zip), go.version, () => undefined);
  const link = { path: 'go', type: 'link', link: go.folder, mode: 0o777, uid: 0, gid: 0, time: 0 } as const;
  return [{ ...link, data: new Uint8Array() }];
}

async function writeTarFile(to: string, entries: Iterable<FileEntry>): Promise<void> {
  try {
    await makeFolders(dirname(to));
    await pipeline(Readable.from(blocksOf(entries)), createWriteStream(to));
  } catch (cause) {
    throw toFileError(cause, to);
  }
}

function* blocksOf(entries: Iterable<FileEntry>): Generator<Uint8Array, void, undefined> {
  for (const entry of entries) {
    throwIfStopping();
    yield* entryBlocks(entry).filter(({ length }) => length > 0);
  }
  yield TAR_END;
}

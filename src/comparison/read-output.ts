import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hashFile } from '../artifacts/checksums.ts';
import { listBinaries } from '../artifacts/list-binaries.ts';
import { MANIFEST_NAME } from '../artifacts/manifest-name.ts';
import { parseManifest, readManifestIn, type Manifest, type ReadManifest } from '../artifacts/manifest.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { toFileError } from '../system/file-error.ts';
import { packageKind } from './package-kind.ts';
import { unpackPackage } from './unpack-package.ts';
import type { Output, OutputFile } from './compare-outputs.ts';

/** No manifest is longer. */
const LONGEST_MANIFEST = 64 * 1024 * 1024;
const NOT_KNOWN = 'It is no folder, no tgz, no deb and no whole manifest of moby-build.';

/**
 * Reads an output: a folder that a build made, the manifest of one, or a package (tgz, deb), which is unpacked below `temp`.
 *
 * @throws MobyBuildError `not-an-output` (exit 2) for what is none of these or holds nothing to compare; as `toFileError` says (3, 1);
 * `no-such-program` (3) without tar or dpkg-deb
 */
export async function readOutput(path: string, temp: string): Promise<Output> {
  const facts = await stat(path).catch((cause: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw notAnOutput(path, 'There is no such file or folder.', cause);
    throw toFileError(cause, path);
  });
  if (facts.isDirectory()) return readFolder(path);
  if (!facts.isFile()) throw notAnOutput(path, 'It is neither a file nor a folder.');
  const kind = packageKind(path);
  if (kind === 'tgz' || kind === 'deb') return readPackage(path, kind, temp);
  if (facts.size > LONGEST_MANIFEST) throw notAnOutput(path, NOT_KNOWN);
  return readManifestFile(path);
}

async function readFolder(path: string): Promise<Output> {
  const manifest = manifestOf(await readManifestIn(path), path);
  const { binaries } = await listBinaries(path);
  if (binaries.length === 0 && manifest === null)
    throw notAnOutput(path, 'The folder holds no binaries and no manifest.');
  const files = await Promise.all(
    binaries.map(async ({ name, path: at, bytes }) => ({ name, bytes, path: at, sha256: await hashFile(at) })),
  );
  return { path, kind: 'folder', manifest, files };
}

/** A manifest may lie beside its binaries; it is what was named, so nothing else is looked at. */
async function readManifestFile(path: string): Promise<Output> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw toFileError(cause, path);
  });
  const read = parseManifest(text);
  if (read.kind !== 'read') throw notAnOutput(path, NOT_KNOWN);
  const files = read.manifest.binaries.map(({ name, sha256, bytes }) => ({ name, sha256, bytes, path: null }));
  return { path, kind: 'manifest', manifest: read.manifest, files };
}

/** A package holds more than binaries: each of its files is compared, by its path, or by its name where that is alone. */
async function readPackage(path: string, kind: 'tgz' | 'deb', temp: string): Promise<Output> {
  const { dir, reason } = await unpackPackage(path, kind, temp);
  if (dir === null) throw notAnOutput(path, reason);
  const found = await filesBelow(dir, '');
  const own = found.find((name) => basename(name) === MANIFEST_NAME);
  const manifest = own === undefined ? null : manifestOf(await readManifestIn(join(dir, dirname(own))), path);
  const names = found.map((name) => basename(name));
  const files = await Promise.all(
    found
      .filter((name) => name !== own)
      .map(async (name): Promise<OutputFile> => {
        const at = join(dir, name);
        const last = basename(name);
        const alone = names.filter((other) => other === last).length === 1;
        return { name: alone ? last : name, path: at, bytes: (await lstat(at)).size, sha256: await hashFile(at) };
      }),
  );
  if (files.length === 0) throw notAnOutput(path, 'The package holds no files.');
  return { path, kind, manifest, files };
}

/** Regular files; links are followed nowhere. */
async function filesBelow(dir: string, under: string): Promise<readonly string[]> {
  const entries = await readdir(join(dir, under), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = join(under, entry.name);
      if (entry.isDirectory()) return filesBelow(dir, name);
      return entry.isFile() ? [name] : [];
    }),
  );
  return found.flat().sort();
}

function manifestOf(read: ReadManifest, path: string): Manifest | null {
  if (read.kind === 'broken') throw notAnOutput(path, `Its manifest cannot be used: ${read.reason}.`);
  return read.kind === 'read' ? read.manifest : null;
}

function notAnOutput(path: string, reason: string, cause?: unknown): MobyBuildError {
  return new MobyBuildError({
    code: 'not-an-output',
    exitCode: EXIT.usage,
    message: `${path} cannot be compared. ${reason}`,
    where: path,
    hint: 'Name the folder that a build made, its manifest.json, or a package (.tgz, .deb).',
    command: NEXT.help('compare'),
    cause,
  });
}

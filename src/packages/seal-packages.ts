import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { hashFile } from '../artifacts/checksums.ts';
import { jsonOf } from '../artifacts/kept-file.ts';
import { parseManifest, type Manifest } from '../artifacts/manifest.ts';
import { MANIFEST_NAME } from '../artifacts/manifest-name.ts';
import { parseSums, sha256Of, SUMS_NAME, type Sums } from '../artifacts/sha256sums.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { readInputsText } from '../inventory/build-inputs.ts';
import { LOCK_FILE_NAME, parseLock } from '../lockfile/lock-file.ts';
import { makeStatement, statementText, type Subject } from '../provenance/make-statement.ts';
import { STATEMENT_NAME, statementSchema } from '../provenance/statement-schema.ts';
import { aboutBuild, sealSums } from '../signing/seal.ts';
import type { Signer } from '../signing/secret-key.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { textIfThere } from '../system/files/if-there.ts';
import { toFileError } from '../system/file-error.ts';

export interface SealRequest {
  /** The out dir that was packed. */
  readonly dir: string;
  /** Where the packages went. */
  readonly to: string;
  /** Absolute paths of what was made: packages, and the configurations of nfpm. */
  readonly files: readonly string[];
  /** Folders of sources for nfpm, whose files are listed too. */
  readonly folders: readonly string[];
  readonly signer: Signer | null;
}

/**
 * Writes beside packages where they came from, and their checksums, which name what earlier calls put there, too. Returns the paths of
 * what was written.
 *
 * @throws MobyBuildError `out-dir-in-way` (exit 2) where SHA256SUMS there is something else; as `toFileError` says
 */
export async function sealPackages({ dir, to, files, folders, signer }: SealRequest): Promise<readonly string[]> {
  const manifestText = await readFile(join(dir, MANIFEST_NAME), 'utf8').catch((cause: unknown) => {
    throw toFileError(cause, dir);
  });
  const read = parseManifest(manifestText);
  if (read.kind !== 'read') throw new Error('the out dir was read before it was packed');
  const { manifest } = read;
  const earlier = await earlierSums(to);
  const made = [...files, ...(await filesBelow(folders))].map((path) => relative(to, path)).sort();
  const sums = new Map(earlier);
  // Of a folder that is written anew nothing of before stays.
  for (const path of earlier.keys())
    if (folders.some((folder) => path.startsWith(`${relative(to, folder)}/`))) sums.delete(path);
  for (const path of made) sums.set(path, await hashFile(join(to, path)));
  const name = statementNameOf(manifest);
  const lockText = await textIfThere(join(dir, LOCK_FILE_NAME));
  const packages = [
    ...(await earlierPackages(join(to, name), sha256Of(manifestText), sums, made)),
    ...made.filter(isPackage).map((path) => ({ name: path, digest: { sha256: sums.get(path) ?? '' } })),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
  const lock = lockText === null ? null : parseLock(lockText, join(dir, LOCK_FILE_NAME));
  const text = statementText(
    makeStatement({ manifest, manifestText, lock, lockText, ...(await readInputsText(dir)), packages }),
  );
  await writeFileAtomic(join(to, name), text);
  sums.set(name, sha256Of(text));
  const about = `packages of ${aboutBuild(manifest)}`;
  const signature = await sealSums(to, sums, { signer, about, owner: null });
  return [join(to, name), join(to, SUMS_NAME), ...(signature === null ? [] : [signature])];
}

/** `moby-v20.10.24-linux-arm64.provenance.json`: packages of several builds may lie in one folder. Pure. */
function statementNameOf({ ref, platform }: Pick<Manifest, 'ref' | 'platform'>): string {
  return `moby-${ref}-${platform}`.replace(/[^\w.+-]+/gu, '-').concat(`.${STATEMENT_NAME}`);
}

function isPackage(path: string): boolean {
  return /^[^/]+\.(?:tgz|deb|rpm)$/u.test(path);
}

async function earlierSums(to: string): Promise<Sums> {
  const text = await textIfThere(join(to, SUMS_NAME));
  if (text === null) return new Map();
  const sums = parseSums(text);
  if (sums === null)
    throw new MobyBuildError({
      code: 'out-dir-in-way',
      exitCode: EXIT.usage,
      message: `${join(to, SUMS_NAME)} is no list of sha256sum, and the checksums of the packages go there.`,
      where: to,
      hint: 'Name another folder with --out DIR, or move the file away.',
    });
  const there = new Set(await readdir(to, { recursive: true }));
  return new Map([...sums].filter(([path]) => there.has(path)));
}

/** The packages of another format that an earlier call made of the same build. */
async function earlierPackages(
  path: string,
  manifestSha256: string,
  sums: Sums,
  made: readonly string[],
): Promise<readonly Subject[]> {
  const read = statementSchema.safeParse(jsonOf((await textIfThere(path)) ?? ''));
  if (!read.success) return [];
  const { subject, predicate } = read.data;
  const same = (predicate.runDetails.byproducts ?? []).some(({ digest }) => digest?.['sha256'] === manifestSha256);
  if (!same) return [];
  return subject.filter(
    ({ name, digest }) => isPackage(name) && !made.includes(name) && sums.get(name) === digest['sha256'],
  );
}

async function filesBelow(folders: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, basename(entry.name)));
    }),
  );
  return found.flat();
}

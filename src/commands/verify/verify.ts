import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readManifestIn } from '../../artifacts/manifest.ts';
import { MANIFEST_NAME } from '../../artifacts/manifest-name.ts';
import { sha256Of, type Sums } from '../../artifacts/sha256sums.ts';
import { anything, verifyDirectory, type Expected } from '../../artifacts/verify.ts';
import { packageKind } from '../../comparison/package-kind.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { pinFor } from '../../moby/pins.ts';
import { checkStatement, type PackageEvidence } from '../../provenance/check-statement.ts';
import { checkSealedSums, isSignedBeside } from '../../signing/check-sums.ts';
import type { PublicKey } from '../../signing/key-file.ts';
import { loadPublicKey } from '../../signing/load-key.ts';
import { NEXT } from '../../next-command.ts';
import { whyUnreadable } from '../../system/file-error.ts';
import type { BinaryFacts, CheckResult } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { totalsOfChecks } from '../context/check-totals.ts';
import type { VerifyDocument } from './document.ts';
import { verifyPackage, type VerifiedPackage } from './verify-package.ts';

export interface VerifyReport {
  readonly command: 'verify';
  readonly directory: string;
  readonly checks: readonly CheckResult[];
  readonly binaries: readonly BinaryFacts[];
}

/**
 * `moby-build verify DIR|PACKAGE`: what the binaries are, held against the manifest and the checksums beside them, against `--arch`, `--key`
 * and `--provenance`. Asks nobody, and writes nothing.
 *
 * @throws MobyBuildError exit 2: `no-such-directory`, `no-such-file`, `bad-key`
 */
export async function verify(context: CommandContext, directory: string): Promise<VerifyReport> {
  const { provenance, arch, key: keyName } = context.options;
  // What is named and not there is told before anything is looked at.
  const statement = provenance === null ? null : await statementBytes(provenance);
  const key = keyName === null ? null : await loadPublicKey(keyName);
  const expected = context.isGiven('arch') ? { arch } : {};
  const found = await context.wait(MESSAGES.verify, () => find(directory, key, expected));
  const ofStatement = statement === null ? [] : await statementChecks(directory, found, statement, key, provenance);
  const checks = [...found.checks, ...ofStatement];
  const { binaries } = found;
  Object.assign(context.document, {
    directory,
    checks,
    binaries,
    totals: totalsOfChecks(checks),
  } satisfies VerifyDocument);
  return { command: 'verify', directory, checks, binaries };
}

interface Found {
  readonly checks: readonly CheckResult[];
  readonly binaries: readonly BinaryFacts[];
  /** The list of checksums, where it is signed by the key. */
  readonly signed: Sums | null;
  /** null: a folder of binaries. */
  readonly packages: readonly PackageEvidence[] | null;
}

/**
 * A package, a folder of them, or an out dir. With a key the list and its signature come first: a file that it does not vouch for is neither
 * opened nor started.
 */
async function find(path: string, key: PublicKey | null, expected: Expected): Promise<Found> {
  const one = packageKind(path) !== null && (await stat(path).catch(() => null))?.isFile() === true;
  const packages = one ? [path] : await packagesIn(path);
  const { checks: ofSums, signed } = one
    ? await checkSealedSums(dirname(path), key, basename(path))
    : await checkSealedSums(path, key);
  const vouched = key === null ? anything : (file: string, sha256: string) => signed?.get(file) === sha256;
  if (packages.length === 0) {
    const { checks, binaries } = await verifyDirectory(path, expected, vouched);
    return { checks: [...checks, ...ofSums], binaries, signed, packages: null };
  }
  const seen: VerifiedPackage[] = [];
  for (const each of packages) seen.push(await verifyPackage(each, expected, vouched));
  return {
    checks: [...seen.flatMap(({ checks }) => checks), ...nothingOfMoby(seen, signed), ...ofSums],
    binaries: seen.flatMap(({ binaries }) => binaries),
    signed,
    packages: seen.map(({ evidence }) => evidence),
  };
}

/** Archives that have nothing to do with moby are no success. One without programs has its place in a folder that a key vouches for. */
function nothingOfMoby(seen: readonly VerifiedPackage[], signed: Sums | null): readonly CheckResult[] {
  if (signed !== null || seen.some(({ evidence }) => evidence.programs === null || evidence.programs.length > 0))
    return [];
  const title = 'there are programs of moby in a package';
  return [{ id: 'package', title, result: 'failed', seen: 'none of them holds any', fix: null, seconds: 0 }];
}

/** The packages of a folder that has no manifest, so is no out dir. */
async function packagesIn(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch((): string[] => []);
  if (names.includes(MANIFEST_NAME)) return [];
  const packages = names.filter((name) => packageKind(name) !== null).sort();
  const paths = packages.map((name) => join(dir, name));
  const files = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => null))?.isFile() === true));
  return paths.filter((_, at) => files[at] === true);
}

async function statementBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MobyBuildError({
      code: 'no-such-file',
      exitCode: EXIT.usage,
      message: `--provenance ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`,
      where: '--provenance',
      hint: `${whyUnreadable((cause as NodeJS.ErrnoException).code)} The command provenance prints one for the folder of a build.`,
      command: NEXT.help('provenance'),
      cause,
    });
  }
}

async function statementChecks(
  directory: string,
  { binaries, signed, packages }: Found,
  statement: Uint8Array,
  key: PublicKey | null,
  file: string | null,
): Promise<readonly CheckResult[]> {
  const read = packages === null ? await readManifestIn(directory) : null;
  // The statement is one of the files that a signed list names, or has a signature of its own.
  const listed = signed !== null && [...signed.values()].includes(sha256Of(statement));
  const vouched = key !== null && (listed || (await isSignedBeside(file ?? '', statement, key)));
  return checkStatement(Buffer.from(statement).toString('utf8'), {
    binaries: binaries.map(({ name, path, sha256 }) => ({ name, sha256, file: basename(path) })),
    manifest: read?.kind === 'read' ? read.manifest : null,
    commitOf: (ref) => pinFor(ref)?.commit ?? null,
    signedBy: vouched ? key.id : null,
    packages,
  });
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileFormat } from '../artifacts/elf/elf.ts';
import { listBinaries } from '../artifacts/list-binaries.ts';
import { readManifestIn, type Manifest, type ReadManifest } from '../artifacts/manifest.ts';
import { hasFailed, verifyDirectory } from '../artifacts/verify.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { checkSealedSums } from '../signing/check-sums.ts';
import type { PackedBinary } from './content/entry.ts';

/** What a build left, checked. */
export interface Output {
  readonly manifest: Manifest;
  readonly binaries: readonly PackedBinary[];
}

const WHY: Readonly<Record<Exclude<ReadManifest['kind'], 'read' | 'broken'>, string>> = {
  none: 'it has no manifest.json',
  unfinished: 'the build that fills it has not come to its end',
};

/**
 * Reads an out dir and holds its binaries against its manifest: nothing is packed that a build did not write.
 *
 * @param arch GOARCH that the user wants, if any
 * @throws MobyBuildError `not-an-output`, `no-such-directory` (exit 2); `verify-failed` (exit 7)
 */
export async function readOutput(dir: string, arch: string | undefined): Promise<Output> {
  // First: a path that is no directory has its own words.
  const { binaries } = await listBinaries(dir);
  const read = await readManifestIn(dir);
  if (read.kind !== 'read') throw notAnOutput(dir, read.kind === 'broken' ? read.reason : WHY[read.kind]);
  const { platform } = read.manifest;
  if (arch !== undefined && platform !== `linux/${arch}`) throw otherArch(dir, platform, arch);
  const [{ checks: ofFiles }, { checks: ofSums }] = [
    await verifyDirectory(dir, { arch }),
    await checkSealedSums(dir, null),
  ];
  const checks = [...ofFiles, ...ofSums];
  if (hasFailed(checks)) {
    const failed = checks.filter(({ result }) => result === 'failed');
    throw new MobyBuildError({
      code: 'verify-failed',
      exitCode: EXIT.output,
      message: `${dir} is not as its build left it, so it is not packed:\n${failed.map(({ title, seen }) => `  ${title}: ${seen}`).join('\n')}`,
      where: dir,
      command: NEXT.verify(dir),
    });
  }
  const recorded = new Set(read.manifest.binaries.map(({ name }) => name));
  return { manifest: read.manifest, binaries: binaries.filter(({ name }) => recorded.has(name)) };
}

function otherArch(dir: string, platform: string, arch: string): MobyBuildError {
  return new MobyBuildError({
    code: 'verify-failed',
    exitCode: EXIT.output,
    message: `${dir} is a build for ${platform}, and linux/${arch} is wanted.`,
    where: '--arch',
    hint: 'A package is for the architecture of its binaries: leave --arch out, or name the folder of that build.',
    command: NEXT.verify(dir),
  });
}

function notAnOutput(dir: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'not-an-output',
    exitCode: EXIT.usage,
    message: `${dir} is not the output of a finished build: ${why}.`,
    where: dir,
    hint: 'Name the folder that a build made: its last line on stdout.',
    command: NEXT.help('pack'),
  });
}

/**
 * The libraries that binaries name (DT_NEEDED, and the loader), and the newest version of glibc that they ask for (`GLIBC_2.34` among the names of
 * versions, LSB Core, "Symbol Versioning"); null where none is dynamic.
 */
export async function neededLibraries(
  binaries: readonly PackedBinary[],
): Promise<{ readonly sonames: readonly string[]; readonly glibc: string | null }> {
  const sonames = new Set<string>();
  const versions = new Set<number>();
  for (const { path } of binaries) {
    const format = fileFormat(path);
    if (format.kind !== 'elf' || format.static) continue;
    // A program may name its loader and no library.
    for (const name of [...format.needed, ...(format.interpreter === null ? [] : [basename(format.interpreter)])])
      sonames.add(name);
    const text = (await readFile(path)).toString('latin1');
    for (const [, minor] of text.matchAll(/\0GLIBC_2\.(\d{1,3})(?:\.\d+)?(?=\0)/gu)) versions.add(Number(minor));
  }
  const newest = [...versions].sort((a, b) => b - a)[0];
  return { sonames: [...sonames].sort(), glibc: newest === undefined ? null : `2.${String(newest)}` };
}

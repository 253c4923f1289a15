import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { hashFile } from '../../artifacts/checksums.ts';
import { listBinaries } from '../../artifacts/list-binaries.ts';
import { verifyDirectory, type Expected } from '../../artifacts/verify.ts';
import { packageKind } from '../../comparison/package-kind.ts';
import { unpackPackage } from '../../comparison/read-output.ts';
import { MobyBuildError } from '../../errors.ts';
import type { PackageEvidence } from '../../provenance/check-statement.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import type { BinaryFacts, CheckResult } from '../../types.ts';

/** Where a package has programs. */
const PROGRAM_FOLDERS = ['docker', 'docker-rootless-extras', 'usr/bin'];

export interface VerifiedPackage {
  readonly checks: readonly CheckResult[];
  /** Their paths begin with the package. */
  readonly binaries: readonly BinaryFacts[];
  readonly evidence: PackageEvidence;
}

/** Looks at the programs in a package. A package that cannot be read is a failed check; else throws as `verifyDirectory` says. */
export async function verifyPackage(path: string, expected: Expected): Promise<VerifiedPackage> {
  const file = basename(path);
  const sha256 = await hashFile(path);
  const { checks, binaries } = await lookInside(path, expected);
  const opened = !checks.some(({ id, result }) => id === 'package' && result !== 'ok');
  const programs = binaries.map((binary) => ({ name: binary.name, file: binary.name, sha256: binary.sha256 }));
  return { checks, binaries, evidence: { file, sha256, programs: opened ? programs : null } };
}

type Inside = Pick<VerifiedPackage, 'checks' | 'binaries'>;

async function lookInside(path: string, expected: Expected): Promise<Inside> {
  const kind = packageKind(path);
  const check = (result: CheckResult['result'], seen: string): CheckResult => ({
    ...{ id: 'package', title: `${basename(path)} can be read`, result, seen, fix: null, seconds: 0 },
  });
  if (kind !== 'tgz' && kind !== 'deb')
    return { checks: [check('skipped', 'an rpm is not unpacked; rpm -qlp shows what is in it')], binaries: [] };
  const temp = makeTempDir('verify');
  try {
    const root = await unpackPackage(path, kind, temp.path);
    const folders = PROGRAM_FOLDERS.filter((folder) => existsSync(join(root, folder)));
    const found = await Promise.all(
      folders.map(async (folder) => {
        const dir = join(root, folder);
        const names = (await listBinaries(dir)).binaries.map(({ name }) => name);
        return verifyDirectory(dir, { names, ...expected });
      }),
    );
    const binaries = found.flatMap((each) => each.binaries);
    return {
      checks: [
        check('ok', binaries.length === 0 ? 'it holds no programs' : folders.join(', ')),
        ...found.flatMap((each) => each.checks).filter(({ id }) => id !== 'manifest' && id !== 'checksums'),
      ],
      binaries: binaries.map((binary) => ({ ...binary, path: `${path}/${relative(root, binary.path)}` })),
    };
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'not-an-output')
      return { checks: [check('failed', cause.message)], binaries: [] };
    throw cause;
  } finally {
    temp.remove();
  }
}

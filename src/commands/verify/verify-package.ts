import { lstatSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { hashFile } from '../../artifacts/checksums.ts';
import { listBinaries } from '../../artifacts/list-binaries.ts';
import { verifyDirectory, type Expected, type Vouching } from '../../artifacts/verify.ts';
import { packageKind } from '../../comparison/package-kind.ts';
import { unpackPackage } from '../../comparison/unpack-package.ts';
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

/**
 * Looks at the programs in a package, which is opened only where `vouched` says yes. A package that cannot be read is a failed check; else throws as
 * `verifyDirectory` says.
 */
export async function verifyPackage(path: string, expected: Expected, vouched: Vouching): Promise<VerifiedPackage> {
  const file = basename(path);
  const sha256 = await hashFile(path);
  const { checks, binaries } = await lookInside(path, expected, vouched(file, sha256));
  const opened = !checks.some(({ id, result }) => id === 'package' && result !== 'ok');
  const programs = binaries.map((binary) => ({ name: binary.name, file: binary.name, sha256: binary.sha256 }));
  return { checks, binaries, evidence: { file, sha256, programs: opened ? programs : null } };
}

type Inside = Pick<VerifiedPackage, 'checks' | 'binaries'>;

async function lookInside(path: string, expected: Expected, vouched: boolean): Promise<Inside> {
  const kind = packageKind(path);
  const only = (result: CheckResult['result'], seen: string): Inside => ({
    checks: [packageCheck(path, result, seen)],
    binaries: [],
  });
  if (!vouched) return only('skipped', 'not unpacked: the key does not vouch for it');
  if (kind !== 'tgz' && kind !== 'deb') return only('skipped', 'an rpm is not unpacked; rpm -qlp shows what is in it');
  const temp = makeTempDir('verify');
  try {
    const { dir: root, reason } = await unpackPackage(path, kind, temp.path);
    if (root === null) return only('failed', reason);
    const linked = PROGRAM_FOLDERS.find((folder) => kindOf(root, folder) === 'link');
    if (linked !== undefined) return only('failed', `${linked} in it is a link, and may lead anywhere`);
    const folders = PROGRAM_FOLDERS.filter((folder) => kindOf(root, folder) === 'folder');
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
        packageCheck(path, 'ok', binaries.length === 0 ? 'it holds no programs' : folders.join(', ')),
        ...found.flatMap((each) => each.checks).filter(({ id }) => id !== 'manifest' && id !== 'checksums'),
      ],
      binaries: binaries.map((binary) => ({ ...binary, path: `${path}/${relative(root, binary.path)}` })),
    };
  } finally {
    temp.remove();
  }
}

/** What stands at a path below a folder. A link on the way is the end of it. */
function kindOf(root: string, path: string): 'folder' | 'link' | null {
  const parts = path.split('/');
  for (const at of parts.keys()) {
    const facts = lstatSync(join(root, ...parts.slice(0, at + 1)), { throwIfNoEntry: false });
    if (facts?.isSymbolicLink() === true) return 'link';
    if (facts?.isDirectory() !== true) return null;
  }
  return 'folder';
}

function packageCheck(path: string, result: CheckResult['result'], seen: string): CheckResult {
  return { id: 'package', title: `${basename(path)} can be read`, result, seen, fix: null, seconds: 0 };
}

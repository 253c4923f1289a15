import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../artifacts/checksums.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { programsOnPath } from '../make/engine/programs-on-path.ts';
import { run } from '../system/process/run.ts';
import { debControl } from './content/control.ts';
import type { Entry } from './content/entry.ts';
import type { Metadata } from './content/metadata.ts';
import { POSTINST, POSTRM } from './content/scripts.ts';
import { rpmArchOf, rpmSpec } from './content/spec.ts';
import { stageRoot } from './stage-root.ts';

/** A program that makes packages. */
export type Packer = 'dpkg-deb' | 'rpmbuild' | 'nfpm';

/** Of each format the format's own tool, which its distributions have, then nfpm; and what installs one. */
const PACKERS = {
  deb: { names: ['dpkg-deb', 'nfpm'], install: 'apt-get install dpkg' },
  rpm: { names: ['rpmbuild', 'nfpm'], install: 'dnf install rpm-build (Debian: apt-get install rpm)' },
} as const satisfies Readonly<Record<string, { readonly names: readonly Packer[]; readonly install: string }>>;

/** The program that will make a package. @throws MobyBuildError `no-such-program` (exit 3) where there is none */
export function choosePacker(format: 'deb' | 'rpm', env: Readonly<Record<string, string | undefined>>): Packer {
  const { names, install } = PACKERS[format];
  const found = names.find((name) => programsOnPath(name, env['PATH'] ?? '').length > 0);
  if (found !== undefined) return found;
  throw new MobyBuildError({
    code: 'no-such-program',
    exitCode: EXIT.machine,
    message: `A ${format} is made by ${names.join(' or ')}, and neither is on PATH.`,
    where: names[0],
    hint: `To install one: ${install}. An archive needs none: --format tgz.`,
  });
}

/** What a packer works on. */
export interface PackJob {
  readonly metadata: Metadata;
  readonly entries: readonly Entry[];
  readonly seconds: number;
  /** A temporary directory of ours. */
  readonly temp: string;
  /** Where the package goes. */
  readonly to: string;
  /** The configuration that is written beside the packages. */
  readonly nfpmYaml: string;
}

/** Makes one package. Throws as `run` says, with the tool's own words. */
export async function makePackage(packer: Packer, format: 'deb' | 'rpm', job: PackJob): Promise<void> {
  const { to, seconds, nfpmYaml } = job;
  const env = { SOURCE_DATE_EPOCH: String(seconds), LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  if (packer === 'nfpm') {
    await run({ file: 'nfpm', args: ['package', '-f', nfpmYaml, '-p', format, '-t', to], env });
    return;
  }
  const root = join(job.temp, 'root');
  if (packer === 'dpkg-deb') {
    await stageDeb(root, job);
    // xz: what every dpkg and its signing tools read.
    await run({ file: 'dpkg-deb', args: ['--root-owner-group', '-Zxz', '--build', root, to], env });
    return;
  }
  await stageRoot(root, job.entries, seconds);
  await runRpmbuild(root, job, env);
}

async function stageDeb(root: string, { metadata, entries, seconds }: PackJob): Promise<void> {
  const bytes = await stageRoot(root, entries, seconds);
  const sums = await Promise.all(
    entries.map(async ({ path }) => `${await hashFile(join(root, path), 'md5')}  ${path}\n`),
  );
  const conffiles = entries.flatMap(({ path, config }) => (config === true ? [`/${path}\n`] : []));
  const script = (name: string, text: string): Entry => ({ path: `DEBIAN/${name}`, mode: 0o755, from: { text } });
  const member = (name: string, text: string): Entry => ({ ...script(name, text), mode: 0o644 });
  await stageRoot(
    root,
    [
      member('control', debControl(metadata, bytes)),
      member('md5sums', sums.join('')),
      ...(conffiles.length === 0 ? [] : [member('conffiles', conffiles.join(''))]),
      script('postinst', POSTINST),
      script('postrm', POSTRM),
    ],
    seconds,
  );
}

async function runRpmbuild(
  root: string,
  { metadata, entries, temp, to }: PackJob,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const spec = join(temp, 'package.spec');
  const out = join(temp, 'rpms');
  await mkdir(out);
  await writeFile(spec, rpmSpec(metadata, entries, root));
  const defines = [`_topdir ${join(temp, 'rpmbuild')}`, `_rpmdir ${out}`, `_rpmfilename package.rpm`];
  await run({
    file: 'rpmbuild',
    args: ['-bb', '--target', `${rpmArchOf(metadata)}-linux`, ...defines.flatMap((each) => ['--define', each]), spec],
    env,
  });
  await copyFile(join(out, 'package.rpm'), to);
}

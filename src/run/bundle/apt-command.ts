import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { APT_ROOT, aptRootConfig } from '../../bundle/apt/apt-root.ts';
import { knownPackages, type Installation } from '../../bundle/apt/apt-words.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { run } from '../../system/process/run.ts';
import type { ImageFacts } from './image-files.ts';

/** Reading a suite takes seconds, whoever serves it; a mirror that stands still is given up by the relay. */
const MOST_MS = 3600 * 1000;

export interface AptCommand {
  /** `apt-get update`. @returns what apt said where it failed */
  readonly update: () => Promise<string | null>;
  /** Which of some names are packages of the sources: `gcc-aarch64-linux-gnu`, and `libc6-dev:arm64` with its architecture. */
  readonly known: (names: readonly string[]) => Promise<ReadonlySet<string>>;
  /** What an installation would download. @returns what apt printed, or what it said where it failed */
  readonly uris: (wanted: Installation) => Promise<{ readonly printed: string } | { readonly fault: string }>;
}

/**
 * This machine's apt with a root of its own, in which the packages of an image count as installed; null: this machine has no apt-get.
 *
 * @param sources text of the sources.list
 * @param keyring armored keys that the plan puts in, besides those of the image
 */
export async function aptCommand(
  { status, keys }: ImageFacts,
  sources: string,
  keyring: string | null,
  config: { readonly architectures: readonly string[]; readonly expired: boolean },
): Promise<AptCommand | null> {
  const dir = makeTempDir('apt').path;
  for (const folder of APT_ROOT.folders) await makeFolders(join(dir, folder));
  await writeFile(join(dir, APT_ROOT.config), aptRootConfig(dir, config.architectures, config.expired));
  await writeFile(join(dir, APT_ROOT.sources), sources);
  await writeFile(join(dir, APT_ROOT.status), status);
  for (const [name, data] of keys) await writeFile(join(dir, APT_ROOT.keys, name), data);
  if (keyring !== null) await writeFile(join(dir, APT_ROOT.keys, 'moby-build-plan.asc'), keyring);
  const call = async (...args: readonly string[]): ReturnType<AptCommand['uris']> => {
    const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', APT_CONFIG: join(dir, APT_ROOT.config) };
    const spec = { file: 'apt-get', args, cwd: dir, env };
    const ran = await run(spec, { allowFailure: true, cleanEnv: true, timeoutMs: MOST_MS });
    // Before 2.1.9 a suite that cannot be had is a warning (apt's debian/changelog, APT::Update::Error-Mode).
    const said = /^(?:E: |W: (?:Failed to fetch|GPG error|Some index files failed)).*$/mu.exec(ran.stderr)?.[0];
    if (ran.exitCode === 0 && said === undefined) return { printed: ran.stdout };
    return { fault: said ?? 'apt-get failed' };
  };
  const there = await call('--version').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'no-such-program') return null;
    throw cause;
  });
  if (there === null) return null;
  return {
    update: async () => {
      // A suite that fails is an error of its own, and no warning (apt 2.0 on).
      const done = await call('-o', 'APT::Update::Error-Mode=any', 'update');
      return 'fault' in done ? done.fault : null;
    },
    known: async (names) => {
      if (names.length === 0) return new Set();
      // It fails where it knows none of them, and names the others where it knows some.
      const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', APT_CONFIG: join(dir, APT_ROOT.config) };
      const spec = { file: 'apt-cache', args: ['show', '--', ...names], cwd: dir, env };
      const { stdout } = await run(spec, { allowFailure: true, cleanEnv: true, timeoutMs: MOST_MS });
      return knownPackages(stdout);
    },
    uris: ({ packages, release, recommends }) =>
      call(
        ...['install', '--print-uris', '-y', '-qq', '-o', `APT::Install-Recommends=${String(recommends)}`],
        ...(release === null ? [] : ['-t', release]),
        ...['--', ...packages],
      ),
  };
}

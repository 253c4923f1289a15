import { access, constants, readFile, realpath } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { totalmem, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { diskFree } from '../system/files/disk-free.ts';
import { run } from '../system/process/run.ts';
import type { Machine, OsRelease, Program } from './context.ts';
import { readEmulation } from './emulation.ts';
import { readOsRelease } from './os-release.ts';

/** A program that does not say its version within this time is taken as being there. */
const VERSION_DEADLINE_MS = 5_000;

/** Where a daemon lies that is not on an ordinary user's PATH. */
const SYSTEM_PROGRAMS = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/snap/bin'];

/** Looks at the machine that we run on. */
export async function lookAtMachine(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Machine> {
  return {
    nodeVersion: process.versions.node,
    platform: process.platform,
    isRoot: process.geteuid?.() === 0,
    userName: currentUser(env),
    os: await osRelease(),
    systemd: existsSync('/run/systemd/system'),
    dockerdInstalled: [...(env['PATH'] ?? '').split(delimiter), ...SYSTEM_PROGRAMS].some((place) =>
      existsSync(join(place, 'dockerd')),
    ),
    memory: { ram: totalmem(), swap: await swapBytes() },
    program: (name) => findProgram(name, env),
    diskFree,
    mayWrite: async (path) => {
      const { path: nearest } = await diskFree(path);
      return access(nearest, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      );
    },
    realPath: (path) => realpath(path).catch(() => path),
    emulation: (arch) => readEmulation(arch),
  };
}

/** A container may run as a uid that no passwd names. */
function currentUser(env: Readonly<Record<string, string | undefined>>): string {
  const uid = process.getuid?.();
  const named = env['USER'] ?? env['LOGNAME'];
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return `uid ${String(uid)}`;
    throw cause;
  }
}

/** os-release(5): /etc first, /usr/lib where that is missing. */
async function osRelease(): Promise<OsRelease> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    if (existsSync(path)) return readOsRelease(await readFile(path, 'utf8'));
  }
  return readOsRelease('');
}

async function swapBytes(): Promise<number> {
  if (!existsSync('/proc/meminfo')) return 0;
  // proc(5): "SwapTotal:  2097148 kB"
  const kib = /^SwapTotal:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  return Number(kib ?? 0) * 1024;
}

async function findProgram(name: string, env: Readonly<Record<string, string | undefined>>): Promise<Program | null> {
  for (const directory of (env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = join(directory, name);
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!runnable) continue;
    const said = await run(
      { file: path, args: ['--version'], env: { LC_ALL: 'C' } },
      { allowFailure: true, timeoutMs: VERSION_DEADLINE_MS, maxBytes: 64 * 1024 },
    );
    return { path, version: /\d+(?:\.\d+)+/.exec(said.stdout)?.[0] ?? null };
  }
  return null;
}

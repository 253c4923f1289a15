// @ts-check
import { execa } from 'execa';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ps } from 'zx/core';
import { LabError } from '../machine.mjs';

/**
 * @typedef {object} ExecOptions
 * @property {Record<string, string>} [env] added to the lab's own
 * @property {string} [cwd] in the lab; `/root` unless told
 * @property {number} [timeoutMs] the command is killed after it
 * @property {'pipe' | 'inherit'} [stdio] `inherit`: the caller's terminal
 * @property {string} [input]
 * @property {(line: string) => void} [onLine]
 *
 * @typedef {{exitCode: number | null, signal: string | null, stdout: string, stderr: string, seconds: number}} ExecResult
 */

/** What a command finds in the lab; nothing of this machine's own environment. */
const environment = {
  PATH: '/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  NODE_EXTRA_CA_CERTS: '/srv/lab/ca.pem',
};

/**
 * The words that run a command in the lab's namespaces.
 * @param {string} state
 * @param {string[]} argv
 * @param {{env?: Record<string, string>, cwd?: string}} [options]
 */
export function enterLab(state, argv, { env = {}, cwd = '/root' } = {}) {
  const file = join(state, 'init.pid');
  if (!existsSync(file)) throw new LabError('No lab runs. Start one with: node test/lab/lab.mjs start');
  const pid = readFileSync(file, 'utf8');
  const words = Object.entries({ ...environment, ...env }).map(([name, value]) => `${name}=${value}`);
  // --root and --wd would name this machine's folders: in the mount namespace / is the lab's own.
  return [
    'nsenter',
    '--target',
    pid,
    '--mount',
    '--pid',
    '--net',
    '--uts',
    '--ipc',
    '--',
    'env',
    '-i',
    '-C',
    cwd,
    ...words,
    ...argv,
  ];
}

/**
 * @param {string} state
 * @param {string[]} argv
 * @param {ExecOptions} [options]
 * @returns {Promise<ExecResult>}
 */
export async function execIn(state, argv, options = {}) {
  const started = performance.now();
  const [file = '', ...args] = enterLab(state, argv, options);
  const stdio = options.stdio ?? 'pipe';
  const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', file, ...args], {
    reject: false,
    ...(options.input === undefined ? { stdin: stdio === 'inherit' ? 'inherit' : 'ignore' } : { input: options.input }),
    stdout: stdio,
    stderr: stdio,
    maxBuffer: 256 * 1024 * 1024,
    all: options.onLine !== undefined,
    extendEnv: true,
    stripFinalNewline: false,
  });
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => void endTree(child.pid), options.timeoutMs);
  const follow = (async () => {
    if (options.onLine === undefined) return;
    for await (const line of child.iterable({ from: 'all' })) options.onLine(String(line));
  })().catch(() => undefined); // Its end is told by the result.
  const result = await child;
  await follow;
  clearTimeout(timer);
  return {
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
    seconds: (performance.now() - started) / 1000,
  };
}

/**
 * Ends a command with all that it started. nsenter alone would leave them running in the lab, and our end of their pipes open: the
 * call would never settle. Stopped first, for a shell would start its next child between two kills.
 * @param {number | undefined} pid
 */
async function endTree(pid) {
  if (pid === undefined) return;
  for (const signal of /** @type {const} */ (['SIGSTOP', 'SIGKILL'])) {
    const below = await ps.tree({ pid, recursive: true });
    for (const one of [pid, ...below.map((process) => Number(process.pid))]) {
      try {
        process.kill(one, signal);
      } catch {
        // It left by itself in between.
      }
    }
  }
}

// @ts-check
import { execa } from 'execa';
import { LabError } from '../machine.mjs';

/**
 * Runs a command to its end. It dies with us: were we killed, the kernel would kill it.
 * @param {string[]} argv
 * @param {{env?: Record<string, string>, cwd?: string, log?: string, extendEnv?: boolean}} [options] `log`: a file that gets all it says
 * @returns {Promise<string>} what it wrote to stdout, without the last newline
 */
export async function run(argv, { env, cwd, log, extendEnv = true } = {}) {
  const sink =
    log === undefined ? /** @type {const} */ ('pipe') : /** @type {const} */ (['pipe', { file: log, append: true }]);
  const result = await execa('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], {
    ...(env && { env }),
    ...(cwd && { cwd }),
    extendEnv,
    stdin: 'ignore',
    stdout: sink,
    stderr: sink,
    reject: false,
  });
  if (result.failed) {
    const tail = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n').slice(-15).join('\n');
    throw new LabError(
      `${argv.slice(0, 6).join(' ')} … failed (exit ${result.exitCode ?? result.signal}):\n${tail}${log ? `\nAll of it: ${log}` : ''}`,
      { cause: result },
    );
  }
  return String(result.stdout);
}

/** Puts a command into mount and pid namespaces of its own, which end with it. @param {string[]} argv */
export function apart(argv) {
  return ['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--propagation', 'private', '--', ...argv];
}

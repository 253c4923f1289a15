import { $ } from 'zx/core';

/** Time with the unit that suits it. */
export function seconds(milliseconds) {
  const whole = Math.round(milliseconds / 1000);
  return whole < 60
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Runs Node on a program, its output straight to ours; stdin is closed, so nothing waits for an answer.
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] added to ours
 * @returns {Promise<{ok: boolean, milliseconds: number}>}
 */
export async function runNode(args, env = {}) {
  const { ok, milliseconds } = await run(args, env, 'inherit');
  return { ok, milliseconds };
}

/**
 * As `runNode`, its output kept, so that several can run at once.
 * @param {readonly string[]} args
 */
export function runNodeQuietly(args) {
  return run(args, {}, 'pipe');
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {'inherit' | 'pipe'} output
 */
async function run(args, env, output) {
  const start = Date.now();
  const result = await $({
    nothrow: true,
    verbose: false,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
  })`${process.execPath} ${args}`;
  const printed = `${result.stdout}${result.stderr}`;
  return { ok: result.exitCode === 0, milliseconds: Date.now() - start, printed };
}

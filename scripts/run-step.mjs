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
  const start = Date.now();
  const result = await $({
    nothrow: true,
    verbose: false,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })`${process.execPath} ${args}`;
  return { ok: result.exitCode === 0, milliseconds: Date.now() - start };
}

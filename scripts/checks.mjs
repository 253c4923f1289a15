import { runNodeQuietly, seconds } from './run-step.mjs';

/**
 * What `npm run check` runs, each by the program's own JavaScript file: the same Node runs it that runs us, with nothing of npm between.
 * @type {readonly {readonly title: string, readonly args: readonly string[]}[]}
 */
export const CHECKS = [
  // First the one that takes longest.
  { title: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'] },
  { title: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { title: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { title: 'dead code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
];

/** Each is one thread. */
const AT_ONCE = 2;

/**
 * Runs all checks, some at once; what each prints comes as a whole, before its line.
 * @param {readonly {readonly title: string, readonly args: readonly string[]}[]} checks
 * @returns {Promise<string[]>} the titles of those that failed
 */
export async function runChecks(checks = CHECKS) {
  /** @type {string[]} */
  const failed = [];
  const left = [...checks];
  const next = async () => {
    for (let check = left.shift(); check !== undefined; check = left.shift()) {
      const { ok, milliseconds, printed } = await runNodeQuietly(check.args);
      process.stdout.write(printed);
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.title} (${seconds(milliseconds)})`);
      if (!ok) failed.push(check.title);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return failed;
}

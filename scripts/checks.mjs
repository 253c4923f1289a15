/**
 * What `npm run check` runs, each by the program's own JavaScript file: the same Node runs it that runs us, with nothing of npm between.
 * @type {readonly {readonly title: string, readonly args: readonly string[]}[]}
 */
export const CHECKS = [
  { title: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { title: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { title: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'] },
  { title: 'dead code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
];

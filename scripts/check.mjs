// npm run check: format, lint, types, dead code, and the repo's own rules (test/unit/repo). All run, also after one has failed.
import { CHECKS, runChecks } from './checks.mjs';

const all = [
  ...CHECKS,
  {
    title: 'rules of the repo',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/repo'],
  },
];

const failed = await runChecks(all);
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${all.length} checks failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

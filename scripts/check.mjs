// npm run check: format, lint, types, dead code, and the repo's own rules (test/unit/repo). All run, also after one has failed.
import { CHECKS } from './checks.mjs';
import { runNode, seconds } from './run-step.mjs';

const all = [
  ...CHECKS,
  {
    title: 'rules of the repo',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/repo'],
  },
];

const failed = [];
for (const { title, args } of all) {
  const { ok, milliseconds } = await runNode(args);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${title} (${seconds(milliseconds)})`);
  if (!ok) failed.push(title);
}
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${all.length} checks failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

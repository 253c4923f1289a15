// Runs smoke in a process of its own, to be killed: `node --import LOADER run-smoke.mjs DIR`. One line of JSON for each event.
const { smoke } = await import('../../../src/smoke/smoke.ts');

const report = await smoke({
  dir: process.argv[2],
  onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});
process.stdout.write(`${JSON.stringify({ kind: 'done', totals: report.totals })}\n`);

// Times `smoke` on a folder of built binaries: `node --import ./test/support/typescript-loader.mjs bench/smoke.mjs DIR [RUNS]`, as root.
// Prints each run, the median, and the slowest checks of the median run. Measured, not asserted: the aim is 90 s on two cores.
import { cpus, loadavg } from 'node:os';
import { smoke } from '../src/smoke/smoke.ts';

const [dir, runs = '3'] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: bench/smoke.mjs DIR [RUNS]');

const reports = [];
for (let run = 1; run <= Number(runs); run += 1) {
  const load = loadavg()[0]?.toFixed(1);
  const report = await smoke({ dir });
  const { ok, warning, failed, skipped } = report.totals;
  process.stdout.write(
    `run ${run}: ${report.seconds.toFixed(1)} s, ${ok} ok, ${warning} warnings, ${failed} failed, ${skipped} skipped (load before ${load})\n`,
  );
  reports.push(report);
}
reports.sort((a, b) => a.seconds - b.seconds);
const median = reports[Math.floor((reports.length - 1) / 2)];
process.stdout.write(`median ${median.seconds.toFixed(1)} s on ${cpus().length} cores\n`);
for (const check of [...median.checks].sort((a, b) => b.seconds - a.seconds).slice(0, 8)) {
  process.stdout.write(`  ${check.seconds.toFixed(2).padStart(6)} s  ${check.id}\n`);
}

// npm test [SUITE…]: builds the bundle and runs the suites, each with its time; the last line counts tests over all of them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, runChecks } from './checks.mjs';
import { runNode, seconds } from './run-step.mjs';
import { countTests, failedTests } from './vitest-counts.mjs';

/** In their order. Suite package makes dist/ anew: it is over when commands are tried. */
const SUITES = ['check', 'unit', 'differential', 'package', 'real', 'lab'];
const inCI = !['', '0', 'false'].includes((process.env.CI ?? '').toLowerCase());

const wanted = process.argv.slice(2);
const strange = wanted.filter((name) => !SUITES.includes(name));
if (strange.length > 0) {
  console.error(`no such suite: ${strange.join(', ')} (there are ${SUITES.join(', ')})`);
  process.exit(2);
}
const suites = wanted.length === 0 ? SUITES : SUITES.filter((name) => wanted.includes(name));

/** Why the lab cannot run here, or null. */
function labObstacle() {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root (network and mount namespaces)';
  if (!existsSync('/etc/debian_version')) return 'it needs Debian or Ubuntu (debootstrap, apt-get source)';
  return null;
}

async function countChecks() {
  const failed = await runChecks();
  failures.push(...failed.map((title) => `check: ${title}`));
  return { passed: CHECKS.length - failed.length, failed: failed.length, skipped: 0 };
}

async function runVitest(project) {
  const directory = mkdtempSync(join(tmpdir(), 'moby-build-report-'));
  const file = join(directory, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { ok } = await runNode(['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters]);
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
    failures.push(...failedTests(report, `${process.cwd()}/`));
    return countTests(report, ok);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Makes the lab's layers beside the suites that come before it: most of that is waiting. A failure is the lab suite's to tell, which makes
 * what is missing.
 */
async function makeLayers() {
  const { ok, milliseconds } = await runNode(['test/lab/lab.mjs', 'make']);
  return `${ok ? 'made' : 'NOT made'}, ${seconds(milliseconds)}`;
}

async function runSuite(name) {
  if (name === 'check') return countChecks();
  const obstacle = name === 'lab' ? labObstacle() : null;
  if (name === 'lab' && layers !== null) console.log(`== layers of the lab: ${await layers}`);
  if (obstacle === null) return runVitest(name);
  const rule = '!'.repeat(100);
  console.log(
    `${rule}\nTHE LAB CANNOT RUN HERE: ${obstacle}.\nWithout it nothing proves that the product builds and that nothing leaks.\n${rule}`,
  );
  return inCI ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 };
}

const rows = [];
const failures = [];
const total = { passed: 0, failed: 0, skipped: 0 };
function book(name, counts, milliseconds) {
  rows.push(
    `${name.padEnd(12)} ${seconds(milliseconds).padStart(12)}   ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  for (const key of Object.keys(total)) total[key] += counts[key];
}

console.log('== build');
const build = await runNode(['node_modules/tsdown/dist/run.mjs', '--logLevel', 'warn']);
if (!build.ok) book('build', { passed: 0, failed: 1, skipped: 0 }, build.milliseconds);
console.log(`== build: ${seconds(build.milliseconds)}`);
const layers = suites.includes('lab') && labObstacle() === null ? makeLayers() : null;
for (const name of suites) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const counts = await runSuite(name);
  book(name, counts, Date.now() - start);
  console.log(`== ${rows.at(-1)}`);
}

console.log(`\n${rows.join('\n')}\n`);
for (const failure of failures) console.log(`FAILED ${failure}`);
if (total.passed + total.failed === 0) total.failed = 1;
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);

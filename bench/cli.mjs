// npm run bench: what a user waits for before any work begins, and what a plan costs. Medians; nothing is asserted.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { materializeLightTree } from '../test/support/light-tree.mjs';

const RUNS = 9;
const bin = fileURLToPath(new URL('../bin/moby-build.cjs', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'moby-build-bench-'));

/** Wall milliseconds, and with GNU time the peak memory in MB, of one whole process. */
function measure(args) {
  const gnuTime = ['-f', '%M', process.execPath, ...args];
  const start = performance.now();
  const timed = spawnSync('/usr/bin/time', gnuTime, {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: dir },
    maxBuffer: 1 << 26,
  });
  const milliseconds = performance.now() - start;
  const kilobytes = Number(timed.stderr?.trim().split('\n').at(-1));
  return { milliseconds, megabytes: Number.isFinite(kilobytes) ? kilobytes / 1000 : null };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

try {
  const tree = join(dir, 'tree');
  materializeLightTree(tree);
  const cases = [
    ['node, doing nothing', ['-e', '0']],
    ['moby-build --version', [bin, '--version']],
    ['moby-build --help', [bin, '--help']],
    ['moby-build patch, the light tree', [bin, 'patch', '--quiet', '--profile', 'cn', '--no-probe', '--source', tree]],
    ['moby-build audit, the light tree', [bin, 'audit', '--quiet', '--profile', 'cn', '--no-probe', '--source', tree]],
  ];
  console.log(`median of ${RUNS} whole processes, node ${process.versions.node}`);
  for (const [name, args] of cases) {
    measure(args);
    const runs = Array.from({ length: RUNS }, () => measure(args));
    const memory = runs.map(({ megabytes }) => megabytes).filter((value) => value !== null);
    console.log(
      `${name.padEnd(34)} ${median(runs.map(({ milliseconds }) => milliseconds))
        .toFixed(0)
        .padStart(6)} ms ${memory.length === 0 ? '' : `${median(memory).toFixed(0).padStart(6)} MB`}`,
    );
  }
  // All tags of a clone of moby, once: npm run bench -- CLONE.
  const [clone] = process.argv.slice(2);
  if (clone !== undefined) {
    for (const pattern of ['v19.03.*', 'v2*', 'docker-v*']) {
      const { milliseconds, megabytes } = measure([
        bin,
        'audit',
        '--quiet',
        '--profile',
        'cn',
        '--no-probe',
        '--source',
        clone,
        '--tags',
        pattern,
      ]);
      console.log(
        `${`audit --tags '${pattern}', once`.padEnd(34)} ${milliseconds.toFixed(0).padStart(6)} ms ${megabytes?.toFixed(0).padStart(6)} MB`,
      );
    }
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

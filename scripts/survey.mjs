// npm run survey -- CLONE: scans every release of moby from v19.03.0 on that a clone has, from its objects, in one process. Prints a table
// by series, every place that could not be placed, and what it cost. Exit 1 where one of them is in the closure, or a tree cannot be read.
import { createHash } from 'node:crypto';
import { scan } from '../src/egress/scan.ts';
import { tagsOf } from '../src/source/clone-refs.ts';
import { GitTrees } from '../src/source/git-tree.ts';
import { makeTargetOf } from '../src/moby/make-target.ts';
import { pinFor } from '../src/moby/pins.ts';
import { SERIES } from '../src/moby/series-table.ts';
import { seriesOfRef } from '../src/moby/series.ts';

const [clone, ...more] = process.argv.slice(2);
if (clone === undefined || more.length > 0) throw new Error('usage: npm run survey -- CLONE');

/** The releases that the table of pins knows; a clone has other tags too. */
async function releases() {
  const tags = [...(await tagsOf(clone, 'v*')), ...(await tagsOf(clone, 'docker-v*'))];
  return tags.filter(({ ref }) => seriesOfRef(ref) !== null && pinFor(ref) !== null);
}

/** Least and most of a list of numbers, as one word. */
function span(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least}-${most}`;
}

function scanTag(ref, files) {
  const series = seriesOfRef(ref);
  const { stage, buildArgs } = makeTargetOf(series, 'binary', false).target;
  const start = performance.now();
  const found = scan(files, { target: stage, arch: 'amd64', buildArgs });
  return {
    ref,
    series: series.name,
    milliseconds: performance.now() - start,
    closure: found.points.filter(({ inClosure }) => inClosure).length,
    points: found.points.length,
    unknown: found.unknown,
    // Two trees are the same here when the same text stands in every file that is read.
    content: JSON.stringify([...files].map(([path, { text }]) => [path, text])),
  };
}

async function survey() {
  const refs = await releases();
  const trees = new GitTrees(clone);
  const rows = [];
  const failed = [];
  for (const { ref, commit } of refs) {
    try {
      const { content, ...row } = scanTag(ref, await trees.read(commit));
      rows.push({ ...row, digest: createHash('sha256').update(content).digest('hex') });
    } catch (error) {
      failed.push(`${ref}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log('series  tags  trees  points  closure  unknown  of them in closure');
  for (const { name } of SERIES) {
    const own = rows.filter(({ series }) => series === name);
    if (own.length === 0) continue;
    const unknown = own.flatMap((row) => row.unknown);
    const cells = [
      name.padEnd(6),
      String(own.length).padStart(4),
      String(new Set(own.map(({ digest }) => digest)).size).padStart(5),
      span(own.map(({ points }) => points)).padStart(6),
      span(own.map(({ closure }) => closure)).padStart(7),
      String(unknown.length).padStart(7),
      String(unknown.filter(({ inClosure }) => inClosure).length).padStart(19),
    ];
    console.log(cells.join('  '));
  }
  for (const { ref, unknown } of rows) {
    for (const { file, line, stage, inClosure, reason, text } of unknown)
      console.log(`unknown: ${ref} ${file}:${line} ${stage}${inClosure ? ' IN CLOSURE' : ''}: ${reason}: ${text}`);
  }
  for (const line of failed) console.log(`FAILED: ${line}`);
  const times = rows.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${rows.length} tags scanned; one scan takes ${times[Math.floor(times.length / 2)]?.toFixed(0)} ms (median), ${times.at(-1)?.toFixed(0)} ms at most; ` +
      `all in ${(performance.now() / 1000).toFixed(0)} s; peak memory ${memory.toFixed(0)} MB`,
  );
  const bad = failed.length > 0 || rows.some(({ unknown }) => unknown.some(({ inClosure }) => inClosure));
  process.exitCode = bad ? 1 : 0;
}

await survey();

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { materializeLightTree } from '../../test/support/light-tree.mjs';
import { makeTargetOf } from '../../src/moby/make-target.ts';
import { pinFor } from '../../src/moby/pins.ts';
import { seriesOfRef } from '../../src/moby/series.ts';
import { scan } from '../../src/egress/scan.ts';
import { GitTrees } from '../../src/source/git-tree.ts';
import { measureWhole, shortCpu } from '../measure.ts';
import { Place } from '../place.ts';
import type { Setting } from '../setting.ts';
import type { Row } from '../table.ts';

const RUNS = 9;
/** The release whose tree is scanned and patched, of a clone that a contributor names. */
const REF = 'v20.10.24';

/** What a command costs before any byte comes over the network. */
export async function commands({ dir, clone, say }: Setting): Promise<Row[]> {
  const section = 'commands';
  const place = new Place(join(dir, section));
  const { env } = place.product([]);
  const nothing = await shortCpu([process.execPath, '-e', '0'], env, RUNS);
  const against = { what: 'node -e 0', value: nothing };
  const rows: Row[] = [];
  for (const word of ['--help', '--version']) {
    const value = await shortCpu(place.product([word]).argv, env, RUNS);
    rows.push({ section, what: `CPU of ${word}`, value, unit: 's', against, aim: 2 });
  }
  const tree = join(dir, 'light');
  materializeLightTree(tree);
  rows.push(...(await patched(place, tree, 'the light tree')));
  if (clone === null) {
    say('scan and patch of real trees: skipped, for no clone of moby was named (--moby)');
    return rows;
  }
  const trees = new GitTrees(clone);
  const { commit } = pinFor(REF) ?? { commit: REF };
  const files = await trees.read(commit);
  const series = seriesOfRef(REF);
  if (series === null) throw new Error(`no series of ${REF}`);
  const { stage, buildArgs } = makeTargetOf(series, 'binary', false).target;
  const times = Array.from({ length: 20 }, () => {
    const start = process.cpuUsage();
    scan(files, { target: stage, arch: 'amd64', buildArgs });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000_000;
  });
  const warm = times.slice(10).toSorted((a, b) => a - b)[5] ?? NaN;
  rows.push({ section, what: `CPU of a scan of ${REF}, warm`, value: warm, unit: 's', against: null, aim: 0.05 });
  const real = join(dir, 'real');
  await measureWhole(
    place.script(`git clone --quiet --shared '${clone}' '${real}' && git -C '${real}' checkout --quiet ${REF}`),
  );
  rows.push(...(await patched(place, real, REF)));
  for (const pattern of ['v2*', 'docker-v*']) {
    const words = ['audit', '--quiet', '--profile', 'cn', '--no-probe', '--source', clone, '--tags', pattern];
    const { seconds, megabytes } = await measureWhole(place.product(words));
    rows.push({ section, what: `audit --tags '${pattern}'`, value: seconds, unit: 's', against: null, aim: 15 });
    rows.push({ section, what: `its memory`, value: megabytes, unit: 'MB', against: null, aim: null });
  }
  return rows;
}

async function patched(place: Place, tree: string, name: string): Promise<Row[]> {
  const out = mkdtempSync(join(place.dir, 'patch-'));
  const words = ['patch', '--quiet', '--profile', 'cn', '--no-probe', '--source', tree, '--out', join(out, 'set')];
  const { ownCpu, megabytes } = await measureWhole(place.product(words));
  const section = 'commands';
  return [
    { section, what: `CPU of patch, ${name}`, value: ownCpu, unit: 's', against: null, aim: 0.6 },
    { section, what: 'its memory', value: megabytes, unit: 'MB', against: null, aim: null },
  ];
}

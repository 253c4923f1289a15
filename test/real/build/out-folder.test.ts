import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, type Collected } from '../../../src/make/collect/collect.ts';
import { abandonedBeside } from '../../../src/make/collect/out-folder.ts';
import { packageRoot } from '../../../src/system/package-root.ts';

let dir: string;
let out: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-out-'));
  out = join(dir, 'out');
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** What make left of a run: every file holds the run's name. */
function bundle(run: string): string {
  const bundlesDir = join(dir, `bundles-${run}`);
  mkdirSync(bundlesDir, { recursive: true });
  for (const name of ['dockerd', 'runc']) writeFileSync(join(bundlesDir, name), run, { mode: 0o755 });
  return bundlesDir;
}

/** A run up to its manifest, which holds its name, too. */
async function ready(run: string): Promise<Collected> {
  const collected = await collect({ bundlesDir: bundle(run), outDir: out, owner: null });
  writeFileSync(join(collected.dir, 'manifest.json'), `{"schema":"moby-build/manifest/v1","ref":"${run}"}`);
  return collected;
}

/** The runs whose files lie in the out dir: one, or it is a mixture. */
function runsIn(folder: string): readonly string[] {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return [...new Set(texts.map((text) => /"ref":"(.*?)"/.exec(text)?.[1] ?? text))];
}

const beside = (): readonly string[] => readdirSync(dir).filter((name) => name.startsWith('.'));

/** The id of a process that is gone. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('two runs with one out dir', () => {
  it('never mix: the out dir is of one run, whole, whichever way they interleave', async () => {
    const [one, two] = [await ready('one'), await ready('two')];
    expect(existsSync(out)).toBe(false);
    await two.publish();
    expect(runsIn(out)).toEqual(['two']);
    await one.publish();
    expect(runsIn(out)).toEqual(['one']);
    expect(beside()).toEqual([]);
  });

  it('may take the place at the same moment, and each of them comes to its end', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, (_, n) => ready(String(n))));
    await Promise.all(runs.map((run) => run.publish()));
    expect(runsIn(out)).toHaveLength(1);
    expect(beside()).toEqual([]);
  });

  it('leave each other’s folders alone, and one that ends early leaves the out dir as it was', async () => {
    const one = await ready('one');
    const two = await ready('two');
    expect(runsIn(one.dir)).toEqual(['one']);
    two.discard();
    await one.publish();
    one.discard();
    expect(runsIn(out)).toEqual(['one']);
    expect(beside()).toEqual([]);
  });

  it('put nothing in the place of files that somebody else has put there meanwhile', async () => {
    const run = await ready('one');
    mkdirSync(out);
    writeFileSync(join(out, 'mine'), '');
    await expect(run.publish()).rejects.toMatchObject({ code: 'out-dir-in-way', exitCode: 2 });
    expect(readdirSync(out)).toEqual(['mine']);
  });
});

describe('what a killed run left beside the out dir', () => {
  /** As if the process that made this folder had been killed. */
  function killed({ dir: from }: Collected, role: 'new' | 'old'): string {
    const name = join(dir, `.out.${role}-${String(deadPid())}-0123abcd`);
    renameSync(from, name);
    return name;
  }

  it('is found, and goes with the next run', async () => {
    await (await ready('one')).publish();
    const runs = [await ready('killed'), await ready('killed')] as const;
    const left = [killed(runs[0], 'new'), killed(runs[1], 'old')];
    expect(await abandonedBeside(out)).toEqual(left);
    await (await ready('two')).publish();
    expect(runsIn(out)).toEqual(['two']);
    expect(beside()).toEqual([]);
  });

  it('goes back to its place where it is the earlier build and nothing has the place', async () => {
    const old = killed(await ready('killed'), 'old');
    expect(await abandonedBeside(out)).toEqual([]);
    const next = await ready('two');
    expect(runsIn(out)).toEqual(['killed']);
    expect(existsSync(old)).toBe(false);
    next.discard();
    expect(runsIn(out)).toEqual(['killed']);
  });

  it('stays where it is not provably ours', async () => {
    const withFolder = killed(await ready('killed'), 'new');
    mkdirSync(join(withFolder, 'photos'));
    for (const name of ['.out.new-1-0123abcd', '.out.other-99999999-0123abcd', '.outer.new-99999999-0123abcd'])
      mkdirSync(join(dir, name));
    expect(await abandonedBeside(out)).toEqual([]);
    (await ready('two')).discard();
    expect(beside()).toHaveLength(4);
  });
});

it('is the old one or the new one, whole, whenever a run is killed', async () => {
  const module = (path: string): string => JSON.stringify(pathToFileURL(join(packageRoot(), path)).href);
  const script = `import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
const { collect } = await import(${module('src/make/collect/collect.ts')});
process.stdout.write('begun');
for (let n = 0; ; n += 1) {
  const bundlesDir = [${JSON.stringify(bundle('a'))}, ${JSON.stringify(bundle('b'))}][n % 2];
  const collected = await collect({ bundlesDir, outDir: ${JSON.stringify(out)}, owner: null });
  writeFileSync(join(collected.dir, 'manifest.json'), '{"schema":"moby-build/manifest/v1","ref":"' + 'ab'[n % 2] + '"}');
  await collected.publish();
}`;
  const loader = pathToFileURL(join(packageRoot(), 'test/support/typescript-loader.mjs')).href;
  await (await ready('first')).publish();
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 30 + round * 17));
    child.kill('SIGKILL');
    await once(child, 'exit');
    // What the next run sees first; where the place is empty, the earlier build goes back.
    (await ready('next')).discard();
    expect(runsIn(out)).toHaveLength(1);
    expect(beside()).toEqual([]);
  }
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLastBuild, readLastBuild } from '../../../src/workdir/last-build.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-last-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const tree = () => ({ options: { workDir: dir, arch: 'arm64' as const }, source: { ref: 'v20.10.12' } });
const WHOLE = { target: 'binary', steps: 34, cached: 0, seconds: 400, times: { '[base 1/2] RUN x': 30 } };

describe('what the last build took', () => {
  it('is not known before the first one, nor for another target', async () => {
    expect(await readLastBuild(tree(), 'binary')).toBeNull();
    await keepLastBuild(tree(), WHOLE);
    expect(await readLastBuild(tree(), 'dynbinary')).toBeNull();
  });

  it.each([
    ['is that of the whole build, after one from the cache', { ...WHOLE, cached: 33, seconds: 4 }, WHOLE],
    ['is that of the last whole build', { ...WHOLE, seconds: 300 }, { ...WHOLE, seconds: 300 }],
    ['is the longer one', { ...WHOLE, cached: 2, seconds: 500 }, { ...WHOLE, cached: 2, seconds: 500 }],
    ['is that of another target, once that is built', { ...WHOLE, target: 'all', cached: 30, seconds: 9 }, null],
  ])('%s', async (_, second, known) => {
    await keepLastBuild(tree(), WHOLE);
    await keepLastBuild(tree(), second);
    expect(await readLastBuild(tree(), 'binary')).toEqual(known);
  });
});

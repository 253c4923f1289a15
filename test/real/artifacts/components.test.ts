import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFailed, verifyDirectory } from '../../../src/artifacts/verify.ts';
import { compiler, makePrograms } from './programs.ts';

let made: string;
let dir: string;
beforeAll(() => {
  made = makePrograms();
  dir = mkdtempSync(join(tmpdir(), 'moby-build-components-'));
});
afterAll(() => {
  for (const path of [made, dir]) rmSync(path, { recursive: true });
});

describe.skipIf(compiler === undefined)('a component that was asked for by name', () => {
  it.each([
    ['v1.0.2', 'ok', false, 'it says 1.0.2'],
    ['v1.1.12', 'failed', true, 'it says 1.0.2, not v1.1.12'],
    ['release-1.1', 'skipped', false, 'does not tell whether it is release-1.1'],
  ])('%s is held against what its binary says: %s', async (pin, result, failed, seen) => {
    for (const name of ['dockerd', 'runc']) copyFileSync(join(made, name), join(dir, name));
    const { checks, texts } = await verifyDirectory(dir, { components: [{ component: 'runc', pin }] });
    const check = checks.find(({ id }) => id === 'component:runc');
    expect(texts['runc']).toContain('1.0.2');
    expect(check?.result).toBe(result);
    expect(check?.seen).toContain(seen);
    expect(hasFailed(checks)).toBe(failed);
  });
});

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashFile } from '../../../src/artifacts/checksums.ts';
import { MANIFEST_SCHEMA_ID } from '../../../src/artifacts/manifest-name.ts';
import type { Manifest } from '../../../src/artifacts/manifest.ts';
import { verifyDirectory, type Expected } from '../../../src/artifacts/verify.ts';
import { compiler, makePrograms } from './programs.ts';

const goArch = { x64: 'amd64', arm64: 'arm64' }[arch()] ?? arch();
const other = goArch === 'arm64' ? 'amd64' : 'arm64';

let dir: string;
let whole: Manifest;
beforeAll(async () => {
  dir = makePrograms();
  if (compiler === undefined) return;
  const out = mkdtempSync(join(tmpdir(), 'moby-build-recorded-build-'));
  for (const name of ['dockerd', 'runc']) copyFileSync(join(dir, name), join(out, name));
  rmSync(dir, { recursive: true });
  dir = out;
  const binary = async (name: string): Promise<Manifest['binaries'][number]> => ({
    ...{
      name,
      path: name,
      bytes: 1,
      sha256: await hashFile(join(dir, name)),
      machine: 'x',
      static: true,
      version: null,
    },
  });
  whole = {
    ...{
      schema: MANIFEST_SCHEMA_ID,
      tool: { name: 'moby-build', version: '0' },
      seconds: 1,
      asked: {},
      ref: 'v20.10.12',
    },
    ...{
      started: '2026-01-01T00:00:00Z',
      ended: '2026-01-01T00:00:01Z',
      commit: null,
      pin: 'unchecked',
      clonedFrom: null,
    },
    ...{
      clonedThrough: null,
      tree: { before: null, after: null },
      series: '20.10',
      target: 'binary',
      profile: 'direct',
    },
    ...{
      platform: `linux/${goArch}`,
      patches: [],
      points: [],
      mirrors: [],
      components: [component('v1.0.2', true)],
      sources: [],
    },
    ...{
      images: [],
      stamped: { version: '20.10.12', gitCommit: '459d0df' },
      build: { args: {}, env: {}, command: 'make' },
    },
    ...{ binaries: [await binary('dockerd'), await binary('runc')], engine: null, checks: [], warnings: [] },
  };
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function component(pin: string, asked: boolean): Manifest['components'][number] {
  return {
    ...{ component: 'runc', variable: 'RUNC_COMMIT', pin, treePin: 'v1', note: null, from: 'build-arg', asked },
    ...{ file: 'x', line: 1, said: null, agrees: null },
  };
}

/** Whatever is not ok, as `ID RESULT: what was seen`. */
async function faults(changes: Partial<Manifest>, expected: Expected = {}): Promise<string[]> {
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ ...whole, ...changes }));
  const { checks } = await verifyDirectory(dir, expected);
  return checks
    .filter(({ result, id }) => result !== 'ok' && id !== 'checksums')
    .map(({ id, result, seen }) => `${id} ${result}: ${seen}`);
}

describe.skipIf(compiler === undefined)('the manifest beside the binaries says what they must be', () => {
  it('and a build that is as it says is right', async () => {
    expect(await faults({})).toEqual([]);
  });

  it.each<[string, () => Partial<Manifest>, RegExp]>([
    ['one is missing', () => ({ binaries: [...whole.binaries, { ...whole.binaries[0]!, name: 'ctr' }] }), /^names failed: missing: ctr; 2 binaries found$/],
    ['one is not in it', () => ({ binaries: [whole.binaries[0]!] }), /^names warning: not expected: runc; 2 binaries found$/],
    ['another sum', () => ({ binaries: [whole.binaries[0]!, { ...whole.binaries[1]!, sha256: '0'.repeat(64) }] }), /^binary:runc failed: its sha256 is not the one in the manifest; /],
    ['another version', () => ({ stamped: { version: '20.10.13', gitCommit: '459d0df' } }), /^binary:dockerd failed: it says version 20\.10\.12, not 20\.10\.13; /],
    ['another commit', () => ({ stamped: { version: '20.10.12', gitCommit: '0000000' } }), /^binary:dockerd failed: it says build 459d0df, not 0000000; /],
    ['a dynamic dockerd', () => ({ target: 'dynbinary' }), /^binary:dockerd failed: not dynamic; /],
    ['another component', () => ({ components: [component('v1.1.0', true)] }), /^component:runc failed: it says 1\.0\.2, not v1\.1\.0/],
  ])('%s', async (_title, changes, fault) => {
    expect(await faults(changes())).toEqual([expect.stringMatching(fault)]);
  }); // prettier-ignore

  it('another machine', async () => {
    const found = await faults({ platform: `linux/${other}` });
    expect(found.map((one) => one.replace(/: .*/, ''))).toEqual(['binary:dockerd failed', 'binary:runc failed']);
  });

  it('a component that nobody asked for is not held against its pin', async () => {
    expect(await faults({ components: [component('v1.1.0', false)] })).toEqual([]);
  });

  it('and what the user says counts before it', async () => {
    const wrong = {
      ...{ platform: `linux/${other}`, stamped: { version: '1', gitCommit: '1' }, target: 'dynbinary', binaries: [] },
      components: [component('v1.1.0', true)],
    };
    const right: Expected = {
      ...{ arch: goArch, version: '20.10.12', gitCommit: '459d0df', target: 'binary', names: ['dockerd', 'runc'] },
      components: [{ component: 'runc', pin: 'v1.0.2' }],
    };
    expect(await faults(wrong, right)).toEqual([]);
  });

  it('and without it dockerd must be there, and all of one machine', async () => {
    rmSync(join(dir, 'manifest.json'));
    const { checks } = await verifyDirectory(dir, {});
    expect(checks.map(({ id, result }) => [id, result])).toEqual([
      ['names', 'ok'],
      ['binary:dockerd', 'ok'],
      ['binary:runc', 'ok'],
      ['one-machine', 'ok'],
      ['checksums', 'skipped'],
      ['manifest', 'skipped'],
    ]);
  });
});

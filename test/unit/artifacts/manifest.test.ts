import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { buildManifest, type ManifestInput } from '../../../src/artifacts/build-manifest.ts';
import { manifestSchema, parseManifest } from '../../../src/artifacts/manifest.ts';
import { makeCommand } from '../../../src/make/command/command.ts';
import { displayCommand } from '../../../src/make/command/display-command.ts';
import type { MetPoint, Plan } from '../../../src/types.ts';
import { buildTarget } from '../build/build-target.ts';

const ID = 'a'.repeat(40);
const SECRET = "it's $HOME's";

const POINT: MetPoint = {
  id: 'runc/git',
  file: 'hack/dockerfile/install/runc.installer',
  line: 19,
  netLines: [19],
  stage: 'runc',
  kind: 'git',
  url: 'https://me:pw@git.example/runc.git',
  host: 'git.example',
  inClosure: true,
  anchor: null,
  via: 'mirror',
  mirror: 'flag',
  reason: 'you said so',
};

const PLAN: Plan = {
  ref: 'v20.10.12',
  commit: ID,
  series: '20.10',
  target: 'binary',
  platform: 'linux/arm64',
  profile: 'cn',
  points: [
    POINT,
    { ...POINT, id: 'base/apt', kind: 'apt', mirror: 'tuna' },
    { ...POINT, id: 'tini/git' },
    { ...POINT, id: 'x/git', via: 'none', mirror: null },
  ],
  totals: { all: 4, closure: 4, covered: 3, uncovered: 1, unknown: 0, byKind: {} },
  patches: [
    {
      name: '0001-git.patch',
      subject: 'Clone runc from a mirror',
      reason: '',
      changes: [{ path: 'a', before: null, after: null }],
    },
  ],
  components: [],
  buildArgs: {},
  notes: [],
  after: new Map(),
  becomes: new Map(),
};

function input(changes: Partial<ManifestInput> = {}): ManifestInput {
  const buildArgs = { NPM_TOKEN: SECRET, GOPROXY: 'https://go.example' };
  const { spec, stamped } = makeCommand({
    ...buildTarget('20.10', 'binary'),
    version: '20.10.12',
    gitCommit: 'aaaaaaa',
    arch: 'arm64',
    nativeArch: 'arm64',
    buildArgs,
    environment: {},
  });
  return {
    toolVersion: '0.1.0',
    started: new Date('2026-11-24T10:00:00Z'),
    ended: new Date('2026-11-24T10:02:03.500Z'),
    asked: { ref: 'v20.10.12', buildArgs, mirrors: ['git=https://me:pw@git.example/'], nothing: undefined },
    plan: PLAN,
    pin: 'table',
    clonedFrom: 'https://me:pw@git.example/moby.git',
    clonedThrough: 'flag',
    treeBefore: ID,
    treeAfter: 'b'.repeat(40),
    patchTexts: new Map([['0001-git.patch', 'the patch']]),
    spec,
    command: displayCommand(spec),
    buildArgs,
    stamped,
    components: [],
    sources: [],
    images: [],
    outDir: '/out',
    binaries: [
      {
        name: 'dockerd',
        path: '/out/dockerd-20.10.12',
        bytes: 3,
        sha256: 'c'.repeat(64),
        machine: 'aarch64',
        static: true,
        version: null,
      },
    ],
    engine: null,
    builder: null,
    seal: null,
    checks: [],
    notes: [
      { level: 'warning', code: 'end-of-life', message: 'old' },
      { level: 'info', code: 'next-mirror', message: 'y' },
    ],
    ...changes,
  };
}

describe('buildManifest', () => {
  it('tells of the builder that built, and nothing of an engine that did not', () => {
    const engine = {
      ...{ clientVersion: '26.1.5', serverVersion: '20.10.24', serverArch: 'amd64', buildkit: 'buildx' as const },
      ...{ buildxVersion: '0.13.1', storageDriver: 'overlay2', rootless: true },
    };
    const nodes = [{ name: 'board0', arch: 'arm64', buildkitVersion: '0.18' }];
    const builder = { name: 'board', driver: 'remote', buildkitVersion: '0.18', nodes };
    const manifest = buildManifest(input({ engine, builder }));
    expect(manifest.builder).toEqual(builder);
    const idle = { serverVersion: null, serverArch: null, storageDriver: null, rootless: false };
    expect(manifest.engine).toEqual({ clientVersion: '26.1.5', buildkit: 'buildx', buildxVersion: '0.13.1', ...idle });
    expect(buildManifest(input({ engine })).engine).toEqual(engine);
  });

  it('says what was asked, made and met, and reads back as itself', () => {
    const manifest = buildManifest(input());
    expect(parseManifest(JSON.stringify(manifest))).toEqual({ kind: 'read', manifest });
    expect(manifest).toMatchObject({
      schema: 'moby-build/manifest/v1',
      seconds: 123.5,
      commit: ID,
      tree: { before: ID, after: 'b'.repeat(40) },
      stamped: { version: '20.10.12', gitCommit: 'aaaaaaa' },
      mirrors: [
        { id: 'flag', kinds: ['git'], points: 2 },
        { id: 'tuna', kinds: ['apt'], points: 1 },
      ],
      binaries: [{ path: 'dockerd-20.10.12' }],
      warnings: [{ code: 'end-of-life' }],
    });
    // printf 'the patch' | sha256sum
    expect(manifest.patches[0]?.sha256).toBe('cb6d53778ee066ce09befdca170120166e1b7b515e264ae03e732b16c8608dd7');
  });

  it('holds no password and no token, however quoted', () => {
    const written = JSON.stringify(buildManifest(input()));
    expect(written).toContain('GOPROXY=https://go.example');
    for (const piece of ['me:pw', "it's", 'HOME', 's $']) expect(written).not.toContain(piece);
  });

  it('does not pass over a patch whose text was not given', () => {
    expect(() => buildManifest(input({ patchTexts: new Map() }))).toThrow('0001-git.patch');
  });
});

describe('parseManifest', () => {
  const whole = JSON.parse(JSON.stringify(buildManifest(input()))) as Record<string, unknown>;
  it.each<[string, string, string]>([
    ['no JSON', '{', 'it is no JSON'],
    ['another document', '{"name":"web app"}', 'which schema'],
    ['null', 'null', 'which schema'],
    ['a later version', '{"schema":"moby-build/manifest/v2"}', 'moby-build/manifest/v2'],
    ['a field that lacks', JSON.stringify({ ...whole, ref: undefined }), 'ref: '],
    [
      'a sum that is none',
      JSON.stringify({ ...whole, patches: [{ name: 'x', subject: 'y', sha256: 'z', files: [] }] }),
      'patches.0.sha256',
    ],
  ])('%s', (_, text, reason) => {
    expect(parseManifest(text)).toEqual({ kind: 'broken', reason: expect.stringContaining(reason) as string });
  });

  it('knows one that was not finished', () => {
    expect(parseManifest('{"schema":"moby-build/manifest/v1","unfinished":true}')).toEqual({ kind: 'unfinished' });
  });

  it('can be told as a JSON Schema', () => {
    expect(z.toJSONSchema(manifestSchema)).toMatchObject({ title: 'moby-build manifest', type: 'object' });
  });
});

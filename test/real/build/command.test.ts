import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCommand } from '../../../src/make/command/command.ts';
import { displayCommand } from '../../../src/make/command/display-command.ts';
import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import { run } from '../../../src/system/process/run.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { buildTarget } from '../../unit/build/build-target.ts';
import { readRecord, writeRecorder, type Recorded } from './fake-programs.ts';

let dir: string;
let tree: string;
let bin: string;
let out: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-command-'));
  tree = join(dir, 'a tree');
  bin = join(dir, 'bin');
  out = join(dir, 'record');
  materializeLightTree(tree, { git: false });
  writeRecorder(bin, 'docker', 'build', out);
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  rmSync(`${out}.args`, { force: true });
});

function input(changes: Partial<MakeInput>): MakeInput {
  return {
    ...buildTarget('20.10', 'binary'),
    version: '20.10.12',
    gitCommit: '459d0df',
    treeDir: tree,
    arch: 'amd64',
    nativeArch: 'amd64',
    buildArgs: {},
    environment: {},
    ...changes,
  };
}

/** HOME, because bash without it asks the name service for it. */
function outside(): Record<string, string> {
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: dir };
}

/** Through our own process wrapper, as a build does it. */
async function build(changes: Partial<MakeInput>, ambient: Record<string, string> = {}): Promise<Recorded> {
  const { spec } = makeCommand(input({ environment: ambient, ...changes }));
  await run({ ...spec, env: { ...outside(), ...ambient, ...spec.env } }, { cleanEnv: true });
  return readRecord(out);
}

/** Pasted into bash, as a person does it. */
function paste(changes: Partial<MakeInput>, ambient: Record<string, string> = {}): Recorded {
  const { spec } = makeCommand(input({ environment: ambient, ...changes }));
  execFileSync('bash', ['-c', displayCommand(spec)], {
    env: { ...outside(), ...ambient },
    stdio: 'pipe',
    cwd: '/',
  });
  return readRecord(out);
}

const NASTY = [
  "it's",
  'two  words ',
  ' lead',
  '$HOME $(id) ${PATH} $$ $',
  '`id`',
  'a"b',
  'back\\slash\\',
  '# no comment',
  'a;b&c|d>e<f',
  '*?[x]{a,b}~',
  '%d %% %',
  'tab\there',
  'Grüße 世界 🐳',
  ',)(,',
  '!history',
  '=',
  '',
  "'",
  "\\'",
  '-n',
];

const NOT_PLAIN = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]|[\ud800-\udfff]/u;

describe('makeCommand with real make and the Makefile of the series', () => {
  it('hands over every nasty value as data, run and pasted', async () => {
    const changes = {
      buildArgs: {
        ...Object.fromEntries(NASTY.map((value, n) => [`X${String(n)}`, value])),
        GO_VERSION: NASTY[0] ?? '',
        PRODUCT: NASTY[3] ?? '',
      },
      dockerBuildOpts: NASTY.map((value) => `--label=x=${value}`),
    };
    for (const got of [await build(changes), paste(changes)]) {
      expect(got.args).toEqual([
        'build',
        ...NASTY.flatMap((value, n) => ['--build-arg', `X${String(n)}=${value}`]),
        '--build-arg=GO_VERSION',
        ...NASTY.map((value) => `--label=x=${value}`),
        '-f',
        'Dockerfile',
        '--output=bundles/',
        '--target=binary',
        ...['VERSION', 'DOCKER_GITCOMMIT', 'PRODUCT', 'PLATFORM', 'DEFAULT_PRODUCT_LICENSE'].flatMap((name) => [
          '--build-arg',
          name,
        ]),
        '.',
      ]);
      expect(got.env['GO_VERSION']).toBe(NASTY[0]);
      expect(got.env['PRODUCT']).toBe(NASTY[3]);
      expect(got.cwd).toBe(tree);
    }
  });

  it('takes a long value whole, and refuses what no shell would take', async () => {
    const long = 'x'.repeat(90_000);
    expect((await build({ buildArgs: { X: long } })).args[2]).toBe(`X=${long}`);
    expect(() => makeCommand(input({ buildArgs: { X: long + long } }))).toThrow(/take 180\d{3} bytes/);
  });

  it('keeps any text that it does not refuse (property)', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom(
          '$',
          '(',
          ')',
          "'",
          '"',
          '\\',
          ' ',
          '`',
          '#',
          ';',
          '\t',
          '{',
          '}',
          'a',
          '=',
          ':',
          '%',
          '~',
          '!',
          '*',
          '&',
          '|',
          '<',
          '>',
        ),
        maxLength: 14,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 12, maxLength: 12 }), async (drawn) => {
        const values = drawn.filter((value) => !NOT_PLAIN.test(value));
        const changes = {
          buildArgs: {
            ...Object.fromEntries(values.map((value, n) => [`X${String(n)}`, value])),
            PRODUCT: values[0] ?? '',
          },
          dockerBuildOpts: values.map((value) => `--label=y=${value}`),
        };
        const got = await build(changes);
        expect(got.args.slice(1, 1 + 2 * values.length)).toEqual(
          values.flatMap((value, n) => ['--build-arg', `X${String(n)}=${value}`]),
        );
        expect(got.args.slice(2 + 2 * values.length, 2 + 3 * values.length)).toEqual(
          values.map((value) => `--label=y=${value}`),
        );
        expect(got.env['PRODUCT']).toBe(values[0] ?? '');
      }),
      { numRuns: 12, seed: 20101200 },
    );
  });

  it('stamps version and commit, whatever git and the environment say', async () => {
    const got = await build({}, { VERSION: 'leaked', DOCKER_GITCOMMIT: 'leaked' });
    expect(got.env['VERSION']).toBe('20.10.12');
    expect(got.env['DOCKER_GITCOMMIT']).toBe('459d0df');
  });

  it('lets nothing of the environment into the build silently', async () => {
    const ambient = {
      DOCKER_BUILD_ARGS: '--build-arg LEAK=1',
      DOCKER_BUILD_OPTS: '--no-cache',
      DOCKER_BUILD_APT_MIRROR: 'leak.example',
      GO_VERSION: '1.1',
      PRODUCT: 'leak',
      PLATFORM: 'leak',
      DEFAULT_PRODUCT_LICENSE: 'leak',
      DOCKER: '/nonexistent/docker',
      MAKEFLAGS: 'n',
      DOCKER_DEFAULT_PLATFORM: 'linux/s390x',
      KEPT: 'yes',
    };
    for (const got of [await build({}, ambient), paste({}, ambient)]) {
      expect(got.args.slice(0, 4)).toEqual(['build', '--build-arg=GO_VERSION', '-f', 'Dockerfile']);
      for (const name of ['GO_VERSION', 'PRODUCT', 'PLATFORM', 'DEFAULT_PRODUCT_LICENSE', 'DOCKER_DEFAULT_PLATFORM']) {
        expect(got.env[name], name).toBeUndefined();
      }
      expect(got.env['KEPT']).toBe('yes');
    }
  });

  it('takes another docker client, with a space in its path', async () => {
    const other = writeRecorder(join(dir, "o'ther $bin"), 'docker', 'build', out);
    const noPath = makeCommand(input({ docker: other })).spec;
    await run({ ...noPath, env: { PATH: '/usr/bin:/bin', ...noPath.env } }, { cleanEnv: true });
    expect(readRecord(out).cwd).toBe(tree);
  });

  it('names the context, and unsets the DOCKER_HOST that would win', async () => {
    const got = await build({ dockerContext: 'far away' }, { DOCKER_HOST: '', DOCKER_CONTEXT: 'x' });
    expect(got.env['DOCKER_CONTEXT']).toBe('far away');
    expect('DOCKER_HOST' in got.env).toBe(false);
  });

  it('hands over every flag that reaches the build', async () => {
    const got = await build({
      arch: 'arm64',
      network: 'host',
      addHosts: ['mirror.example:198.51.100.53'],
      dockerBuildOpts: ['--no-cache'],
      makeArgs: ['-s', 'PRODUCT_EXTRA=a b'],
      buildArgs: { GOPROXY: 'https://go.example|direct' },
    });
    expect(got.args.slice(1, 11)).toEqual([
      '--build-arg',
      'GOPROXY=https://go.example|direct',
      '--build-arg=GO_VERSION',
      '--platform',
      'linux/arm64',
      '--network',
      'host',
      '--add-host',
      'mirror.example:198.51.100.53',
      '--no-cache',
    ]);
    expect(got.env['BUILDKIT_PROGRESS']).toBe('plain');
    expect(got.env['DOCKER_BUILDKIT']).toBe('1');
    expect(got.env['PRODUCT_EXTRA']).toBe('a b');
  });
});

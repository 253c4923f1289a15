import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCommand } from '../../../src/make/command/command.ts';
import { displayCommand } from '../../../src/make/command/display-command.ts';
import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import { run } from '../../../src/system/process/run.ts';
import type { TargetName } from '../../../src/types.ts';
import { buildTarget } from '../../unit/build/build-target.ts';
import { readRecord, writeRecorder, type Recorded } from './fake-programs.ts';

/** As the Makefiles from 23.0 on do it, in as many lines as the build reads of them. */
const MAKEFILE = `DOCKER ?= docker
BUILDX ?= $(DOCKER) buildx
DOCKER_GITCOMMIT := $(shell echo from-git)
export DOCKER_GITCOMMIT
BAKE_CMD := $(BUILDX) bake
binary: bundles
\t$(BAKE_CMD) binary
dynbinary: bundles
\t$(BAKE_CMD) dynbinary
bundles:
\tmkdir bundles
`;

let dir: string;
let tree: string;
let bin: string;
let out: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-bake-'));
  tree = join(dir, 'a tree');
  bin = join(dir, 'bin');
  out = join(dir, 'record');
  mkdirSync(tree);
  writeFileSync(join(tree, 'Makefile'), MAKEFILE);
  writeRecorder(bin, 'docker', 'buildx', out);
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  rmSync(`${out}.args`, { force: true });
});

function input(target: TargetName, changes: Partial<MakeInput>): MakeInput {
  return {
    ...buildTarget('26.1', target),
    version: '26.1.5',
    gitCommit: 'f'.repeat(40),
    treeDir: tree,
    arch: 'amd64',
    nativeArch: 'amd64',
    buildArgs: {},
    environment: {},
    ...changes,
  };
}

const outside = () => ({ PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: dir });

/** Through our own process wrapper, as a build does it. */
async function build(target: TargetName, changes: Partial<MakeInput>, ambient = {}): Promise<Recorded> {
  const { spec } = makeCommand(input(target, { environment: ambient, ...changes }));
  await run({ ...spec, env: { ...outside(), ...ambient, ...spec.env } }, { cleanEnv: true });
  return readRecord(out);
}

/** The line that `patch` prints, pasted into bash. */
function paste(target: TargetName, changes: Partial<MakeInput>, ambient: Record<string, string> = {}): Recorded {
  const { spec } = makeCommand(input(target, { environment: ambient, ...changes }));
  execFileSync('bash', ['-c', displayCommand(spec)], { env: { ...outside(), ...ambient }, stdio: 'pipe', cwd: '/' });
  return readRecord(out);
}

const NASTY = [
  "it's",
  '$HOME $(id) ${PATH} $$ $',
  '%{if true} ${upper("a")}',
  '`id`',
  'a"b\\',
  '# no comment',
  'a;b&c|d>e<f',
  '*?[x]{a,b}~',
  'tab\there',
  'Grüße 🐳',
  'x=y=z',
  '',
  '-n',
];

const NOT_PLAIN = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]|[\ud800-\udfff]/u;

/** The build arguments that bake or buildx build was given, by name. */
function given({ args }: Recorded): Record<string, string> {
  const pairs = args.flatMap((word, at) => {
    const value = args[at + 1] ?? '';
    if (word === '--build-arg') return [value];
    return word === '--set' && /^\w+\.args\./u.test(value) ? [value.replace(/^\w+\.args\./u, '')] : [];
  });
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

describe('makeCommand with real make and a Makefile that calls bake', () => {
  const values = Object.fromEntries(NASTY.map((value, n) => [`X${String(n)}`, value]));

  it.each<[TargetName, Partial<MakeInput>]>([
    ['binary', {}],
    ['all', {}],
    ['binary', { network: 'host' }],
  ])('hands over every nasty value as data, run and pasted: %s %j', async (target, more) => {
    const changes = { ...more, buildArgs: values };
    for (const got of [await build(target, changes), paste(target, changes)]) {
      expect(given(got)).toMatchObject(values);
      expect(got.cwd).toBe(tree);
    }
  });

  it('keeps any text that it does not refuse (property)', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...Array.from('$(){}\'"\\ `#;\ta=:%~!*&|<>,')), maxLength: 14 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 12, maxLength: 12 }), async (drawn) => {
        const buildArgs = Object.fromEntries(
          drawn.filter((value) => !NOT_PLAIN.test(value)).map((value, n) => [`X${String(n)}`, value]),
        );
        expect(given(await build('binary', { buildArgs }))).toEqual(buildArgs);
      }),
      { numRuns: 8, seed: 26010500 },
    );
  });

  it('is bake of the target, with platform, options and stamp, whatever the environment says', async () => {
    const ambient = { VERSION: 'leak', DOCKER_GITCOMMIT: 'leak', DESTDIR: '/leak', BUILDX: 'leak', DOCKER_STATIC: '0' };
    const changes = { arch: 'arm64', dockerBuildOpts: ['--no-cache'], makeArgs: ['-s', 'PRODUCT=mine'] };
    for (const got of [await build('binary', changes, ambient), paste('binary', changes, ambient)]) {
      expect(got.args).toEqual(['buildx', 'bake', '--no-cache', '--set', 'binary.platform=linux/arm64', 'binary']);
      expect(got.env).toMatchObject({ VERSION: '26.1.5', DOCKER_GITCOMMIT: 'f'.repeat(40), PRODUCT: 'mine' });
      expect(got.env['DESTDIR']).toBeUndefined();
      expect(got.env['DOCKER_STATIC']).toBeUndefined();
    }
  });

  it('is plain make where nothing is asked for', async () => {
    expect((await build('dynbinary', {})).args).toEqual(['buildx', 'bake', 'dynbinary']);
  });

  it('gives bake the stamp itself where make has no target', async () => {
    const got = await build('all', {}, { VERSION: 'leak' });
    expect(got.args).toEqual(['buildx', 'bake', 'all']);
    expect(got.env).toMatchObject({ VERSION: '26.1.5', DOCKER_GITCOMMIT: 'f'.repeat(40) });
  });

  it('lets --network and --add-host reach any buildx', async () => {
    const got = await build('dynbinary', { network: 'host', addHosts: ['mirror.example:2001:db8::1'], arch: 'arm64' });
    expect(got.args).toEqual([
      ...['buildx', 'build', '--target', 'binary', '--output', 'bundles/dynbinary', '--platform', 'linux/arm64'],
      ...['--build-arg', 'DOCKER_STATIC=0', '--build-arg', 'VERSION=26.1.5'],
      ...['--build-arg', `DOCKER_GITCOMMIT=${'f'.repeat(40)}`, '--network', 'host'],
      ...['--add-host', 'mirror.example:2001:db8::1', '.'],
    ]);
  });

  it('takes another docker client, with a space in its path', async () => {
    const other = writeRecorder(join(dir, "o'ther $bin"), 'docker', 'buildx', out);
    const { spec } = makeCommand(input('binary', { docker: other }));
    await run({ ...spec, env: { PATH: '/usr/bin:/bin', ...spec.env } }, { cleanEnv: true });
    expect(readRecord(out).args).toEqual(['buildx', 'bake', 'binary']);
  });
});

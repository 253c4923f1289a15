import { describe, expect, it } from 'vitest';
import { judgeAmbient } from '../../../src/make/command/ambient.ts';
import { makeCommand } from '../../../src/make/command/command.ts';
import { checkDockerBuildOpts } from '../../../src/make/flags/docker-build-opts.ts';
import { displayCommand } from '../../../src/make/command/display-command.ts';
import { buildKitOf, readBuildxVersion, readClientVersion } from '../../../src/make/engine/docker-client.ts';
import { endpointKind } from '../../../src/make/engine/endpoint.ts';
import { checkMakeArgs } from '../../../src/make/command/make-args.ts';
import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import { failureOf } from '../../support/failure.ts';
import { buildTarget } from './build-target.ts';

const BASE: MakeInput = {
  ...buildTarget('20.10', 'binary'),
  version: '20.10.12',
  gitCommit: '459d0df',
  arch: 'arm64',
  nativeArch: 'arm64',
  buildArgs: {},
  environment: {},
};

describe('makeCommand', () => {
  it('is the plain command where nothing is asked for', () => {
    const { spec, stamped, notes } = makeCommand(BASE);
    expect(spec).toEqual({
      file: 'make',
      args: ['binary', 'VERSION=20.10.12', 'DOCKER_GITCOMMIT=459d0df'],
      env: { DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: 'plain' },
      cwd: undefined,
    });
    expect(stamped).toEqual({ version: '20.10.12', gitCommit: '459d0df' });
    expect(notes).toEqual([]);
    expect(displayCommand(spec)).toBe(
      'DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain make binary VERSION=20.10.12 DOCKER_GITCOMMIT=459d0df',
    );
  });

  it('unsets only what is set, and says so', () => {
    const { spec, notes } = makeCommand({ ...BASE, environment: { GO_VERSION: '1.1', MAKELEVEL: '1', HOME: '/root' } });
    expect([spec.file, ...spec.args].slice(0, 6)).toEqual(['env', '-u', 'GO_VERSION', '-u', 'MAKELEVEL', 'make']);
    expect(
      notes.map(({ code, message }) => [code, message.includes('GO_VERSION'), message.includes('MAKELEVEL')]),
    ).toEqual([['environment-dropped', true, false]]);
  });

  it("stamps the user's version, and does not hand it over twice", () => {
    const { spec, stamped } = makeCommand({
      ...BASE,
      buildArgs: { VERSION: '20.10.12-corp', DOCKER_GITCOMMIT: 'abc' },
    });
    expect(stamped).toEqual({ version: '20.10.12-corp', gitCommit: 'abc' });
    expect(spec.args).toContain('VERSION=20.10.12-corp');
    expect(spec.env['DOCKER_BUILD_ARGS']).toBeUndefined();
  });

  it.each<[string, Partial<MakeInput>, string, number]>([
    ['a newline in a build argument', { buildArgs: { X: 'a\nb' } }, 'hostile-value', 2],
    ['a NUL', { buildArgs: { X: 'a\0b' } }, 'hostile-value', 2],
    ['an escape sequence', { network: '\u001b[31m' }, 'hostile-value', 2],
    ['half a surrogate', { dockerContext: '\ud800' }, 'hostile-value', 2],
    ['a name that is shell', { buildArgs: { 'X;id': '1' } }, 'hostile-value', 2],
    ['a version that is shell', { version: '1$(id)' }, 'hostile-value', 2],
    ['a version with a slash', { version: '../x' }, 'hostile-value', 2],
    ['a commit that is shell', { gitCommit: '`id`' }, 'hostile-value', 2],
    ['a host without an address', { addHosts: ['mirror.example'] }, 'bad-add-host', 2],
    ['a host with a newline', { addHosts: ['a:1\n'] }, 'hostile-value', 2],
  ])('refuses %s', (_, changes, code, exitCode) => {
    expect(failureOf(() => makeCommand({ ...BASE, ...changes }))).toMatchObject({ code, exitCode });
  });
});

describe('checkDockerBuildOpts', () => {
  it.each(['--no-cache', '--label=a b', '--cache-from=type=registry,ref=mirror.example/x', '--secret=id=x,src=/y'])(
    'takes %s',
    (value) => {
      expect(checkDockerBuildOpts([value])).toEqual([value]);
    },
  );
  it.each([
    '.',
    'https://git.example/x.git',
    '--label a=b',
    '--output=x',
    '-o=x',
    '-fother',
    '--build-arg=X=1',
    '--platform=linux/s390x',
    '',
    '-',
    '--',
    '--x\n',
    '--target=dev',
  ])('refuses %j with exit 2', (value) => {
    expect(failureOf(() => checkDockerBuildOpts([value])).exitCode).toBe(2);
  });
});

describe('checkMakeArgs', () => {
  it.each(['-j4', '-s', '--trace', '--debug=b', 'KEEPBUNDLE=1', 'X=a b,c'])('takes %s', (value) => {
    expect(checkMakeArgs([value], 'docker-build')).toEqual([value]);
  });
  it.each([
    'binary',
    '-f',
    '-fother.mk',
    '--eval=$(shell id)',
    '-C/',
    '-n',
    'SHELL=/bin/evil',
    'X=$(shell id)',
    'X=a;b',
    "X='",
    'X=`id`',
    'DOCKER=x',
    'VERSION=1',
    'DOCKER_BUILD_ARGS=x',
    'MAKEFLAGS=n',
    '=x',
    'X=a\nb',
  ])('refuses %j with exit 2', (value) => {
    expect(failureOf(() => checkMakeArgs([value], 'docker-build')).exitCode).toBe(2);
  });
});

describe('a build argument', () => {
  it.each(['1X', '', 'A B', 'A=B'])('is not named %j', (name) => {
    expect(failureOf(() => makeCommand({ ...BASE, buildArgs: { [name]: '1' } }))).toMatchObject({
      code: 'hostile-value',
      exitCode: 2,
    });
  });
});

describe('judgeAmbient', () => {
  it('says nothing of an empty value or of an ordinary environment', () => {
    expect(judgeAmbient({ PATH: '/bin', DOCKER_HOST: 'x', VERSION: '' }, 'docker-build')).toEqual({
      drop: ['VERSION'],
      notes: [],
    });
  });
});

describe('clients and endpoints', () => {
  it.each([
    ['20.10.24+dfsg1', false, 'builtin'],
    ['19.03.15', false, 'builtin'],
    ['18.09.1', false, 'none'],
    ['22.06.0-beta.0', false, 'builtin'],
    ['23.0.0', false, 'none'],
    ['28.2.2', true, 'buildx'],
    ['unknown', false, 'none'],
  ])('client %s, buildx %s: %s', (version, buildx, expected) => {
    expect(buildKitOf(version, buildx)).toBe(expected);
  });

  it.each([
    ['unix:///var/run/docker.sock', 'root-socket'],
    ['unix:///run/docker.sock', 'root-socket'],
    ['unix:///run/user/1000/docker.sock', 'rootless-socket'],
    ['unix:///home/me/.docker/desktop/docker.sock', 'desktop-socket'],
    ['unix:///srv/lab/docker.sock', 'other-socket'],
    ['tcp://198.51.100.7:2376', 'tcp'],
    ['ssh://me@host', 'ssh'],
    ['npipe:////./pipe/docker_engine', 'named-pipe'],
    ['fd://', 'unknown'],
  ])('%s: %s', (host, kind) => {
    expect(endpointKind(host)).toBe(kind);
  });

  it('reads version lines', () => {
    expect(readClientVersion('Docker version 20.10.24+dfsg1, build 297e128\n')).toBe('20.10.24+dfsg1');
    expect(readClientVersion('podman version 4.3.1')).toBe('4.3.1');
    expect(readClientVersion('not docker')).toBeNull();
    expect(readBuildxVersion('github.com/docker/buildx v0.13.1 788433953af1')).toBe('0.13.1');
    expect(readBuildxVersion('github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3')).toBe('0.13.1+ds1');
  });
});

import { describe, expect, it } from 'vitest';
import { makeCommand } from '../../../src/make/command/command.ts';
import { displayCommand } from '../../../src/make/command/display-command.ts';
import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import type { TargetName } from '../../../src/types.ts';
import { buildTarget } from './build-target.ts';

function input(series: string, target: TargetName, changes: Partial<MakeInput> = {}): MakeInput {
  return {
    ...buildTarget(series, target),
    version: '26.1.5',
    gitCommit: '411e817',
    arch: 'amd64',
    nativeArch: 'amd64',
    buildArgs: {},
    environment: {},
    ...changes,
  };
}

const shown = (series: string, target: TargetName, changes: Partial<MakeInput> = {}) =>
  displayCommand(makeCommand(input(series, target, changes)).spec);

const STAMP = 'VERSION=26.1.5 DOCKER_GITCOMMIT=411e817';

describe('the command of each series', () => {
  it.each<[string, TargetName, Partial<MakeInput>, string]>([
    ['22.06', 'dynbinary', {}, `DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain make dynbinary ${STAMP}`],
    ['26.1', 'binary', {}, `BUILDKIT_PROGRESS=plain make binary ${STAMP}`],
    ['29', 'dynbinary', {}, `BUILDKIT_PROGRESS=plain make dynbinary ${STAMP}`],
    ['23.0', 'binary', {}, `BUILDKIT_PROGRESS=plain APT_MIRROR='' make binary ${STAMP}`],
    [
      '26.1',
      'binary',
      { arch: 'arm64' },
      `BUILDKIT_PROGRESS=plain make binary ${STAMP} 'BAKE_CMD=docker buildx bake --set binary.platform=linux/arm64'`,
    ],
    [
      '24.0',
      'binary',
      { buildArgs: { APT_MIRROR: 'deb.example' }, docker: '/opt/docker', dockerBuildOpts: ['--no-cache'] },
      `BUILDKIT_PROGRESS=plain make binary ${STAMP} 'BAKE_CMD=/opt/docker buildx bake --no-cache --set binary.args.APT_MIRROR=deb.example'`,
    ],
    [
      '27',
      'all',
      { arch: 'arm64', buildArgs: { X: '1', VERSION: '27.0' } },
      'BUILDKIT_PROGRESS=plain VERSION=27.0 DOCKER_GITCOMMIT=411e817 docker buildx bake --set all.platform=linux/arm64 --set all.args.X=1 all',
    ],
    [
      '28',
      'dynbinary',
      { network: 'host', addHosts: ['a.example:192.0.2.1'], arch: 'arm64', buildArgs: { X: '1' } },
      'BUILDKIT_PROGRESS=plain docker buildx build --target binary --output bundles/dynbinary --platform linux/arm64 --build-arg DOCKER_STATIC=0 ' +
        '--build-arg X=1 --build-arg VERSION=26.1.5 --build-arg DOCKER_GITCOMMIT=411e817 --network host --add-host a.example:192.0.2.1 .',
    ],
    [
      '28',
      'all',
      { dockerBuildOpts: ['--secret=id=x'] },
      'BUILDKIT_PROGRESS=plain docker buildx build --target all --output bundles/binary --build-arg DOCKER_STATIC=1 --build-arg VERSION=26.1.5 --build-arg DOCKER_GITCOMMIT=411e817 --secret=id=x .',
    ],
  ])('%s %s', (series, target, changes, line) => {
    expect(shown(series, target, changes)).toBe(line);
  });

  it('says why it does without bake, and nothing otherwise', () => {
    const { notes } = makeCommand(input('26.1', 'binary', { network: 'host' }));
    expect(notes).toMatchObject([{ code: 'without-bake', message: expect.stringContaining('--network') as string }]);
    expect(makeCommand(input('26.1', 'binary')).notes).toEqual([]);
  });

  it('gives PACKAGER_NAME of 22.06 as its Makefile takes it', () => {
    const { spec } = makeCommand(input('22.06', 'binary', { buildArgs: { PACKAGER_NAME: 'me' } }));
    expect(spec.env['PACKAGER_NAME']).toBe('me');
    expect(spec.env['DOCKER_BUILD_ARGS']).toBeUndefined();
  });

  it('keeps out what docker-bake.hcl would read of the environment', () => {
    const { spec } = makeCommand(input('26.1', 'binary', { environment: { DESTDIR: '/', DOCKER_STATIC: '0' } }));
    expect([spec.file, ...spec.args].slice(0, 5)).toEqual(['env', '-u', 'DESTDIR', '-u', 'DOCKER_STATIC']);
    expect(makeCommand(input('22.06', 'binary', { environment: { DESTDIR: '/' } })).spec.file).toBe('make');
  });

  it.each<[string, TargetName, Partial<MakeInput>, string]>([
    ['DOCKER_STATIC against the target', 'binary', { buildArgs: { DOCKER_STATIC: '0' } }, 'hostile-value'],
    ['another way out', 'binary', { makeArgs: ['DESTDIR=/tmp'] }, 'bad-make-arg'],
    ['another bake', 'binary', { makeArgs: ['BAKE_CMD=x'] }, 'bad-make-arg'],
    ['--make-arg where make has no target', 'all', { makeArgs: ['X=1'] }, 'bad-make-arg'],
    ['--make-arg where make is not called', 'binary', { makeArgs: ['X=1'], network: 'host' }, 'bad-make-arg'],
    ['a build option that is ours', 'binary', { dockerBuildOpts: ['--platform=x'] }, 'bad-docker-build-opt'],
    ['a newline', 'binary', { buildArgs: { X: 'a\nb' } }, 'hostile-value'],
    ['more than a recipe takes', 'binary', { buildArgs: { X: 'x'.repeat(100_000) } }, 'hostile-value'],
  ])('refuses %s', (_, target, changes, code) => {
    expect(() => makeCommand(input('26.1', target, changes))).toThrow(
      expect.objectContaining({ code, exitCode: 2 }) as Error,
    );
  });
});

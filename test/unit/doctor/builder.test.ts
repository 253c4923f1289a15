import { describe, expect, it } from 'vitest';
import { builderOf, check, type Change } from './fixtures.ts';

describe('a builder that is not the engine', () => {
  const on = (
    builder: ReturnType<typeof builderOf>,
    arch = 'amd64',
    builtBy: 'bake' | 'docker-build' = 'docker-build',
  ): Change => ({
    engine: {
      refused: { kind: 'no-socket', message: 'said so' },
      serverVersion: null,
      serverArch: null,
      buildxVersion: '0.13.1',
      builder,
    },
    context: { arch, builtBy },
  });
  const remote = (node = {}) => builderOf('farm', 'remote', node);

  it('needs no engine, and this machine does not judge what cannot be seen of its own', async () => {
    const { results, of } = await check(on(remote()));
    expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(of('engine')).toMatchObject({ result: 'skipped', seen: 'another builder builds' });
    for (const id of ['memory', 'engine-disk'])
      expect(of(id)?.seen).toMatch(/farm builds, and its machine is not seen/);
  });

  it.each<[string, Change, string, string, RegExp, RegExp]>([
    ['runs', on(remote()), 'builder', 'warning', /farm \(remote\).*do not count/, /--builder default/],
    ['the engine itself', on(builderOf('default', 'docker')), 'builder', 'ok', /default/, /null/],
    [
      'gone',
      on(remote({ status: 'inactive' })),
      'builder',
      'failed',
      /farm0: no BuildKit answers at tcp:\/\/farm:1234, or its certificates do not fit/,
      /--bootstrap farm/,
    ],
    ['broken', on(remote({ error: 'no route' })), 'builder', 'failed', /no route/, /inspect/],
    [
      'starts with the build',
      on(builderOf('c', 'docker-container', { status: 'inactive', native: null, arches: [] })),
      'builder',
      'warning',
      /c \(/,
      /default/,
    ],
    [
      'that nobody knows',
      { engine: { builderRefused: 'builder x: not found' } },
      'builder',
      'failed',
      /not found/,
      /buildx ls/,
    ],
    ['own', on(remote()), 'architecture', 'ok', /amd64 on builder farm/, /null/],
    ['cross', on(remote(), 'arm64', 'bake'), 'architecture', 'ok', /cross-compiled/, /null/],
    ['cross, by a patch', on(remote(), 'arm64'), 'architecture', 'ok', /cross-compiled/, /null/],
    ['emulated', on(remote({ arches: ['amd64', 's390x'] }), 's390x'), 'architecture', 'warning', /emulation/, /null/],
    [
      'not emulated, though this machine would',
      on(remote(), 's390x'),
      'architecture',
      'failed',
      /no node of it/,
      /install s390x/,
    ],
    [
      'asleep',
      on(builderOf('c', 'docker-container', { native: null, arches: [] })),
      'architecture',
      'warning',
      /not known/,
      /null/,
    ],
  ])('%s', async (_, change, id, result, seen, fix) => {
    const found = (await check(change)).of(id);
    expect(found?.seen).toMatch(seen);
    expect(found?.result).toBe(result);
    expect(String(found?.fix ?? null)).toMatch(fix);
  });
});

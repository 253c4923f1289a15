import { expect, it } from 'vitest';
import { readCaches } from '../../../src/build-cache.ts';
import { builderOf, check, type Change } from './fixtures.ts';

const on = (engine: Change['engine'], from: string[], to: string[], env: Record<string, string> = {}): Change => ({
  engine: { buildxVersion: '0.13.1', ...engine },
  context: { env, caches: { from: readCaches(from, 'from'), to: readCaches(to, 'to') } },
});
const LOCAL = ['type=local,src=/c'];
const TO_LOCAL = ['type=local,dest=/c'];
const RUNNER = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'https://r.example' };

it.each<[string, Change, string, RegExp, RegExp]>([
  ['none', on({}, [], []), 'skipped', /none is named/u, /null/u],
  ['no plugin', on({ buildxVersion: null }, LOCAL, []), 'failed', /has none/u, /docker-buildx/u],
  ['the engine reads', on({}, [...LOCAL, 'a.example/c'], []), 'ok', /2 to read from, 0 to write to/u, /null/u],
  [
    'the engine cannot write',
    on({}, LOCAL, TO_LOCAL),
    'failed',
    /overlay2; such an engine writes no cache/u,
    /docker buildx create .*docker-container.* && moby-build .*--builder moby-build/u,
  ],
  ['the engine reads no gha', on({}, ['type=gha'], [], RUNNER), 'failed', /no cache of type gha/u, /--builder/u],
  ["containerd's store writes", on({ storageDriver: 'overlayfs' }, LOCAL, TO_LOCAL), 'ok', /1 to write/u, /null/u],
  ['an engine that does not say', on({ storageDriver: null }, [], TO_LOCAL), 'ok', /1 to write/u, /null/u],
  [
    'a builder of its own writes',
    on({ builder: builderOf('c', 'docker-container') }, [], TO_LOCAL),
    'ok',
    /1/u,
    /null/u,
  ],
  [
    'gha without its variables is passed over',
    on({ builder: builderOf('c', 'docker-container') }, ['type=gha'], []),
    'warning',
    /ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL are not set/u,
    /github-runtime/u,
  ],
  [
    'gha on a runner',
    on({ builder: builderOf('c', 'docker-container') }, ['type=gha'], [], RUNNER),
    'ok',
    /1 to read/u,
    /null/u,
  ],
])('build-cache: %s', async (_, change, result, seen, fix) => {
  const found = (await check(change)).of('build-cache');
  expect(found?.result).toBe(result);
  expect(found?.seen).toMatch(seen);
  expect(String(found?.fix)).toMatch(fix);
});

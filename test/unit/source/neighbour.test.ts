import { describe, expect, it } from 'vitest';
import { nearestStored } from '../../../src/source/neighbour.ts';

const UPSTREAM = 'https://github.com/moby/moby.git';

const stored = (tag: string | null, day: number, more: { upstream?: string; history?: 'commit' | 'full' } = {}) => ({
  dir: `/store/${tag ?? 'none'}-${String(day)}`,
  used: new Date(Date.UTC(2026, 0, day)),
  record: {
    ...{ commit: 'c'.repeat(40), upstream: UPSTREAM, tags: tag === null ? [] : [tag], history: 'commit' as const },
    ...{ mirror: 'm', url: 'u', receivedBytes: 1, fetched: '', files: [] },
    ...more,
  },
});

describe('the stored commit that shares most with a wanted one', () => {
  it.each([
    ['the nearest patch release', 'v20.10.24', ['v20.10.12', 'v20.10.23', 'v22.06.0-beta.0'], '/store/v20.10.23-2'],
    ['the nearest minor release', 'v1.6.20', ['v1.4.12', 'v1.5.2', 'v1.7.0'], '/store/v1.5.2-2'],
    ['under another form of tag', 'docker-v29.4.0', ['v28.5.2', 'docker-v29.3.0'], '/store/docker-v29.3.0-2'],
    ['a major version further', 'v29.0.0', ['v28.0.0'], '/store/v28.0.0-1'],
    ['none that is too far away', 'v26.1.5', ['v20.10.24'], null],
    ['none where there is none', 'v26.1.5', [], null],
  ])('is %s', (_, wanted, tags, dir) => {
    const all = tags.map((tag, index) => stored(tag, index + 1));
    expect(nearestStored(all, UPSTREAM, wanted)?.dir ?? null).toBe(dir);
  });

  it('is the one that was used last where no tag tells', () => {
    const all = [stored(null, 3), stored('v1.0.0', 9), stored(null, 5)];
    expect(nearestStored(all, UPSTREAM, null)?.dir).toBe('/store/v1.0.0-9');
  });

  it('is of the same repository, and has no history that the wanted one lacks', () => {
    const all = [
      stored('v1.0.0', 1, { upstream: 'https://github.com/a/fork.git' }),
      stored('v1.0.0', 2, { history: 'full' }),
    ];
    expect(nearestStored([...all, { ...stored(null, 1), record: null }], UPSTREAM, 'v1.0.1')).toBeNull();
  });
});

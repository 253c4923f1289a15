import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, shardOf } from '../../../src/matrix/cells.ts';
import { expandRefs } from '../../../src/matrix/expand-refs.ts';
import { githubMatrix } from '../../../src/matrix/include.ts';
import { knownTags } from '../../../src/moby/pins.ts';

const TAGS = [
  ...['v20.10.2', 'v20.10.20', 'v20.10.21', 'v20.10.0-rc1', 'v20.10.3', 'v22.06.0-beta.0'],
  ...['docker-v29.0.0', 'docker-v29.0.0-rc.1', 'docker-v29.1.0', 'docs-v1.6.0', 'api/v1.52.0'],
];
const expanded = (...entries: string[]) => expandRefs(entries, TAGS);

describe('a list of refs', () => {
  it.each<[string[], string[]]>([
    [['v20.10.3'], ['v20.10.3']],
    [['v20.10.2*'], ['v20.10.2', 'v20.10.20', 'v20.10.21']],
    [['v20.10.2?'], ['v20.10.20', 'v20.10.21']],
    // The oldest first, whatever the order of the list; each once.
    [
      ['docker-v29.*', 'v20.10.3', 'v20.10.3'],
      ['v20.10.3', 'docker-v29.0.0-rc.1', 'docker-v29.0.0', 'docker-v29.1.0'],
    ],
    [['v20.10.2..v20.10.20'], ['v20.10.2', 'v20.10.3', 'v20.10.20']],
    [['v20.10.21..docker-v29.1.0'], ['v20.10.21', 'docker-v29.0.0', 'docker-v29.1.0']],
    // A prerelease at an end takes those between with it.
    [['v22.06.0-beta.0..docker-v29.0.0'], ['v22.06.0-beta.0', 'docker-v29.0.0-rc.1', 'docker-v29.0.0']],
    [
      ['!*-rc*', 'docker-v29.*'],
      ['docker-v29.0.0', 'docker-v29.1.0'],
    ],
    [
      ['v20.10.2*', '!v20.10.20'],
      ['v20.10.2', 'v20.10.21'],
    ],
    // A star stops at a slash, and a dot is a dot.
    [['*1.52*', 'v20x10*', 'docs-*'], ['docs-v1.6.0']],
  ])('%j', (entries, refs) => {
    expect(expanded(...entries).refs).toEqual(refs);
  });

  it.each([
    ['v20.10.4', 'is no tag'],
    ['w*', 'matches no tag'],
    ['v20.10.3..v20.10.2', 'is empty: v20.10.3 is newer than v20.10.2'],
    ['v20.10.4..v20.10.20', 'begins with v20.10.4'],
    ['v20.10.2..docs-v1.6.0', 'ends with docs-v1.6.0, which is no version'],
    ['!v9', 'is no tag'],
  ])('%s: %s', (entry, message) => {
    expect(expanded(entry).problems[0]?.message).toContain(message);
  });

  it('knows the tags of the built-in table', () => {
    expect(expandRefs(['v20.10.2*', 'docker-v29.*', '!*-rc*'], knownTags())).toMatchObject({ problems: [] });
    expect(expandRefs(['v20.10.12'], knownTags()).refs).toEqual(['v20.10.12']);
  });
});

describe('cells', () => {
  const axes = {
    refs: ['v1', 'a/v2'],
    arches: ['amd64', 'arm64', 'amd64'],
    targets: ['binary', 'all'] as const,
    exclude: [],
  };

  it('are every combination once, each with a name that is a folder', () => {
    const cells = cellsOf(axes);
    expect(cells).toHaveLength(8);
    expect(cells.map(({ id }) => id).slice(0, 2)).toEqual(['v1-linux-amd64', 'v1-linux-amd64-all']);
    expect(cells.map(({ id }) => id)).toContain('a_v2-linux-arm64');
    expect(new Set(cells.map(({ id }) => id)).size).toBe(8);
  });

  it('are left out where all that an exclusion names fits', () => {
    const exclude = [
      { refs: ['v1'], arch: 'arm64', target: null },
      { refs: null, arch: null, target: 'all' },
    ];
    expect(cellsOf({ ...axes, exclude }).map(({ id }) => id)).toEqual([
      'v1-linux-amd64',
      'a_v2-linux-amd64',
      'a_v2-linux-arm64',
    ]);
  });

  it('are in exactly one part of any shard, and the parts are of one size, but for one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (cells, count) => {
        const parts = Array.from({ length: count }, (_, at) => shardOf(cells, { index: at + 1, count }));
        expect(parts.flat().sort()).toEqual([...cells].sort());
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
    expect(shardOf(['a', 'b'], null)).toEqual(['a', 'b']);
  });

  it('are what a workflow of GitHub takes with fromJSON', () => {
    const [cell] = cellsOf(axes);
    expect(githubMatrix(cell === undefined ? [] : [cell])).toEqual({
      include: [{ cell: 'v1-linux-amd64', ref: 'v1', arch: 'amd64', target: 'binary' }],
    });
  });
});

import { describe, expect, it } from 'vitest';
import { heldBy, leftTo } from '../../../src/bundle/make/left-out.ts';
import { readWant, wantText, type Want } from '../../../src/bundle/want/want.ts';
import { machineNotes } from '../../../src/commands/bundle/want-bundle.ts';
import { smallBundle } from '../../support/make-bundle.ts';

const { contents } = smallBundle();
const [build = expect.fail('no build')] = contents.builds;
const { ref, arch, target, options } = build;
const want: Want = {
  ...{ format: 'moby-build bundle want', version: 1 },
  builds: [{ ref, arch, target, options }],
  machine: { arch, engine: '20.10.24', imageStore: 'graph-driver', builder: null, buildkit: null, buildx: null },
  commits: ['a'.repeat(40)],
  bundles: [],
};

describe('the file of bundle want', () => {
  it('is read back as it was written', () => {
    expect(readWant(wantText(want))).toEqual(want);
  });

  it.each<readonly [string, unknown, RegExp]>([
    ['no JSON', 'x', /^it is no JSON$/u],
    ['another document', {}, /^format: /u],
    ['a later version', { ...want, version: 2 }, /^version: /u],
    ['no build', { ...want, builds: [] }, /^builds: /u],
    [
      'text for a terminal',
      { ...want, builds: [{ ref: 'v1\u001b[2J', arch, target, options }] },
      /^builds\.0\.ref: holds/u,
    ],
    ['a commit that is none', { ...want, commits: ['--upload-pack=x'] }, /^commits\.0: /u],
    ['a member that nobody knows', { ...want, run: 'rm' }, /^the document: /u],
    [
      'a path outside',
      {
        ...want,
        bundles: [{ name: 'x', sha256: '0'.repeat(64), files: [{ path: '../x', bytes: 1, sha256: '0'.repeat(64) }] }],
      },
      /^bundles\.0\.files\.0\.path: is no path of a bundle$/u,
    ],
  ])('is refused: %s', (_, value, words) => {
    const read = readWant(typeof value === 'string' ? value : JSON.stringify(value));
    expect('format' in read ? 'read' : read.join('\n')).toMatch(words);
  });
});

describe('what that machine needs besides a bundle', () => {
  const of = (machine: Partial<Want['machine']>, builds = want.builds): readonly string[] =>
    machineNotes({ machine: { ...want.machine, ...machine }, builds }).map(({ message }) => message);
  const baked = [{ ref: 'v26.1.5', arch, target, options }];

  it.each<readonly [Partial<Want['machine']>, Want['builds'], readonly RegExp[]]>([
    [{}, want.builds, []],
    [{ engine: null, arch: null }, want.builds, [/has no engine/u]],
    [{}, baked, [/has no buildx, and v26\.1\.5/u]],
    [{ buildx: '0.11.2' }, baked, []],
    [{ arch: 'amd64' }, want.builds, [/is of amd64: a build for arm64/u]],
  ])('%j is said', (machine, builds, words) => {
    const said = of(machine, builds);
    expect(said).toHaveLength(words.length);
    for (const [at, expected] of words.entries()) expect(said[at]).toMatch(expected);
  });
});

describe('what older bundles have', () => {
  const file = (path: string, letter: string) => ({ path, bytes: 1, sha256: letter.repeat(64) });
  const older = (name: string, ...files: ReturnType<typeof file>[]) => ({ name, sha256: name.repeat(64), files });

  it('is left out where the bytes are the same, each file once', () => {
    const held = [older('1', file('b', 'b'), file('a', 'a')), older('2', file('a', 'a'), file('c', 'x'))];
    const files = new Map([file('a', 'a'), file('b', 'b'), file('c', 'c')].map((each) => [each.path, each]));
    expect(leftTo(held, files)).toEqual([older('1', file('a', 'a'), file('b', 'b'))]);
  });

  it('is what lies in them, and what they leave to others', () => {
    const sums = new Map([['x', 'f'.repeat(64)]]);
    const verified = {
      contents: { ...contents, since: [older('2', file('a', 'a'))] },
      seen: { sums, sizes: new Map([['x', 1]]) },
    };
    const located = { verified, sha256: '1'.repeat(64) } as unknown as Parameters<typeof heldBy>[0]['located'];
    expect(heldBy({ file: '/srv/1', located })).toEqual([older('1', file('x', 'f')), older('2', file('a', 'a'))]);
  });
});

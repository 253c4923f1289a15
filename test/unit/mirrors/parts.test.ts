import { beforeAll, describe, expect, it } from 'vitest';
import { candidatesOf, partsOf } from '../../../src/mirrors/candidates/candidates.ts';
import {
  differsByRepository,
  originalRepository,
  repositoryCandidates,
} from '../../../src/mirrors/candidates/repositories.ts';
import { loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import { parseProfile } from '../../../src/mirrors/catalogue/profile-file.ts';
import type { MirrorOverride } from '../../../src/mirrors/catalogue/template.ts';
import { mirrorKeyText, readMirrorKey } from '../../../src/names.ts';
import type { Tree } from '../../../src/types.ts';
import { edited, lightTree, profileOf, resolveWith, scanOf } from './fixtures.ts';

const catalogue = loadCatalogue();
const RUNC = 'hack/dockerfile/install/runc.installer';
const CORP = parseProfile(
  'name: corp\nmirrors:\n  git: ["https://g.example/a/{repo}.git", "https://g.example/b/{owner}/{repo}"]\n' +
    '  git:opencontainers/runc: ["https://g.example/forks/our-runc.git", official]\n',
  'corp.yaml',
  catalogue,
);
let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

describe('the key of a mirror', () => {
  it.each([
    ['git', { kind: 'git' }],
    ['git:containerd/containerd', { kind: 'git', part: 'github.com/containerd/containerd' }],
    ['git:Moby/Moby.git', { kind: 'git', part: 'github.com/moby/moby' }],
    ['git:git.example/team/sub/runc', { kind: 'git', part: 'git.example/team/sub/runc' }],
    ['git:git.example:8443/team/runc', { kind: 'git', part: 'git.example:8443/team/runc' }],
    ['apt:bookworm-security', { kind: 'apt', part: 'bookworm-security' }],
    ['apt:buster/updates', { kind: 'apt', part: 'buster/updates' }],
    ['git:', null],
    ['git:runc', null],
    ['git:https://github.com/a/b', null],
    ['git:a/b c', null],
    ['apt:', null],
    ['apt:../x', null],
    ['gomod:x', null],
    ['docker', null],
    ['', null],
    ['__proto__', null],
  ])('%j is %j', (text, key) => {
    expect(readMirrorKey(text)).toEqual(key);
  });
  it.each(['git', 'git:containerd/containerd', 'git:git.example/team/runc', 'apt:bookworm'])(
    '%s is written so',
    (text) => {
      const key = readMirrorKey(text);
      expect(key === null ? null : mirrorKeyText(key)).toBe(text);
    },
  );
});

describe('mirrors of single repositories', () => {
  const flag = (key: string, value: string): MirrorOverride => {
    const read = readMirrorKey(key);
    if (read === null) throw new Error(key);
    return { ...read, value };
  };
  const texts = (url: string, overrides: readonly MirrorOverride[] = []): readonly (string | null)[] =>
    repositoryCandidates(url, { profile: CORP, catalogue, overrides }).map(({ template }) => template?.text ?? null);

  it.each<[string, readonly MirrorOverride[], readonly (string | null)[]]>([
    ['those of the profile, in its order', [], ['https://g.example/forks/our-runc.git', null]],
    ['a flag for it', [flag('git:opencontainers/runc', 'https://x.example/r')], ['https://x.example/r']],
    [
      'a flag for all replaces what the profile says of it',
      [flag('git', 'https://x.example')],
      ['https://x.example/{url}'],
    ],
    [
      'beside a flag for all, the flag for it',
      [flag('git', 'https://x.example'), flag('git:OpenContainers/runc', 'https://x.example/{owner}/{repo}')],
      ['https://x.example/{owner}/{repo}'],
    ],
  ])('runc: %s', (_, overrides, expected) => {
    expect(texts('https://github.com/opencontainers/runc.git', overrides)).toEqual(expected);
    expect(texts('https://github.com/OpenContainers/runc', overrides)).toEqual(expected);
  });
  it('others keep those of the kind', () => {
    expect(texts('https://github.com/krallin/tini.git')).toEqual([
      'https://g.example/a/{repo}.git',
      'https://g.example/b/{owner}/{repo}',
    ]);
    expect(candidatesOf('git', CORP, catalogue, [flag('git:a/b', 'https://x.example')])).toHaveLength(2);
    expect(partsOf('apt', { profile: CORP, catalogue, overrides: [] })).toEqual([]);
  });
  it('an accelerator passes all on; a server with names of its own may lack one', () => {
    const kinds = (list: readonly string[]): readonly boolean[] =>
      list.map((value) => {
        const [found] = candidatesOf('git', profileOf('direct'), catalogue, [{ kind: 'git', value }]);
        if (found === undefined) throw new Error(value);
        return differsByRepository(found);
      });
    expect(
      kinds([
        'https://x.example',
        'ghfast.top',
        'gitclone.com',
        'https://x.example/{repo}',
        'https://x.example/{path}',
      ]),
    ).toEqual([false, false, false, true, true]);
  });
});

describe('a tree', () => {
  it('gets for each repository its own address, also under profiles that leave clones alone', () => {
    const overrides = [
      { kind: 'git', part: 'github.com/opencontainers/runc', value: 'https://g.example/our-runc.git' },
    ] as const;
    for (const name of ['cn', 'direct', '163', 'upstream']) {
      const { points } = resolveWith(scanOf(tree), name, { overrides });
      const runc = points.find(({ pointId }) => pointId === 'runc/git');
      expect(runc).toMatchObject({ via: 'mirror', mirror: 'flag', to: 'https://g.example/our-runc.git' });
      const tini = points.find(({ pointId }) => pointId === 'tini/git');
      expect(tini?.to ?? '').not.toContain('g.example');
    }
  });
  it('that was rewritten is understood again', () => {
    const own = edited(tree, RUNC, [
      ['https://github.com/opencontainers/runc.git', 'https://g.example/forks/our-runc.git'],
    ]);
    expect(
      originalRepository('https://g.example/forks/our-runc.git', { profile: CORP, catalogue, overrides: [] }),
    ).toBe('https://github.com/opencontainers/runc.git');
    const { points, notes } = resolveWith(scanOf(own), CORP);
    expect(points.find(({ pointId }) => pointId === 'runc/git')?.to).toBe('https://g.example/forks/our-runc.git');
    expect(notes.map(({ code }) => code)).not.toContain('part-unused');
  });
  it('says which others are asked where nobody was asked yet', () => {
    const { points } = resolveWith(scanOf(tree), CORP);
    expect(points.find(({ pointId }) => pointId === 'tini/git')?.reason).toBe(
      'profile corp says so; where it lacks the repository, the next one is asked',
    );
  });
  it('that does not fetch the repository of a flag is told of', () => {
    const overrides = [{ kind: 'git', part: 'github.com/krallin/tiny', value: 'official' }] as const;
    const { notes } = resolveWith(scanOf(tree), 'cn', { overrides });
    const [note] = notes.filter(({ code }) => code === 'part-unused');
    expect(note?.message).toBe('git:krallin/tiny names a repository that this tree does not fetch.');
    expect(note?.hint).toContain('krallin/tini');
  });
});

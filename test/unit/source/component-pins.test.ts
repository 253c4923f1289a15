import { describe, expect, it } from 'vitest';
import { VERSION_BY_GIT } from '../../../src/components/version-by-git.ts';
import { componentCommit } from '../../../src/moby/component-pins.ts';
import table from '../../../src/moby/component-pins.json' with { type: 'json' };

const ROWS = Object.entries(table).flatMap(([name, tags]) =>
  Object.entries(tags).map(([tag, commit]): [string, string, string] => [name, tag, commit]),
);

describe('the table of component tags', () => {
  it('has a commit for each tag, of repositories that builds fetch', () => {
    expect(ROWS.length).toBeGreaterThan(500);
    expect(ROWS.filter(([, tag, commit]) => !/^v\d/.test(tag) || !/^[0-9a-f]{40}$/.test(commit))).toEqual([]);
    const known = Object.values(VERSION_BY_GIT).flatMap(({ repositories }) => repositories);
    expect(Object.keys(table).sort()).toEqual([...known].sort());
  });

  it.each([
    // The commits that trees of 20.10 pin beside the tag that a comment gives them.
    ['containerd/containerd', 'v1.4.12', '7b11cfaabd73bb80907dd23182b9347b4245eb5d'],
    ['opencontainers/runc', 'v1.0.2', '52b36a2dd837e8462de8e01458bf02cf9eea47dd'],
    ['krallin/tini', 'v0.19.0', 'de40ad007797e0dcd8b7126f27bb87401d224240'],
  ])('says of %s %s what moby says of it', (name, tag, commit) => {
    expect(componentCommit(name, tag)).toBe(commit);
  });

  it.each([
    ['opencontainers/runc', 'v99.0.0'],
    ['opencontainers/runc', 'constructor'],
    ['o/r', 'v1.0.0'],
  ])('knows no %s %s', (name, tag) => {
    expect(componentCommit(name, tag)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { carriesImage, findMirror, loadCatalogue, usableIds } from '../../../src/mirrors/catalogue/catalogue.ts';
import { candidatesOf } from '../../../src/mirrors/candidates/candidates.ts';
import { parseProfile } from '../../../src/mirrors/catalogue/profile-file.ts';
import { PROFILES } from '../../../src/mirrors/catalogue/profile.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { MIRROR_KINDS } from '../../../src/types.ts';

const catalogue = loadCatalogue();

describe('the catalogue', () => {
  it('has each id once for each kind', () => {
    for (const kind of MIRROR_KINDS) {
      const ids = catalogue.mirrors.filter(({ kinds }) => kinds.includes(kind)).map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
    }
  });
  it('offers what is alive or slow only', () => {
    expect(usableIds(catalogue, 'git')).toContain('ghfast.top');
    expect(usableIds(catalogue, 'git')).not.toContain('ghproxy.com');
    expect(usableIds(catalogue, 'image')).not.toContain('163');
  });
  it.each([
    ['library/golang', true],
    ['docker/dockerfile', true],
    ['djs55/vpnkit', false],
    ['library/perl', false],
  ])('knows whether daocloud carries %s', (repository, carried) => {
    const daocloud = findMirror(catalogue, 'image', 'daocloud');
    expect(daocloud === undefined ? null : carriesImage(daocloud, repository)).toBe(carried);
  });
  it('names no host that a tool brings along by itself', () => {
    for (const { template } of catalogue.mirrors)
      expect(template).not.toMatch(/\/(?!archive)[a-z.-]*\.debian\.org|proxy\.golang\.org|pypi\.org/);
  });
});

describe('built-in profiles', () => {
  it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s names mirrors that the catalogue has',
    (name, profile) => {
      const candidates = MIRROR_KINDS.flatMap((kind) => candidatesOf(kind, profile, catalogue, []));
      // `direct` changes nothing, so it names none.
      if (name === 'direct') expect(candidates).toEqual([]);
      else expect(candidates.length).toBeGreaterThanOrEqual(3);
      for (const candidate of candidates) {
        expect(candidate.template === null || candidate.entry !== null).toBe(true);
        if (name === 'cn' || name === 'auto') expect(candidate.entry?.status).not.toBe('dead');
      }
    },
  );
});

describe("a user's profile", () => {
  const good =
    'name: corp\nabout: our own\nmirrors:\n  git: https://git.example/{owner}/{repo}.git\n  apt: [aliyun, "http://apt.example"]\n  frontend: builtin\n  gomod:\n    - https://go.example\n';
  it('is read, as YAML and as JSON', () => {
    const profile = parseProfile(good, 'corp.yaml', catalogue);
    expect(profile).toEqual({
      name: 'corp',
      about: 'our own',
      style: 'chosen',
      mirrors: {
        git: ['https://git.example/{owner}/{repo}.git'],
        apt: ['aliyun', 'http://apt.example'],
        frontend: ['builtin'],
        gomod: ['https://go.example'],
      },
    });
    expect(
      parseProfile(JSON.stringify({ name: 'corp', mirrors: { image: ['hub.example'] } }), 'corp.json', catalogue)
        .mirrors,
    ).toEqual({ image: ['hub.example'] });
  });

  it.each([
    [
      'every problem at once',
      'name: corp\nmirrors:\n  git: ftp://x\n  apt:\n    - aliyun\n    - http://a b\n  image: [nohost]\n  gomod: 3\n',
      ['4 problems', 'p.yaml:8:10 mirrors.gomod ', 'p.yaml:3:8 ', 'p.yaml:6:7 ', 'p.yaml:7:11 '],
    ],
    [
      'values',
      'name: corp\nmirrors:\n  git: ftp://x\n  apt:\n    - aliyun\n    - http://a b\n',
      ['p.yaml:3:8 mirrors.git', 'p.yaml:6:7'],
    ],
    ['an unknown id', 'name: corp\nmirrors:\n  apt: alyun\n', ['p.yaml:3:8', 'aliyun, tencent']],
    [
      'an unknown kind',
      'name: corp\nmirrors:\n  docker: x\n',
      ['p.yaml:3:11 mirrors.docker: is none of', 'git:OWNER/REPO'],
    ],
    ['a password', 'name: corp\nmirrors:\n  git: https://me:pw@git.example\n', ['p.yaml:3:8', 'password']],
    ['no name', 'mirrors: {}\n', ['p.yaml:1:1 name:']],
    ["a built-in's name", 'name: cn\nmirrors: {}\n', ['p.yaml:1:7 name:']],
    ['broken YAML', 'name: [\n', ['p.yaml:2:1']],
    ['a scalar', 'hello', ['p.yaml:1:1 (profile):']],
    ['nothing', '', ['p.yaml:1:1 (profile):']],
    [
      'a bomb of aliases',
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n',
      ['p.yaml:1:1'],
    ],
  ])('%s is exit 2, with its place', (_, text, parts) => {
    let error: unknown;
    try {
      parseProfile(text, 'p.yaml', catalogue);
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(MobyBuildError);
    const { code, exitCode, message } = error as MobyBuildError;
    expect([code, exitCode]).toEqual(['bad-profile', 2]);
    for (const part of parts) expect(message).toContain(part);
  });
});

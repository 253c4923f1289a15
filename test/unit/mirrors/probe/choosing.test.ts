import { beforeAll, describe, expect, it } from 'vitest';
import { askedPoints, beforeAsking } from '../../../../src/mirrors/resolve/asked-points.ts';
import { candidatesOf } from '../../../../src/mirrors/candidates/candidates.ts';
import { loadCatalogue } from '../../../../src/mirrors/catalogue/catalogue.ts';
import { tokenIn, tokenSource } from '../../../../src/mirrors/requests/bearer.ts';
import { choicesOf, lastResort, orderBy, stillServe } from '../../../../src/mirrors/probe/choices.ts';
import { neededObjects, type Need } from '../../../../src/mirrors/candidates/need.ts';
import { unmeasured, type Finding } from '../../../../src/mirrors/requests/outcome.ts';
import { rank, type Tried } from '../../../../src/mirrors/probe/rank.ts';
import { listsOf, summarize } from '../../../../src/mirrors/probe/summary.ts';
import { profileLists } from '../../../../src/mirrors/catalogue/profile-lists.ts';
import type { Scan } from '../../../../src/types.ts';
import { lightTree, profileOf, resolveWith, scanOf } from '../fixtures.ts';

const PIN = 'de40ad007797e0dcd8b7126f27bb87401d224240';
let found: Scan;
let needs: readonly Need[];

beforeAll(async () => {
  found = scanOf(await lightTree());
  needs = neededObjects({
    scan: found,
    points: askedPoints(found, resolveWith(found, 'cn', { order: beforeAsking })),
    arch: 'arm64',
    buildArch: 'amd64',
    suite: found.facts.suite,
    securityElsewhere: false,
    pinOf: ({ url }) => (url.includes('tini') ? PIN : null),
    aptParts: [],
    repositoryOf: ({ url }) => ({ url, alone: false, part: undefined }),
  });
});

const fine = (bytesPerSecond: number, firstByteMs = 10, more: Partial<Finding> = {}): Finding => ({
  ...{ outcome: 'ok', status: 200, reason: 'there', connectMs: 1, firstByteMs, totalMs: 100, bytes: 1000 },
  bytesPerSecond,
  ...more,
});
const tried = (id: string, finding: Finding): Tried => ({ id, base: `https://${id}.example`, finding });
const ids = (list: readonly Tried[]): string => list.map(({ id }) => id).join(' ');
const DAY = 24 * 3600 * 1000;

describe('what is needed', () => {
  it('comes from the scan: suites, the smallest component at its pin, modules, each image with its platform', () => {
    const named = needs.map(({ kind, key }) => `${kind} ${key}`);
    expect(named).toContain('apt buster');
    expect(named).toContain('apt buster-backports');
    expect(named).toContain('gomod modules');
    expect(named).toContain('image docker.io/library/golang:1.16.12-buster linux/arm64');
    expect(named.filter((each) => each.includes('djs55/vpnkit'))).toHaveLength(2);
    const git = needs.filter(({ kind }) => kind === 'git');
    expect(git.map(({ wanted }) => wanted)).toEqual([
      { is: 'repository', url: 'https://github.com/krallin/tini.git', ref: PIN },
    ]);
    expect(git[0]?.points.length).toBeGreaterThan(3);
  });

  it('holds every point that a mirror could serve once; the frontend is dropped', () => {
    const points = needs.flatMap(({ points: each }) => each);
    expect(new Set(points).size).toBe(points.length);
    const inside = found.points.filter(({ inClosure }) => inClosure).map(({ id }) => id);
    expect(inside.filter((id) => !points.includes(id))).toEqual(['(frontend)/frontend']);
  });
});

describe('the ranking', () => {
  it.each([
    ['throughput first', [tried('a', fine(1000)), tried('b', fine(9000))], 'b a'],
    ['then latency, where throughputs are alike', [tried('a', fine(1000, 90)), tried('b', fine(1010, 20))], 'b a'],
    ['then their own order', [tried('a', fine(1000)), tried('b', fine(1000))], 'a b'],
    ['never one that does not have it', [tried('a', unmeasured('wrong-status', 'no')), tried('b', fine(1))], 'b a'],
    [
      'never one that is days behind',
      [tried('a', fine(9000, 1, { dates: { x: 0 } })), tried('b', fine(1, 1, { dates: { x: 6 * DAY } }))],
      'b a',
    ],
    [
      'a proxy with the checksum database first',
      [tried('a', fine(9000, 1, { sumdb: false })), tried('b', fine(1))],
      'b a',
    ],
  ])('%s', (_, list, expected) => {
    expect(ids(rank(list))).toBe(expected);
  });

  it('says of a stale one how old it is', () => {
    const list = rank([tried('a', fine(9, 1, { dates: { x: 0 } })), tried('b', fine(1, 1, { dates: { x: 6 * DAY } }))]);
    expect(list[1]?.finding).toMatchObject({ outcome: 'stale', reason: expect.stringContaining('1970-01-01') });
  });
});

describe('a choice', () => {
  const need = (name: string): Need => {
    const one = needs.find(({ key }) => key.includes(name));
    if (one === undefined) throw new Error(`no need ${name}`);
    return one;
  };
  const measured = () => [
    { need: need('golang'), ranked: [tried('1ms', fine(9000)), tried('daocloud', fine(100))] },
    {
      need: need('djs55/vpnkit:0.5.0 linux/arm64'),
      ranked: [tried('daocloud', fine(100)), tried('1ms', unmeasured('wrong-status', 'no'))],
    },
  ];
  const choices = () => choicesOf(measured(), 'cn', new Date(0));

  it('is made for each object by itself and reaches the plan; what was measured counts more than what the catalogue believes', () => {
    const { points } = resolveWith(found, 'cn', { order: orderBy(choices(), needs) });
    const met = (id: string) => points.find(({ pointId }) => pointId === id);
    expect(met('base/image')).toMatchObject({ mirror: '1ms', reason: expect.stringContaining('9 kB/s') });
    // The catalogue says that daocloud does not carry it; it was asked, and did.
    expect(met('vpnkit-arm64/image')).toMatchObject({ mirror: 'daocloud' });
    expect(met('vpnkit-amd64/image')).toMatchObject({ mirror: '1ms' });
  });

  it('that was kept serves while profile and objects are the same', () => {
    expect(stillServe(choices(), 'cn', [need('golang')])).toBe(true);
    expect(stillServe(choices(), 'auto', [need('golang')])).toBe(false);
    expect(stillServe(choices(), 'cn', needs)).toBe(false);
  });

  it('that is saved names those that have everything first', () => {
    const kinds = summarize(measured());
    expect(kinds.map(({ kind, chosen }) => `${kind} ${chosen ?? ''}`)).toEqual(['image daocloud']);
    expect(listsOf(kinds)).toEqual({ image: ['daocloud', '1ms'] });
  });
});

describe('the lists', () => {
  it('of auto are the usable part of the catalogue, the official host last; those of cn are its own', () => {
    const catalogue = loadCatalogue();
    const auto = profileLists(profileOf('auto'), catalogue);
    const cn = profileLists(profileOf('cn'), catalogue);
    expect(auto.mirrors.git?.slice(0, 2)).toEqual(cn.mirrors.git?.slice(0, 2));
    expect(auto.mirrors.git?.at(-1)).toBe('official');
    expect(auto.mirrors.git).not.toContain('ghproxy.com');
    expect(auto.mirrors.apt).toContain('archive.debian.org');
    expect(cn.mirrors.apt).not.toContain('official');
    for (const kind of ['git', 'image', 'apt', 'gomod', 'http'] as const)
      expect(candidatesOf(kind, auto, catalogue, []).length).toBe(auto.mirrors[kind]?.length);
  });
});

describe('the token dance', () => {
  it.each([
    ['Bearer realm="https://auth.example/token",service="r"', 'https://auth.example/token?service=r&scope=s'],
    [
      'bearer realm="https://auth.example/t",scope="repository:a:pull"',
      'https://auth.example/t?scope=repository%3Aa%3Apull',
    ],
    ['Basic realm="x"', null],
    ['Bearer realm="no url"', null],
  ])('reads %s', (challenge, url) => {
    expect(tokenSource(challenge, 's')?.url ?? null).toBe(url);
  });

  it('takes a token under both names, and none that would break a header', () => {
    const token = (value: unknown) => tokenIn(Buffer.from(JSON.stringify(value)));
    expect(token({ token: 'a.b-c' })).toBe('a.b-c');
    expect(token({ access_token: 'x' })).toBe('x');
    expect(token({ token: 'a\r\nX: y' })).toBeNull();
    expect(tokenIn(Buffer.from('<html>'))).toBeNull();
  });
});

describe('the official host that nobody on this machine names', () => {
  const official = tried('official', unmeasured('not-asked', 'not named'));
  const dead = tried('a', unmeasured('no-such-name', 'gone'));
  const need = (kind: string): Need => {
    const first = needs.find((each) => each.kind === kind);
    if (first === undefined) throw new Error(kind);
    return first;
  };

  it('is asked unmeasured where nobody else has the object', () => {
    const { objects } = choicesOf([{ need: need('gomod'), ranked: [dead, official] }], 'auto', new Date(0));
    expect(objects.map(({ mirrors }) => mirrors)).toEqual([
      [{ id: 'official', why: expect.stringMatching(/not measured/u) as string }],
    ]);
  });

  it('is not where another has it, or where it was measured and failed', () => {
    const [object] = choicesOf(
      [{ need: need('gomod'), ranked: [tried('b', fine(1)), official] }],
      'auto',
      new Date(0),
    ).objects;
    expect(object?.mirrors.map(({ id }) => id)).toEqual(['b']);
    expect(lastResort(need('gomod'), [dead, tried('official', unmeasured('refused', 'no'))])).toEqual([]);
  });

  it('has no suite that has left the official mirrors', () => {
    expect(lastResort(need('apt'), [official])).toEqual([]);
    const current: Need = {
      ...need('apt'),
      wanted: { is: 'suites', suites: [{ root: 'debian', suite: 'bookworm', archived: false }], arch: 'amd64' },
    };
    expect(lastResort(current, [official])).toHaveLength(1);
  });
});

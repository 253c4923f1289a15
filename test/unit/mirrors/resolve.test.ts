import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/errors.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import type { Scan, Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree, onRelease, resolveWith, scanOf } from './fixtures.ts';

let tree: Tree;
let found: Scan;
beforeAll(async () => {
  tree = await lightTree();
  found = scanOf(tree);
});

/** How the points of the closure are met: id → `via mirror to`. */
function met(profile: string, flags: Partial<ResolveInput> = {}, of: Scan = found): Record<string, string> {
  const { points } = resolveWith(of, profile, flags);
  return Object.fromEntries(
    of.points.flatMap((point, index) => {
      const resolution = points[index];
      return point.inClosure && resolution !== undefined
        ? [[point.id, [resolution.via, resolution.mirror, resolution.to].filter((part) => part !== null).join(' ')]]
        : [];
    }),
  );
}

const GO = '${GO_VERSION}-${BASE_DEBIAN_DISTRO}';

describe('profiles on the light tree', () => {
  it('cn covers the whole closure; what daocloud does not carry goes to the next', () => {
    expect(met('cn')).toEqual({
      '(frontend)/frontend': 'dropped',
      'base/image': `mirror daocloud docker.m.daocloud.io/library/golang:${GO}`,
      'runtime-dev-cross-false/apt-source': 'mirror aliyun mirror+file:/etc/apt/moby-build-debian.mirrors',
      'runtime-dev-cross-false/apt': 'mirror aliyun',
      'containerd/apt': 'mirror aliyun',
      'containerd/git': 'mirror ghfast.top https://ghfast.top/https://github.com/containerd/containerd.git',
      'proxy/git': 'mirror ghfast.top https://ghfast.top/https://github.com/docker/libnetwork.git',
      'runc/git': 'mirror ghfast.top https://ghfast.top/https://github.com/opencontainers/runc.git',
      'tini/apt': 'mirror aliyun',
      'tini/git': 'mirror ghfast.top https://ghfast.top/https://github.com/krallin/tini.git',
      'rootlesskit/git': 'mirror ghfast.top https://ghfast.top/https://github.com/rootless-containers/rootlesskit.git',
      'rootlesskit/gomod':
        'mirror goproxy.cn https://goproxy.cn|https://mirrors.aliyun.com/goproxy/|https://goproxy.io',
      'vpnkit-amd64/image': 'mirror 1ms docker.1ms.run/djs55/vpnkit:${VPNKIT_VERSION}',
      'vpnkit-arm64/image': 'mirror 1ms docker.1ms.run/djs55/vpnkit:${VPNKIT_VERSION}',
    });
    expect(resolveWith(found, 'cn').notes.filter(({ code }) => code === 'next-mirror')).toHaveLength(1);
  });

  it('auto begins as cn does where nothing is measured', () => {
    expect(met('auto')).toEqual(met('cn'));
  });

  it('upstream leaves everything but what Debian archived', () => {
    const points = met('upstream');
    expect(points['runtime-dev-cross-false/apt-source']).toBe(
      'upstream archive.debian.org http://archive.debian.org/debian',
    );
    expect(points['tini/apt']).toBe('upstream archive.debian.org');
    expect(
      Object.entries(points)
        .filter(([id]) => !id.includes('/apt'))
        .map(([, how]) => how),
    ).toEqual(Array(10).fill('upstream'));
  });

  it('a stage outside the closure that starts from the same argument moves with it: it is one text', () => {
    const shared = edited(tree, 'Dockerfile', [
      [
        'FROM ${GOLANG_IMAGE} AS base',
        'FROM ${GOLANG_IMAGE} AS base\nFROM --platform=linux/arm/v7 ${GOLANG_IMAGE} AS other',
      ],
    ]);
    const scanned = scanOf(shared);
    const { points } = resolveWith(scanned, 'cn');
    const to = (id: string) => points.find(({ pointId }) => pointId === id)?.to;
    expect(scanned.points.find(({ id }) => id === 'other/image')?.inClosure).toBe(false);
    expect(to('base/image')).toContain('docker.m.daocloud.io/');
    expect(to('other/image')).toBe(to('base/image'));
  });

  it('upstream changes nothing where the release is on the mirrors', () => {
    const { apt, points } = resolveWith(scanOf(onRelease(tree, 'bullseye')), 'upstream');
    expect(apt).toBeNull();
    expect(points.every(({ to }) => to === null)).toBe(true);
  });

  it('direct changes nothing, and warns of an archived release', () => {
    const { apt, points, notes } = resolveWith(found, 'direct');
    expect(apt).toBeNull();
    expect(points.every(({ to, via }) => to === null && via === 'upstream')).toBe(true);
    expect(notes.map(({ code }) => code)).toEqual(['archived-suite']);
  });

  it('163 leaves the six places that the recipe leaves', () => {
    expect(
      Object.entries(met('163'))
        .filter(([, how]) => how === 'none')
        .map(([id]) => id),
    ).toEqual([
      '(frontend)/frontend',
      'base/image',
      'runtime-dev-cross-false/apt-source',
      'rootlesskit/git',
      'vpnkit-amd64/image',
      'vpnkit-arm64/image',
    ]);
    expect(met('163')['rootlesskit/gomod']).toBe('mirror goproxy.cn https://goproxy.cn');
  });

  it('163 with flags covers them', () => {
    const flags: Partial<ResolveInput> = {
      frontend: 'builtin',
      without: ['vpnkit'],
      images: { golang: 'registry.example/golang:1.16.12-buster' },
      overrides: [
        { kind: 'git', value: 'https://ghproxy.com' },
        { kind: 'apt', value: 'http://apt.example' },
      ],
    };
    const points = met('163', flags);
    expect(Object.values(points).filter((how) => how === 'none')).toEqual([]);
    expect(points['rootlesskit/git']).toBe(
      'mirror flag https://ghproxy.com/https://github.com/rootless-containers/rootlesskit.git',
    );
    expect(points['base/image']).toBe('mirror flag registry.example/golang:1.16.12-buster');
    expect(points['vpnkit-arm64/image']).toBe('dropped');
  });
});

describe('the release', () => {
  it('moves by --suite, and says that the image may not exist', () => {
    const { suite, points, notes, deb822 } = resolveWith(found, 'cn', { suite: 'bookworm' });
    expect([suite, deb822]).toEqual([{ from: 'buster', to: 'bookworm' }, true]);
    expect(notes.find(({ code }) => code === 'suite-moved')?.level).toBe('warning');
    expect(points[found.points.findIndex(({ kind }) => kind === 'apt-source')]?.via).toBe('dropped');
  });
  it('moves with the base image', () => {
    const { suite, apt } = resolveWith(found, 'cn', { images: { golang: 'registry.example/golang:1.19-bookworm' } });
    expect([suite?.to, apt?.suite]).toEqual(['bookworm', 'bookworm']);
  });
  it.each(['sid', 'bookworm; id', 'buster-backports', ''])('--suite %j is exit 2', (suite) => {
    expect(failureOf(() => resolveWith(found, 'cn', { suite })).code).toBe('unknown-suite');
  });
});

describe('Go modules', () => {
  const old = () => scanOf(edited(tree, 'Dockerfile', [['GO_VERSION=1.16.12', 'GO_VERSION=1.13.15']]));
  it('has no | before Go 1.15', () => {
    expect(met('cn', {}, old())['rootlesskit/gomod']).toBe(
      'mirror goproxy.cn https://goproxy.cn,https://mirrors.aliyun.com/goproxy/,https://goproxy.io',
    );
    const { notes } = resolveWith(old(), 'cn', {
      overrides: [{ kind: 'gomod', value: 'https://a.example|https://b.example' }],
    });
    expect(notes.map(({ code }) => code)).toContain('goproxy-commas');
  });
  it('is one proxy before Go 1.13, which takes a list for one URL', () => {
    const older = scanOf(edited(tree, 'Dockerfile', [['GO_VERSION=1.16.12', 'GO_VERSION=1.12.17']]));
    expect(met('cn', {}, older)['rootlesskit/gomod']).toBe('mirror goproxy.cn https://goproxy.cn');
    const given = { overrides: [{ kind: 'gomod' as const, value: 'https://a.example|https://b.example' }] };
    const { points, notes } = resolveWith(older, 'cn', given);
    expect(points.map(({ to }) => to)).toContain('https://a.example');
    expect(notes.map(({ code }) => code)).toContain('goproxy-first');
  });
  it('reads the version of the image that is given', () => {
    expect(
      met('cn', { images: { golang: 'registry.example/golang:1.19-buster' } }, old())['rootlesskit/gomod'],
    ).toContain('|');
  });
  it('is set in the environment only where the tree does not export it', () => {
    expect(resolveWith(found, 'cn').goproxy).toBeNull();
    const plain = edited(tree, 'hack/dockerfile/install/rootlesskit.installer', [
      ['\texport GOPROXY=', '\t: unset GOPROXY='],
    ]);
    expect(resolveWith(scanOf(plain), 'cn').goproxy).toContain('https://goproxy.cn|');
  });
  it('is not set for what go get without modules clones', () => {
    const points = found.points.map((point) =>
      point.kind === 'gomod'
        ? { ...point, anchor: null, url: 'github.com/a/b', host: 'github.com', module: 'github.com/a/b' }
        : point,
    );
    const order: ResolveInput['order'] = (_kind, _point, list) => list.map((each) => ({ ...each, sumdb: false }));
    const { goproxy, gosumdb, points: decided } = resolveWith({ ...found, points }, 'cn', { order });
    expect(decided[points.findIndex(({ kind, inClosure }) => kind === 'gomod' && inClosure)]?.redirect).toBeDefined();
    expect([goproxy, gosumdb]).toEqual([null, null]);
  });
  it('takes one checksum database', () => {
    expect(resolveWith(found, 'cn', { overrides: [{ kind: 'gosumdb', value: 'off' }] }).gosumdb).toBe('off');
  });

  const alias = 'sum.golang.google.cn';
  const given = (value: string): Partial<ResolveInput> => ({ overrides: [{ kind: 'gosumdb', value }] });
  it.each<[string, readonly (boolean | undefined)[], Partial<ResolveInput>, string | null]>([
    ['no proxy passes it on', [false, false, false], {}, alias],
    ['one of them does', [false, false, true], {}, null],
    ['nobody looked', [undefined, undefined, undefined], {}, null],
    ['nobody looked at one of them', [false, undefined, false], {}, null],
    ['the official proxy comes first', [], {}, null],
    ['a flag says another', [false, false, false], given('own.example+ce6e7565+AY5q'), 'own.example+ce6e7565+AY5q'],
    ['a flag says its own name', [false, false, false], given('official'), null],
    ['a flag says off', [true, true, true], given('off'), 'off'],
  ])('asks the checksum database by its other name only where %s', (_, passedOn, more, expected) => {
    const order: ResolveInput['order'] = (kind, _point, list) => {
      if (kind !== 'gomod') return list;
      if (passedOn.length === 0) return [{ id: null, via: 'upstream', template: null, entry: null, byFlag: false }];
      return list.map((candidate, index) => ({ ...candidate, sumdb: passedOn[index] }));
    };
    const { gosumdb, notes } = resolveWith(found, 'cn', { order, ...more });
    expect(gosumdb).toBe(expected);
    expect(notes.some(({ code }) => code === 'sumdb-alias')).toBe(expected === alias);
  });
});

describe('images', () => {
  it.each([
    [{ golang: 'x' }, null],
    [{ golang: 'registry.example:5000/a/golang:1@sha256:' + 'a'.repeat(64) }, null],
    [{ golang: 'golang:$(id)' }, 'hostile-value'],
    [{ golang: 'golang:1 AS x' }, 'hostile-value'],
    [{ golang: 'golang\nRUN id' }, 'hostile-value'],
    [{ golang: 'Golang' }, 'bad-mirror'],
    [{ golang: 'https://x/golang' }, 'bad-mirror'],
    [{ gollang: 'golang:1' }, 'bad-image'],
  ])('--image %j: %s', (images, code) => {
    const call = () => resolveWith(found, 'cn', { images, suite: 'buster' });
    if (code === null)
      expect(call().points[found.points.findIndex(({ id }) => id === 'base/image')]?.to).toBe(images.golang);
    else expect([failureOf(call).code, failureOf(call).exitCode]).toEqual([code, EXIT.usage]);
  });
  it.each([
    ['builtin', 'dropped'],
    ['hub.example/docker/dockerfile:1.2', 'mirror flag hub.example/docker/dockerfile:1.2'],
  ])('--frontend %s', (frontend, how) => {
    expect(met('163', { frontend })['(frontend)/frontend']).toBe(how);
  });
  it.each(['docker/dockerfile:1.2\nRUN id', 'a b', 'Ä', '-'])('--frontend %j is exit 2', (frontend) => {
    expect(failureOf(() => resolveWith(found, 'cn', { frontend })).exitCode).toBe(EXIT.usage);
  });
});

describe('outside the closure', () => {
  const outside = (all: boolean) => {
    const { points } = resolveWith(found, 'cn', { all });
    return new Map(found.points.flatMap((point, index) => (point.inClosure ? [] : [[point.id, points[index]?.via]])));
  };
  it('is left, but for what the sources of base cover', () => {
    const vias = outside(false);
    expect([
      vias.get('registry/git'),
      vias.get('criu/apt'),
      vias.get('frozen-images/apt'),
      vias.get('criu/http'),
    ]).toEqual(['none', 'mirror', 'none', 'none']);
  });
  it('is rewritten on request', () => {
    const vias = outside(true);
    expect([vias.get('registry/git'), vias.get('frozen-images/image'), vias.get('criu/http')]).toEqual([
      'mirror',
      'mirror',
      'mirror',
    ]);
  });
});

describe('a Go proxy of the user', () => {
  it.each([
    // Nobody asked it: go asks the database itself where it is not passed on.
    ['https://go.corp.example/artifactory/api/go/go', ['sumdb-unknown']],
    ['https://a.example,https://b.example', ['sumdb-unknown']],
    ['https://a.example,direct', ['goproxy-direct', 'sumdb-unknown']],
    ['goproxy.cn', []],
  ])('%s: %j is told', (value, codes) => {
    const { notes, gosumdb } = resolveWith(found, 'cn', { overrides: [{ kind: 'gomod', value }] });
    expect(notes.map(({ code }) => code).filter((code) => /sumdb|goproxy-d/u.test(code))).toEqual(codes);
    // The check is left on, with the database that Go knows.
    expect(gosumdb).toBeNull();
  });

  it('names the way out, and says nothing where a database is given', () => {
    const gomod = { kind: 'gomod', value: 'https://a.example' } as const;
    const { notes } = resolveWith(found, 'cn', { overrides: [gomod] });
    expect(notes.find(({ code }) => code === 'sumdb-unknown')?.hint).toMatch(
      /--mirror gosumdb=sum\.golang\.google\.cn/u,
    );
    const given = resolveWith(found, 'cn', {
      overrides: [gomod, { kind: 'gosumdb', value: 'sum.golang.google.cn' }],
    });
    expect(given.notes.map(({ code }) => code)).not.toContain('sumdb-unknown');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import type { Tree } from '../../../src/types.ts';
import { edited, lightTree, scanOf } from '../mirrors/fixtures.ts';
import { planFor, treeAfterPlan } from './fixtures.ts';

const INSTALL = 'hack/dockerfile/install';
let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

describe('flags', () => {
  it('--without vpnkit empties its stage; what copies from it goes on', () => {
    const { text } = planFor(tree, 'cn', { without: ['vpnkit'] }).after.get('Dockerfile') ?? { text: '' };
    expect(text).toContain('FROM scratch AS vpnkit\nWORKDIR /build\n');
    expect(text).toContain('COPY --from=vpnkit      /build/ /usr/local/bin/');
    expect(text).not.toMatch(/djs55|COPY --from=vpnkit-/);
  });

  it('--without vpnkit on the shape of 20.10.0: one image, copied by name', () => {
    const old = edited(tree, 'Dockerfile', [
      [
        'FROM --platform=amd64 djs55/vpnkit:${VPNKIT_VERSION} AS vpnkit-amd64\n\nFROM --platform=arm64 djs55/vpnkit:${VPNKIT_VERSION} AS vpnkit-arm64\n\nFROM scratch AS vpnkit\n',
        'FROM djs55/vpnkit:${VPNKIT_VERSION} AS vpnkit\n',
      ],
      [
        'COPY --from=vpnkit-amd64 /vpnkit /build/vpnkit.x86_64\nCOPY --from=vpnkit-arm64 /vpnkit /build/vpnkit.aarch64\n',
        '',
      ],
    ]);
    const text = (old.get('Dockerfile')?.text ?? '').replaceAll(
      /COPY --from=vpnkit +\/build\/ \/usr\/local\/bin\//g,
      'COPY --from=vpnkit /vpnkit /usr/local/bin/vpnkit.x86_64',
    );
    const { after } = planFor(new Map([...old, ['Dockerfile', { text, mode: '100644' }]]), 'cn', {
      without: ['vpnkit'],
    });
    expect(after.get('Dockerfile')?.text).toContain('FROM scratch AS vpnkit\nWORKDIR /build\n');
    expect(after.get('Dockerfile')?.text).not.toContain('/vpnkit ');
  });

  it('says what is contacted in place of each point, also where a flag moves it', () => {
    const of = (flags: Parameters<typeof planFor>[2]) => planFor(tree, 'cn', flags).becomes;
    expect(of({}).get('base/image')).toBe('docker.m.daocloud.io/library/golang:1.16.12-buster');
    expect(of({ suite: 'bookworm' }).get('base/image')).toBe('docker.m.daocloud.io/library/golang:1.16.12-bookworm');
    const own = `registry.example/team/golang:1.16-bullseye@sha256:${'1'.repeat(64)}`;
    expect(of({ images: { golang: own } }).get('base/image')).toBe(own);
    // Gone from the planned tree.
    expect(of({}).has('(frontend)/frontend')).toBe(false);
    expect(planFor(tree, 'cn', { without: ['vpnkit'] }).becomes.size).toBeLessThan(of({}).size);
  });

  it('--suite moves base image, sources, pins and what edits sources.list', () => {
    const plan = planFor(tree, 'cn', { suite: 'bookworm' });
    const { text } = plan.after.get('Dockerfile') ?? { text: '' };
    expect(text).toContain('ARG BASE_DEBIAN_DISTRO="bookworm"');
    expect(text).not.toContain('buster');
    expect(text).toContain('libseccomp-dev \\');
    expect(text).toContain('RUN touch /etc/apt/sources.list\nARG APT_MIRROR\n');
    expect(text).toContain(
      'ADD sources.list /etc/apt/sources.list\nRUN rm -f /etc/apt/sources.list.d/debian.sources\n',
    );
    expect(plan.after.get('sources.list')?.text).toContain('bookworm-security');
    expect(plan.after.get('apt.conf')?.text).not.toContain('Check-Valid-Until');
  });

  it('--apt-keyring is put in as text that apt reads; signatures stay on', () => {
    const { after } = planFor(tree, 'cn', {
      aptKeyring: Uint8Array.of(0x99, 0, 1, 4),
      sourcesList: 'deb http://apt.example/debian trixie main',
    });
    expect(after.get('hack/dockerfile/debian-archive-keyring.asc')?.text).toContain('BEGIN PGP PUBLIC KEY BLOCK');
    expect(after.get('Dockerfile')?.text).toContain(
      'ADD hack/dockerfile/debian-archive-keyring.asc /etc/apt/trusted.gpg.d/debian-archive-keyring.asc\n',
    );
    expect(after.get('sources.list')?.text).toBe('deb http://apt.example/debian trixie main');
    expect([...after.values()].map(({ text }) => text).join('')).not.toMatch(/trusted\s*=|allow-insecure/i);
  });

  it('--all rewrites what a rule is for outside the closure', () => {
    const { after } = planFor(tree, 'cn', { all: true });
    expect(after.get(`${INSTALL}/tomlv.installer`)?.text).toContain('https://ghfast.top/https://github.com/');
    expect(after.get('Dockerfile')?.text).toContain(
      'git clone https://ghfast.top/https://github.com/docker/distribution.git .',
    );
    expect(after.get('Dockerfile')?.text).toContain(
      'FROM docker.m.daocloud.io/library/debian:${BASE_DEBIAN_DISTRO} AS frozen-images',
    );
    expect([...planFor(tree, 'cn').after.keys()]).not.toContain(`${INSTALL}/tomlv.installer`);
  });

  it('GOPROXY with | in a word without quotes gets them', () => {
    const path = `${INSTALL}/rootlesskit.installer`;
    const text = (tree.get(path)?.text ?? '').replace(/export GOPROXY="([^"]*)"/, 'export GOPROXY=$1');
    const bare: Tree = new Map([...tree, [path, { text, mode: '100755' }]]);
    expect(text).toMatch(/export GOPROXY=https/);
    expect(planFor(bare, 'cn').after.get(path)?.text).toContain('export GOPROXY="https://goproxy.cn|');
  });
});

const FLAGS: [string, Partial<ResolveInput>][] = [
  ['nothing', {}],
  ['--without vpnkit', { without: ['vpnkit'] }],
  ['--suite bookworm', { suite: 'bookworm' }],
  ['--all', { all: true }],
  ['--image', { images: { golang: 'registry.example/go:1.19-bookworm', 'djs55/vpnkit': 'registry.example/vpnkit:1' } }],
  ['--frontend builtin', { frontend: 'builtin' }],
  [
    'prefix',
    {
      frontend: 'hub.example/docker/dockerfile:1.2',
      overrides: [
        { kind: 'git', value: 'https://p.example' },
        { kind: 'image', value: 'hub.example' },
      ],
    },
  ],
  [
    'host',
    {
      overrides: [
        { kind: 'git', value: 'https://h.example/{path}' },
        { kind: 'image', value: 'hub.example:5000/{host}/{image}' },
      ],
    },
  ],
  [
    'path',
    {
      overrides: [
        { kind: 'git', value: 'https://g.example/{owner}-{repo}' },
        { kind: 'apt', value: 'https://a.example/b' },
        { kind: 'gomod', value: 'https://go.example' },
        { kind: 'gosumdb', value: 'off' },
      ],
    },
  ],
];

const MATRIX = ['163', 'cn', 'upstream', 'direct'].flatMap((profile) =>
  FLAGS.map(([name, flags]) => [profile, 'arm64', name, flags] as const),
);

it.each([
  ...MATRIX,
  ['cn', 'amd64', 'nothing', {}] as const,
  ['163', 'amd64', '--without vpnkit', { without: ['vpnkit'] }] as const,
])('profile %s on %s with %s: proven, and nothing the second time', (profile, arch, _, flags) => {
  const plan = planFor(tree, profile, flags, { arch });
  const { totals, points } = plan;
  expect(totals.covered + totals.uncovered).toBe(totals.closure);
  expect(totals.closure).toBe(points.filter(({ inClosure }) => inClosure).length);
  if (profile !== '163') expect(totals.uncovered).toBe(0);

  const again = planFor(treeAfterPlan(tree, plan), profile, flags, { arch });
  expect(again.patches).toEqual([]);
  // Points that went with an image of the user's are no longer counted among those left.
  expect(again.totals.uncovered).toBeLessThanOrEqual(totals.uncovered);
  const said = again.notes.some(
    ({ code, message }) => code === 'already-applied' && message.endsWith('nothing changes.'),
  );
  expect(said).toBe(plan.patches.length > 0);
});

describe('going from one plan to another', () => {
  it('takes the old mirror away', () => {
    const first = treeAfterPlan(tree, planFor(tree, '163'));
    const second = treeAfterPlan(first, planFor(first, 'cn'));
    const all = [...second.values()].map(({ text }) => text).join('');
    // 163 carries archived suites, so it stands in the list of profile cn too.
    expect(all).not.toMatch(/ghproxy\.com|mirrors\.163\.com\/debian\//);
    expect(
      scanOf(second)
        .points.filter(({ inClosure, kind }) => inClosure && kind === 'git')
        .map(({ host }) => host),
    ).toEqual(Array(5).fill('ghfast.top'));
  });
  it('back to upstream where that has a text', () => {
    const cn = treeAfterPlan(tree, planFor(tree, 'cn'));
    const back = treeAfterPlan(
      cn,
      planFor(cn, 'upstream', { overrides: [{ kind: 'gomod', value: 'https://go.example' }] }),
    );
    for (const name of ['containerd', 'proxy', 'runc', 'tini']) {
      expect(back.get(`${INSTALL}/${name}.installer`)).toEqual(tree.get(`${INSTALL}/${name}.installer`));
    }
    expect(back.get('Dockerfile')?.text).toContain('ARG GOLANG_IMAGE="golang:${GO_VERSION}-${BASE_DEBIAN_DISTRO}"');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT, MobyBuildError } from '../../../src/errors.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve.ts';
import type { Tree } from '../../../src/types.ts';
import { edited, lightTree, onRelease, scanOf } from '../mirrors/fixtures.ts';
import { changedLines, planFor, treeAfterPlan } from './fixtures.ts';

const INSTALL = 'hack/dockerfile/install';
let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

function failure(call: () => unknown): MobyBuildError {
  try {
    call();
  } catch (error) {
    if (error instanceof MobyBuildError) return error;
    throw error;
  }
  throw new Error('it did not throw');
}

describe('profile 163', () => {
  const clone = (url: string, into: string) => [
    `-\tgit clone https://github.com/${url} "$GOPATH/${into}"`,
    `+\tgit clone https://ghproxy.com/https://github.com/${url} "$GOPATH/${into}"`,
  ];

  it('is the recipe to the letter, no more and no less', () => {
    expect(changedLines(tree, planFor(tree, '163'))).toEqual({
      Dockerfile: ['+ADD sources.list /etc/apt/sources.list'],
      [`${INSTALL}/containerd.installer`]: clone('containerd/containerd.git', 'src/github.com/containerd/containerd'),
      [`${INSTALL}/proxy.installer`]: clone('docker/libnetwork.git', 'src/github.com/docker/libnetwork'),
      [`${INSTALL}/rootlesskit.installer`]: ['+\texport GOPROXY="https://goproxy.cn"'],
      [`${INSTALL}/runc.installer`]: clone('opencontainers/runc.git', 'src/github.com/opencontainers/runc'),
      [`${INSTALL}/tini.installer`]: clone('krallin/tini.git', 'tini'),
      'sources.list': [
        '-', // An absent file is one empty line here.
        '+deb http://mirrors.163.com/debian/ buster main non-free contrib',
        '+deb http://mirrors.163.com/debian/ buster-updates main non-free contrib',
        '+deb http://mirrors.163.com/debian/ buster-backports main non-free contrib',
        '+deb-src http://mirrors.163.com/debian/ buster main non-free contrib',
        '+deb-src http://mirrors.163.com/debian/ buster-updates main non-free contrib',
        '+deb-src http://mirrors.163.com/debian/ buster-backports main non-free contrib',
        '+deb http://mirrors.163.com/debian-security/ buster/updates main non-free contrib',
        '+deb-src http://mirrors.163.com/debian-security/ buster/updates main non-free contrib',
        '+',
      ].filter((line) => line !== '-' && line !== '+'),
    });
  });

  it('puts its lines where the recipe says', () => {
    const { after } = planFor(tree, '163');
    expect(after.get('Dockerfile')?.text).toMatch(
      /\/etc\/apt\/sources\.list\nADD sources\.list \/etc\/apt\/sources\.list\nENV GO111MODULE=off\n/,
    );
    expect(after.get(`${INSTALL}/rootlesskit.installer`)?.text).toMatch(
      /\n\texport GOPROXY="https:\/\/go[^"]*"\n\texport GOPROXY="https:\/\/goproxy\.cn"\n\tfor f in rootlesskit rootlesskit-docker-proxy; do\n/,
    );
  });

  it('says which six places it leaves', () => {
    const { totals, notes } = planFor(tree, '163');
    expect(totals).toMatchObject({ closure: 14, covered: 8, uncovered: 6 });
    const { message } = notes.find(({ code }) => code === 'uncovered') ?? { message: '' };
    expect(message.split('\n')).toHaveLength(7);
    expect(message).toContain('Dockerfile:1 docker.io/docker/dockerfile:1.2');
  });

  it('keeps its shape on another release: no backports, and GOPROXY in the environment where no installer exports it', () => {
    const other = edited(onRelease(tree, 'bullseye'), `${INSTALL}/rootlesskit.installer`, [
      ['\texport GOPROXY=', '\t: GOPROXY='],
    ]);
    const lines = changedLines(other, planFor(other, '163'));
    expect(lines['sources.list']?.filter((line) => line.startsWith('+deb'))).toHaveLength(6);
    expect(lines['sources.list']).toContain(
      '+deb http://mirrors.163.com/debian-security/ bullseye-security main non-free contrib',
    );
    expect(lines['Dockerfile']).toEqual(['+ADD sources.list /etc/apt/sources.list', '+ENV GOPROXY=https://goproxy.cn']);
    expect(Object.keys(lines)).not.toContain(`${INSTALL}/rootlesskit.installer`);
  });
});

describe('profile cn', () => {
  it('is one patch for each concern, in order', () => {
    expect(planFor(tree, 'cn').patches.map(({ name }) => name)).toEqual([
      '0001-frontend.patch',
      '0002-base-images.patch',
      '0003-apt-sources-of-stage-base.patch',
      '0004-added-apt-sources.patch',
      '0005-git-clones.patch',
      '0006-go-modules.patch',
    ]);
  });

  it('gives each patch the tree that the ones before it leave', () => {
    const { patches, after } = planFor(tree, 'cn');
    const state = new Map(tree);
    for (const { changes } of patches) {
      for (const change of changes) {
        expect(state.get(change.path) ?? null).toEqual(change.before);
        if (change.after !== null) state.set(change.path, change.after);
      }
    }
    for (const [path, file] of after) expect(state.get(path)).toEqual(file);
  });

  it('leaves import paths alone and installers without side effects', () => {
    const { after } = planFor(tree, 'cn');
    const text = after.get(`${INSTALL}/containerd.installer`)?.text ?? '';
    expect(text).toContain('"$GOPATH/src/github.com/containerd/containerd"');
    for (const [path, file] of after) {
      if (!path.endsWith('.installer')) continue;
      const inside = file.text.split('\n').filter((line) => line.startsWith('\t'));
      expect(inside.join('\n')).toMatch(/goproxy\.cn|ghfast\.top/);
      expect(file.text.split('\n').filter((line) => !line.startsWith('\t'))).toEqual(
        tree
          .get(path)
          ?.text.split('\n')
          .filter((line) => !line.startsWith('\t')),
      );
    }
  });
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
    expect([...plan.after.keys()]).not.toContain('apt.conf');
  });

  it('--apt-keyring is put in as text that apt reads; signatures stay on', () => {
    const { after } = planFor(tree, 'cn', {
      aptKeyring: Uint8Array.of(0x99, 0, 1, 4),
      sourcesList: 'deb http://apt.example/debian trixie main',
    });
    expect(after.get('debian-archive-keyring.asc')?.text).toContain('BEGIN PGP PUBLIC KEY BLOCK');
    expect(after.get('Dockerfile')?.text).toContain(
      'ADD debian-archive-keyring.asc /etc/apt/trusted.gpg.d/debian-archive-keyring.asc\n',
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
    expect(all).not.toMatch(/ghproxy\.com|mirrors\.163\.com/);
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

describe('a tree that does not fit', () => {
  it.each<[string, string, [string, string][], Partial<ResolveInput>, string, RegExp]>([
    ['no ENV GO111MODULE=off', 'Dockerfile', [['ENV GO111MODULE=off\n', '']], {}, 'apt-conf-add', /1|one.*(?:0|none)/],
    [
      'two of them',
      'Dockerfile',
      [['ENV GO111MODULE=off\n', 'ENV GO111MODULE=off\nENV GO111MODULE=off\n']],
      {},
      'apt-conf-add',
      /but has 2/,
    ],
    [
      'a source added together with more',
      'Dockerfile',
      [["RUN echo 'deb", "RUN true && echo 'deb"]],
      { suite: 'bookworm' },
      'suite-backports-source',
      /another one/,
    ],
    [
      'no pins',
      'Dockerfile',
      [
        ['/buster-backports \\', ' \\'],
        [':arm64/buster-backports', ':arm64'],
      ],
      { suite: 'bookworm' },
      'suite-backports-pins',
      /none/,
    ],
    [
      'no BASE_DEBIAN_DISTRO',
      'Dockerfile',
      [
        ['ARG BASE_DEBIAN_DISTRO="buster"\n', ''],
        ['${BASE_DEBIAN_DISTRO}', 'buster'],
      ],
      { suite: 'bookworm' },
      'suite-arg',
      /none/,
    ],
    [
      'one COPY of vpnkit',
      'Dockerfile',
      [['COPY --from=vpnkit-amd64 /vpnkit /build/vpnkit.x86_64\n', '']],
      { without: ['vpnkit'] },
      'vpnkit-copies',
      /2 places, but has 1/,
    ],
  ])('%s is exit 4 and names rule and file', (_, path, replacements, flags, rule, seen) => {
    const error = failure(() => planFor(edited(tree, path, replacements), 'cn', flags));
    expect([error.code, error.exitCode]).toEqual(['rule-mismatch', EXIT.tree]);
    expect(error.message).toContain(`Rule ${rule} `);
    expect(error.message).toMatch(seen);
    expect(error.where).toMatch(/^Dockerfile(?::\d+)?$/);
  });

  it('no loop for the export of the recipe', () => {
    const other = edited(tree, `${INSTALL}/rootlesskit.installer`, [
      ['for f in rootlesskit rootlesskit-docker-proxy', 'for f in rootlesskit rootlesskit-docker-proxy more'],
    ]);
    const error = failure(() => planFor(other, '163'));
    expect(error.message).toContain('Rule goproxy-export-before-loop ');
    expect(error.where).toMatch(/rootlesskit\.installer:\d+$/);
  });

  it('a sources.list of its own is not overwritten', () => {
    const own: Tree = new Map([...tree, ['sources.list', { text: 'theirs\n', mode: '100644' }]]);
    expect(failure(() => planFor(own, 'cn')).message).toContain('Rule apt-sources-file ');
  });

  it('another sources.list of ours is brought up to date', () => {
    const first = treeAfterPlan(tree, planFor(tree, 'cn'));
    const plan = planFor(first, 'cn', { overrides: [{ kind: 'apt', value: 'http://apt.example' }] });
    expect(plan.after.get('sources.list')?.text).toContain('http://apt.example/debian buster');
    expect(plan.after.get('Dockerfile')?.text).not.toMatch(
      /sources\.list[^]*\nADD sources\.list[^]*\nADD sources\.list/,
    );
  });

  it('no Dockerfile at all', () => {
    const bare: Tree = new Map([...tree].filter(([path]) => path !== 'Dockerfile'));
    expect(failure(() => planFor(bare, 'cn')).exitCode).toBe(EXIT.tree);
  });

  it('keeps CRLF lines CRLF', () => {
    const crlf: Tree = new Map([
      ...tree,
      ['Dockerfile', { text: (tree.get('Dockerfile')?.text ?? '').replaceAll('\n', '\r\n'), mode: '100644' }],
    ]);
    const { text } = planFor(crlf, '163').after.get('Dockerfile') ?? { text: '' };
    expect(text).toContain('ADD sources.list /etc/apt/sources.list\r\nENV GO111MODULE=off\r\n');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Tree } from '../../../src/types.ts';
import { edited, lightTree, onRelease } from '../mirrors/fixtures.ts';
import { changedLines, planFor } from './fixtures.ts';

const INSTALL = 'hack/dockerfile/install';
let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

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
    expect(patches.length).toBeGreaterThan(3);
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
    const installers = [...after].filter(([path]) => path.endsWith('.installer'));
    expect(installers.length).toBeGreaterThan(3);
    for (const [path, file] of installers) {
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

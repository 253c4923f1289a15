import { beforeAll, describe, expect, it } from 'vitest';
import { adviceFor, brokenAddress } from '../../../src/egress/world/broken-address.ts';
import { hostOf } from '../../../src/egress/world/default-hosts.ts';
import { locateImage } from '../../../src/image-reference.ts';
import { EXIT } from '../../../src/errors.ts';
import type { Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree, scanOf } from '../mirrors/fixtures.ts';
import { planFor } from '../patching/fixtures.ts';

const INSTALL = 'hack/dockerfile/install';

describe('an address that nobody can have meant', () => {
  it.each([
    ['https://https://github.com/a/b.git', /scheme stands there twice/u],
    ['https://http://gitclone.com/github.com/a/b.git', /scheme stands there twice/u],
    ['http://http:/debian', /scheme stands there twice/u],
    ['https://ghproxy.example/https://ghproxy.example/https://github.com/a/b', /ghproxy\.example stands there twice/u],
    ['https://ghproxy.comcontainerd/containerd.git', /a slash is missing/u],
    ['https://ghproxy.topopencontainers/runc.git', /a slash is missing/u],
    ['https://<mirror>/a/b.git', /no name of a host/u],
    ['https://git..example/a/b.git', /no name of a host/u],
    ['https://YOUR MIRROR/a/b.git', /holds a space/u],
  ])('%s', (url, reason) => {
    expect(brokenAddress({ kind: 'git', url, host: hostOf(url) })).toMatch(reason);
  });

  it.each([
    ['<mirror>/golang:1.19', /no reference to an image/u],
    ['GoLang:1.19', /no reference to an image/u],
    ['golang:1.19:1.19', /no reference to an image/u],
    ['m.example/library/m.example/library/golang:1.19', /m\.example stands there twice/u],
  ])('image %s', (reference, reason) => {
    expect(brokenAddress({ kind: 'image', ...locateImage(reference) })).toMatch(reason);
  });

  it.each([
    ['git', 'https://github.com/containerd/containerd.git'],
    ['git', 'https://ghproxy.example/https://github.com/containerd/containerd.git'],
    ['git', 'https://gitclone.com/github.com/moby/moby.git'],
    ['git', 'https://mirrors.example:8443/git/{owner}/runc.git'],
    // What the variables hold is not known.
    ['git', 'https://${MIRROR}/a/b.git'],
    ['http', 'http://[2001:db8::1]:8080/x.tar.gz'],
    ['http', 'https://köln.example/x'],
    ['apt', 'http://<debian default>/debian'],
    ['apt-source', 'http://mirrors.example/debian'],
    ['gomod', 'https://<go default>'],
    // A registry that proxies another has its name in the path.
    ['image', 'm.daocloud.io/docker.io/library/golang:1.19'],
    ['image', 'localhost:5000/golang:1.19'],
    ['image', 'golang:${GO_VERSION}'],
  ] as const)('is not: %s %s', (kind, url) => {
    const host = /<\w+ default>/u.exec(url)?.[0] ?? hostOf(url);
    const where = kind === 'image' ? locateImage(url) : { url, host };
    expect(brokenAddress({ kind, ...where })).toBeNull();
  });
});

describe('a tree that a replacement broke', () => {
  let tree: Tree;
  beforeAll(async () => {
    tree = await lightTree();
  });

  it.each([
    [`${INSTALL}/runc.installer`, 'https://github.com/', 'https://ghproxy.com'],
    [`${INSTALL}/runc.installer`, 'https://github.com/', 'https://https://github.com/'],
    ['Dockerfile', '"golang:', '"m.example/library/m.example/library/golang:'],
  ])('%s is named with its line, and nothing is planned', (file, from, to) => {
    const broken = edited(tree, file, [[from, to]]);
    const { unknown } = scanOf(broken);
    const [place] = unknown.filter((each) => each.inClosure);
    expect(place).toMatchObject({ file: file, reason: expect.stringMatching(/^its address is broken: /u) as string });
    expect(adviceFor(unknown)).toMatchObject({ command: `git diff HEAD -- ${file}` });
  });

  it.each([
    ['RUN --mount=type=cache,,target=/x true', /the field "" of a mount/u],
    ['RUN --mount=type=cache,target true', /the field "target" of a mount/u],
  ])('%s is no Dockerfile', (line, message) => {
    const broken = edited(tree, 'Dockerfile', [['FROM dev-base AS tini', `FROM dev-base AS tini\n${line}`]]);
    expect(failureOf(() => planFor(broken, 'cn'))).toMatchObject({
      exitCode: EXIT.tree,
      message: expect.stringMatching(message) as string,
    });
  });

  it('a mount may have words without a value', () => {
    const whole = edited(tree, 'Dockerfile', [
      ['FROM dev-base AS tini', 'FROM dev-base AS tini\nRUN --mount=type=bind,rw,target=/x,required true'],
    ]);
    expect(scanOf(whole).unknown).toHaveLength(scanOf(tree).unknown.length);
  });
});

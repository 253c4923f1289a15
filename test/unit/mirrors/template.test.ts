import { describe, expect, it } from 'vitest';
import {
  expandImageTemplate,
  expandUrl,
  parseTemplate,
  splitUrl,
  upstreamOf,
} from '../../../src/mirrors/catalogue/template.ts';
import type { MirrorKind } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';

const RUNC = 'https://github.com/opencontainers/runc.git';
const GOLANG = 'golang:${GO_VERSION}-${BASE_DEBIAN_DISTRO}';

function upstream(url: string) {
  const split = splitUrl(url);
  if (split === null) throw new Error(url);
  return split;
}

describe('git templates', () => {
  it.each([
    ['https://ghfast.top', 'https://ghfast.top/https://github.com/opencontainers/runc.git'],
    ['https://ghfast.top/', 'https://ghfast.top/https://github.com/opencontainers/runc.git'],
    ['https://ghfast.top/{url}', 'https://ghfast.top/https://github.com/opencontainers/runc.git'],
    ['https://git.example/mirrors/{owner}/{repo}.git', 'https://git.example/mirrors/opencontainers/runc.git'],
    ['https://githubfast.com/{path}', 'https://githubfast.com/opencontainers/runc.git'],
    ['https://gitclone.com/{host}/{path}', 'https://gitclone.com/github.com/opencontainers/runc.git'],
    ['http://127.0.0.1:8080/x/{owner}-{repo}', 'http://127.0.0.1:8080/x/opencontainers-runc'],
  ])('%s makes %s, and knows it again', (value, made) => {
    const template = parseTemplate('git', value);
    expect(expandUrl(template, upstream(RUNC))).toBe(made);
    expect(upstreamOf(template, made)).not.toBeNull();
    expect(upstreamOf(template, RUNC)).toBeNull();
  });

  it.each([
    ['https://ghfast.top/{url}', 'https://ghfast.top/https://github.com/a/b.git', 'https://github.com/a/b.git'],
    ['https://git.example/m/{owner}/{repo}.git', 'https://git.example/m/a/b.git', 'https://github.com/a/b.git'],
    ['https://githubfast.com/{path}', 'https://githubfast.com/a/b', 'https://github.com/a/b'],
    ['https://x.example/{host}/{path}', 'https://x.example/gitlab.com/a/b.git', 'https://gitlab.com/a/b.git'],
  ])('%s of %s is %s', (value, text, original) => {
    expect(upstreamOf(parseTemplate('git', value), text)).toBe(original);
  });

  it.each([
    'https://git.example',
    'https://git.example/{path}',
    'https://git.example/m/{owner}/{repo}.git',
    'https://git.example/{host}/{owner}/{repo}.git',
  ])('%s keeps the pin of an ADD', (value) => {
    const pinned = 'https://github.com/tc-hib/go-winres.git?ref=${GOWINRES_VERSION}&keep-git-dir=1';
    const template = parseTemplate('git', value);
    const made = expandUrl(template, upstream(pinned));
    expect(made).toMatch(/^https:\/\/git\.example\/.*go-winres\.git\?ref=\$\{GOWINRES_VERSION\}&keep-git-dir=1$/u);
    expect(upstreamOf(template, made)).toBe(pinned);
  });

  it('takes a dot of the value for a dot', () => {
    expect(
      upstreamOf(parseTemplate('git', 'https://git.example'), 'https://gitXexample/https://github.com/a/b.git'),
    ).toBeNull();
  });
});

describe('image templates', () => {
  it.each([
    ['docker.m.daocloud.io', 'docker.m.daocloud.io/library/golang:${GO_VERSION}-${BASE_DEBIAN_DISTRO}'],
    ['harbor.example/hub/{image}', 'harbor.example/hub/library/golang:${GO_VERSION}-${BASE_DEBIAN_DISTRO}'],
    ['m.example:5000/{host}/{image}', 'm.example:5000/docker.io/library/golang:${GO_VERSION}-${BASE_DEBIAN_DISTRO}'],
  ])('%s keeps the variables of the tree: %s', (value, made) => {
    const template = parseTemplate('image', value);
    expect(expandImageTemplate(template, GOLANG)).toBe(made);
    expect(upstreamOf(template, made)).toBe(GOLANG);
  });

  it.each([
    ['djs55/vpnkit:${VPNKIT_VERSION}', 'hub.example/djs55/vpnkit:${VPNKIT_VERSION}'],
    [`busybox@sha256:${'a'.repeat(64)}`, `hub.example/library/busybox@sha256:${'a'.repeat(64)}`],
    ['debian', 'hub.example/library/debian'],
  ])('%s becomes %s', (image, made) => {
    expect(expandImageTemplate(parseTemplate('image', 'hub.example'), image)).toBe(made);
  });

  it.each([
    ['r.example/team/{short}', 'golang:1.24', 'r.example/team/golang:1.24'],
    ['r.example/team/{short}', 'djs55/vpnkit:${V}', 'r.example/team/djs55/vpnkit:${V}'],
    ['r.example:5000/team/{name}', 'golang:${V}-bookworm', 'r.example:5000/team/golang:${V}-bookworm'],
    ['r.example/{name}', 'djs55/vpnkit:${V}', 'r.example/vpnkit:${V}'],
    ['r.example/{name}', 'tonistiigi/xx:1.6', 'r.example/xx:1.6'],
    ['localhost:5000/{name}', `busybox@sha256:${'a'.repeat(64)}`, `localhost:5000/busybox@sha256:${'a'.repeat(64)}`],
  ])('%s, which has no library/: %s is %s, and is known again', (value, image, made) => {
    const template = parseTemplate('image', value);
    expect(expandImageTemplate(template, image)).toBe(made);
    expect(upstreamOf(template, made)).toBe(image);
  });

  it('leaves a name that is a variable alone', () => {
    expect(expandImageTemplate(parseTemplate('image', 'hub.example'), '${IMAGE}')).toBeNull();
  });
});

describe('other kinds', () => {
  it.each<[MirrorKind, string, string]>([
    ['apt', 'http://apt.example/base/', 'http://apt.example/base'],
    ['apt-security', 'http://apt.example', 'http://apt.example'],
    ['apt', 'https://apt.example/debian', 'https://apt.example'],
    ['apt', 'https://apt.example/mirror/debian/', 'https://apt.example/mirror'],
    ['apt', 'https://apt.example/debian-archive', 'https://apt.example/debian-archive'],
    ['apt', 'https://debian/x', 'https://debian/x'],
    ['apt-security', 'https://apt.example/debian-security/', 'https://apt.example'],
    ['apt-security', 'https://apt.example/debian', 'https://apt.example/debian'],
    ['gomod', 'https://goproxy.cn', 'https://goproxy.cn'],
    ['gomod', 'https://a.example|https://b.example,direct', 'https://a.example|https://b.example,direct'],
    ['gosumdb', 'off', 'off'],
    ['git', 'file:///srv/git/{repo}.git', 'file:///srv/git/{repo}.git'],
    ['git', 'file:///srv/git/{owner}/{repo}', 'file:///srv/git/{owner}/{repo}'],
    ['git', 'ssh://git.example/{path}', 'ssh://git.example/{path}'],
    ['gomod', 'file:///srv/go,https://a.example', 'file:///srv/go,https://a.example'],
    ['gosumdb', 'sum.golang.google.cn', 'sum.golang.google.cn'],
    [
      'gosumdb',
      'gosum.io+ce6e7565+AY5qEHUk/qmHc5btzW45JVoENfazw8LielDsaI+lEbq6',
      'gosum.io+ce6e7565+AY5qEHUk/qmHc5btzW45JVoENfazw8LielDsaI+lEbq6',
    ],
    ['http', 'https://dl.example', 'https://dl.example/{url}'],
    ['pip', 'https://pip.example/simple/', 'https://pip.example/simple'],
  ])('%s=%s', (kind, value, text) => {
    expect(parseTemplate(kind, value).text).toBe(text);
  });
});

describe('hostile values', () => {
  const marks = [
    '"',
    "'",
    ' ',
    '$',
    '`',
    ';',
    '&',
    '|',
    '\n',
    '\r',
    '\t',
    '\0',
    '\\',
    '#',
    '(',
    ')',
    '<',
    '>',
    '*',
    '?',
    '!',
    '[',
    ']',
    '^',
    '~',
    'é',
    '例',
    '\u202e',
    '😀',
  ];
  it.each(marks)('git: %j is exit 2 and is named', (mark) => {
    const error = failureOf(() => parseTemplate('git', `https://git.example/${mark}x`));
    expect([error.exitCode, error.code, error.where]).toEqual([2, 'hostile-value', '--mirror git']);
    expect(error.message).toContain(/^[!-~]$/.test(mark) ? `"${mark}"` : 'U+');
    expect(error.message).toContain('character 21');
  });

  it.each<[MirrorKind, string, string]>([
    ['image', 'hub.example/$(id)/{image}', 'hostile-value'],
    ['apt', 'http://apt.example/a b', 'hostile-value'],
    ['gomod', 'https://go.example;id', 'hostile-value'],
    ['gosumdb', 'sum.example https://x.example', 'bad-mirror'],
    ['git', `https://git.example/${'a'.repeat(5000)}`, 'hostile-value'],
    ['git', 'https://user@git.example/{url}', 'secret-in-url'],
    ['git', 'https://user:pass@git.example/{url}', 'secret-in-url'],
    ['git', 'https://{host}:x@git.example/{path}', 'secret-in-url'],
    ['apt', 'http://user:pass@apt.example', 'secret-in-url'],
    ['gomod', 'https://a.example,https://u:p@b.example', 'secret-in-url'],
    ['git', '', 'bad-mirror'],
    ['git', 'git.example', 'bad-mirror'],
    ['git', 'https:/git.example', 'bad-mirror'],
    ['git', 'https://', 'bad-mirror'],
    ['git', 'ssh://git.example/{url}', 'bad-mirror'],
    ['git', 'file:///etc/{url}', 'bad-mirror'],
    ['git', 'https://git.example/{image}', 'bad-mirror'],
    ['git', 'https://git.example/{url', 'bad-mirror'],
    ['git', 'https://{url}', 'bad-mirror'],
    ['git', 'https://{path}/x', 'bad-mirror'],
    ['apt', 'http://apt.example/{repo}', 'bad-mirror'],
    ['image', 'https://hub.example', 'bad-mirror'],
    ['image', 'HUB.example/UPPER/{image}', 'bad-mirror'],
    ['image', 'hub.example/{image}:latest', 'bad-mirror'],
    ['image', 'hub.example/{host}', 'bad-mirror'],
    ['image', 'alyun', 'bad-mirror'],
    ['image', '{image}', 'bad-mirror'],
    ['gomod', 'goproxy.example', 'bad-mirror'],
    ['gomod', 'https://a.example,', 'bad-mirror'],
    ['gosumdb', 'a+b', 'bad-mirror'],
    // go knows no key of it: "malformed verifier id".
    ['gosumdb', 'sum.example', 'bad-mirror'],
  ])('%s=%s is exit 2, %s', (kind, value, code) => {
    const error = failureOf(() => parseTemplate(kind, value));
    expect([error.exitCode, error.code]).toEqual([2, code]);
  });
});

describe('the checksum database', () => {
  it.each([
    'sum.golang.google.cn',
    'sum.golang.google.cn https://proxy.example/sumdb/sum.golang.google.cn',
    'sum.corp.example+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8 http://sum.corp.example:8080',
    'off',
  ])('%s is taken', (value) => {
    expect(parseTemplate('gosumdb', value).text).toBe(value);
  });
  it.each([
    ['sum.golang.google.cn ftp://x.example', 'bad-mirror'],
    ['sum.golang.google.cn https://x.example https://y.example', 'hostile-value'],
    ['sum.golang.google.cn https://u:p@x.example', 'secret-in-url'],
    ['sum.golang.google.cn https://x.example/$(id)', 'hostile-value'],
    ['off https://x.example', 'hostile-value'],
    ['sum.other.example https://x.example', 'bad-mirror'],
  ])('%s is exit 2, %s', (value, code) => {
    const error = failureOf(() => parseTemplate('gosumdb', value));
    expect([error.exitCode, error.code]).toEqual([2, code]);
  });
});

describe('folders of this machine', () => {
  it.each<[MirrorKind, string, RegExp, RegExp]>([
    ['git', 'file://srv/{repo}.git', /no absolute path/u, /Three slashes/u],
    ['gomod', 'file://srv', /no absolute path/u, /Three slashes/u],
    ['http', 'file:///srv/{path}', /files of its image only/u, /http\.server/u],
    ['pip', 'file:///srv/pip', /files of its image only/u, /--mirror pip=http:/u],
  ])('%s=%s is refused with the way out', (kind, value, message, hint) => {
    expect(failureOf(() => parseTemplate(kind, value))).toMatchObject({
      code: 'bad-mirror',
      exitCode: 2,
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });
});

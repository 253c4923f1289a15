import { beforeAll, describe, expect, it } from 'vitest';
import { crossCompile } from '../../../src/patching/cross.ts';
import { scan } from '../../../src/egress/scan.ts';
import type { Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';
import { planFor, RULES } from './fixtures.ts';

const INSTALL = 'hack/dockerfile/install';
const GUARD = '\tif [ "$(go env GOOS)/$(go env GOARCH)" != "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" ]; then\n';
const PROBE = "if ! (echo '#include <libdevmapper.h>' | gcc -xc - -o /dev/null); then\n";
const INSTALLS = '\t\tGOBIN="${PREFIX}" GO111MODULE=on go install "example.org/cmd/${f}@v1"\n';

let light: Tree;
/** The light tree with the lines that 20.10.13 and later have besides. */
let tree: Tree;
beforeAll(async () => {
  light = await lightTree();
  tree = edited(light, 'hack/make/binary-daemon', [['echo "Copying', `${GUARD}\t\treturn\n\tfi\necho "Copying`]]);
  tree = edited(tree, 'hack/make.sh', [['VERSION=${VERSION:-dev}', `${PROBE}\ttrue\nfi\nVERSION=\${VERSION:-dev}`]]);
  const build = /^\t\tgo build .*\n/mu.exec(tree.get(`${INSTALL}/rootlesskit.installer`)?.text ?? '')?.[0] ?? '';
  tree = edited(tree, `${INSTALL}/rootlesskit.installer`, [[build, INSTALLS]]);
});

const textOf = (of: Tree, path: string): string => of.get(path)?.text ?? '';

describe('a tree that is cross-compiled', () => {
  it.each([
    ['arm64', 'amd64', 'aarch64-linux-gnu', 'gcc-aarch64-linux-gnu', 'aarch64'],
    ['amd64', 'arm64', 'x86_64-linux-gnu', 'gcc-x86-64-linux-gnu', 'x86_64'],
  ])('for %s on %s has its tools and its libraries', (arch, on, triple, compiler, uname) => {
    const { tree: after, patches } = crossCompile(tree, RULES, arch, on);
    expect(patches.map(({ name }) => name)).toEqual(['0001-cross-compile.patch']);
    const dockerfile = textOf(after, 'Dockerfile');
    expect(dockerfile).toContain('FROM --platform=$BUILDPLATFORM ${GOLANG_IMAGE} AS base\n');
    const tools = dockerfile.slice(
      dockerfile.indexOf(' as dev-base\n'),
      dockerfile.indexOf('FROM dev-base AS runtime'),
    );
    expect(tools).toContain(
      `ENV GOARCH=${arch} CGO_ENABLED=1 CC=${triple}-gcc PKG_CONFIG_LIBDIR=/usr/lib/${triple}/pkgconfig:`,
    );
    expect(tools).toContain(`dpkg --add-architecture ${arch} && apt-get update`);
    expect(tools).toContain(`${compiler} \\\n            libc6-dev:${arch}\n`);
    expect(dockerfile).toContain(`libseccomp-dev:${arch}/buster-backports \\\n            libudev-dev:${arch}\n`);
    expect(dockerfile).toContain(`libbtrfs-dev:${arch}\n`);
    // Outside the closure nothing changes.
    expect(dockerfile).toContain('            libnet-dev\n');
    const bundle = textOf(after, 'hack/make/binary-daemon');
    expect(bundle).toContain(`GOARCH)" != "linux/${arch}" ]`);
    expect(bundle.match(new RegExp(`"vpnkit\\.${uname}"`, 'gu'))).toHaveLength(2);
    expect(textOf(after, 'hack/make.sh')).toContain('| ${CC:-gcc} -xc - -o');
    expect(textOf(after, `${INSTALL}/rootlesskit.installer`)).toContain(
      `\t\tGO111MODULE=on go install "example.org/cmd/\${f}@v1"\n\t\tinstall -D "$GOPATH/bin/linux_${arch}/$f" "\${PREFIX}/$f"\n`,
    );
  });

  it('is so already the second time', () => {
    const once = crossCompile(tree, RULES, 'arm64', 'amd64').tree;
    expect(crossCompile(once, RULES, 'arm64', 'amd64')).toEqual({ tree: once, patches: [] });
  });

  it('stays as it is where the pair has no compiler here', () => {
    for (const [arch, on] of [
      ['amd64', 'amd64'],
      ['s390x', 'amd64'],
      ['386', 'amd64'],
      ['arm64', 'riscv64'],
    ] as const)
      expect(crossCompile(tree, RULES, arch, on)).toEqual({ tree, patches: [] });
  });

  it('asks apt in one more step, which the plan covers, too', () => {
    const before = scan(tree, { target: 'binary', arch: 'arm64' });
    const crossed = crossCompile(tree, RULES, 'arm64', 'amd64').tree;
    const more = scan(crossed, { target: 'binary', arch: 'arm64' }).points.filter(
      ({ id }) => !before.points.some((point) => point.id === id),
    );
    expect(more.map(({ id, kind }) => [id, kind])).toEqual([['dev-base/apt', 'apt']]);
    const plan = planFor(crossed, 'cn');
    expect(plan.points.find(({ id }) => id === 'dev-base/apt')?.via).toBe('mirror');
    expect(plan.totals.covered).toBe(plan.totals.closure);
  });

  it.each([
    ['the series before has none of these lines', (): Tree => light],
    ['ends of line of Windows', (): Tree => windows(tree)],
  ])('also where %s', (_, make) => {
    const after = crossCompile(make(), RULES, 'arm64', 'amd64').tree;
    expect(textOf(after, 'Dockerfile')).toContain('ENV GOARCH=arm64');
    expect(crossCompile(after, RULES, 'arm64', 'amd64').patches).toEqual([]);
  });
});

describe('a tree that does not fit is refused with its line', () => {
  it.each<[string, string, [string, string], RegExp]>([
    [
      'another base',
      'Dockerfile',
      ['FROM ${GOLANG_IMAGE}', 'FROM --platform=linux/386 ${GOLANG_IMAGE}'],
      /^Dockerfile:16$/u,
    ],
    ['no stage for tools', 'Dockerfile', [' as dev-base', ' as tool-base'], /^Dockerfile$/u],
    ['another check of libraries', 'hack/make.sh', ['| gcc -xc', '| cc -xc'], /^hack\/make\.sh:\d+$/u],
    ['another guard', 'hack/make/binary-daemon', ['$(go env GOHOSTOS)/', 'linux/'], /^hack\/make\/binary-daemon:\d+$/u],
    [
      'another way to install',
      `${INSTALL}/rootlesskit.installer`,
      ['GOBIN="${PREFIX}"', 'GOBIN=/x'],
      /rootlesskit\.installer:\d+$/u,
    ],
    ['another name of vpnkit', 'hack/make/binary-daemon', ['$(uname -m)', '$ARCH'], /^hack\/make\/binary-daemon:\d+$/u],
  ])('%s', (_, path, replacement, where) => {
    const failure = failureOf(() => crossCompile(edited(tree, path, [replacement]), RULES, 'arm64', 'amd64'));
    expect(failure).toMatchObject({
      code: 'rule-mismatch',
      exitCode: 4,
      command: { change: { add: [['--emulate']] } },
    });
    expect(failure.where).toMatch(where);
  });

  it('one that is crossed for another architecture', () => {
    const other = crossCompile(tree, RULES, 'amd64', 'arm64').tree;
    expect(failureOf(() => crossCompile(other, RULES, 'arm64', 'amd64'))).toMatchObject({ code: 'rule-mismatch' });
  });
});

function windows(of: Tree): Tree {
  return new Map([...of].map(([path, file]) => [path, { ...file, text: file.text.replaceAll('\n', '\r\n') }]));
}

import { describe, expect, it } from 'vitest';
import type { EgressPoint } from '../../../src/types.ts';
import { lineOf, readLightTree, scanned } from './tree.ts';

const tree = readLightTree();
const text = (file: string): string => tree.get(file)!.text;
const DOCKERFILE = 'Dockerfile';
const installer = (name: string): string => `hack/dockerfile/install/${name}.installer`;

/** [in the closure, stage, kind, url, file, the text on its line, which occurrence of that text]. */
type Row = readonly [boolean, string, string, string, string, string, number?];
const APT = 'http://<debian default>/debian';
const HUB = 'docker.io';
const GITHUB = 'https://github.com';

/** Written down by hand from the tree, in its order. */
const ROWS: readonly Row[] = [
  [true, '(frontend)', 'frontend', `${HUB}/docker/dockerfile:1.2`, DOCKERFILE, '# syntax='],
  [true, 'base', 'image', `${HUB}/library/golang:1.16.12-buster`, DOCKERFILE, 'FROM ${GOLANG_IMAGE}'],
  [false, 'criu', 'apt', APT, DOCKERFILE, 'apt-get update', 1],
  [false, 'criu', 'http', `${GITHUB}/checkpoint-restore/criu/archive/v3.14.tar.gz`, DOCKERFILE, 'curl -sSL'],
  [false, 'registry', 'git', `${GITHUB}/docker/distribution.git`, DOCKERFILE, 'git clone'],
  [false, 'frozen-images', 'image', `${HUB}/library/debian:buster`, DOCKERFILE, 'FROM debian:'],
  [false, 'frozen-images', 'apt', APT, DOCKERFILE, 'apt-get update', 2],
  [false, 'frozen-images', 'frozen-image', `${HUB}/library/busybox:latest@sha256:`, DOCKERFILE, 'busybox:latest'],
  [false, 'frozen-images', 'frozen-image', `${HUB}/library/hello-world:latest@sha256:`, DOCKERFILE, 'hello-world:latest'],
  [false, 'cross-true', 'apt', APT, DOCKERFILE, 'apt-get update', 3],
  [true, 'runtime-dev-cross-false', 'apt-source', APT, DOCKERFILE, "echo 'deb ", 1],
  [true, 'runtime-dev-cross-false', 'apt', APT, DOCKERFILE, 'apt-get update', 4],
  [false, 'runtime-dev-cross-true', 'apt-source', APT, DOCKERFILE, "echo 'deb ", 2],
  [false, 'runtime-dev-cross-true', 'apt', APT, DOCKERFILE, 'apt-get update', 5],
  [false, 'tomlv', 'git', `${GITHUB}/BurntSushi/toml.git`, installer('tomlv'), 'git clone'],
  [true, 'containerd', 'apt', APT, DOCKERFILE, 'apt-get update', 6],
  [true, 'containerd', 'git', `${GITHUB}/containerd/containerd.git`, installer('containerd'), 'git clone'],
  [true, 'proxy', 'git', `${GITHUB}/docker/libnetwork.git`, installer('proxy'), 'git clone'],
  [false, 'golangci_lint', 'gomod', 'https://<go default>', installer('golangci_lint'), 'go get'],
  [false, 'dockercli', 'http', 'https://download.docker.com/linux/static/stable/aarch64/docker-17.06.2-ce.tgz', installer('dockercli'), 'url='],
  [false, 'dockercli', 'git', `${GITHUB}/docker/docker-ce`, installer('dockercli'), 'git clone'],
  [true, 'runc', 'git', `${GITHUB}/opencontainers/runc.git`, installer('runc'), 'git clone'],
  [true, 'tini', 'apt', APT, DOCKERFILE, 'apt-get update', 7],
  [true, 'tini', 'git', `${GITHUB}/krallin/tini.git`, installer('tini'), 'git clone'],
  [true, 'rootlesskit', 'git', `${GITHUB}/rootless-containers/rootlesskit.git`, installer('rootlesskit'), 'git clone'],
  [true, 'rootlesskit', 'gomod', 'https://<go default>', installer('rootlesskit'), 'export GOPROXY'],
  [true, 'vpnkit-amd64', 'image', `${HUB}/djs55/vpnkit:0.5.0`, DOCKERFILE, 'FROM --platform=amd64 djs55'],
  [true, 'vpnkit-arm64', 'image', `${HUB}/djs55/vpnkit:0.5.0`, DOCKERFILE, 'FROM --platform=arm64 djs55'],
  [false, 'dev-systemd-false', 'apt', APT, DOCKERFILE, 'apt-get update', 8],
  [false, 'dev-systemd-false', 'pip', 'https://<pip default>/simple/', DOCKERFILE, 'pip3 install'],
  [false, 'dev-systemd-true', 'apt', APT, DOCKERFILE, 'apt-get update', 9],
  [false, 'dev-systemd-true', 'http', 'https://raw.githubusercontent.com/', DOCKERFILE, 'curl -o'],
]; // prettier-ignore

const brief = (point: EgressPoint): string =>
  `${point.file}:${String(point.line)} ${point.stage} ${point.kind} ${String(point.inClosure)}`;

describe('the light tree, shaped like v20.10.12', () => {
  const result = scanned(tree);
  const byId = new Map(result.points.map((point) => [point.id, point]));

  it('has these points, and no others', () => {
    const wanted = ROWS.map(
      ([inClosure, stage, kind, , file, needle, nth]) =>
        `${file}:${String(lineOf(text(file), needle, nth))} ${stage} ${kind} ${String(inClosure)}`,
    );
    expect(result.points.map(brief)).toEqual(wanted);
    // The light tree has no hack/make/cross, which its stage build-cross would run.
    expect(result.unknown.filter((place) => place.stage !== 'build-cross' || place.inClosure)).toEqual([]);
  });

  it('says what each contacts', () => {
    for (const [index, [, , , url]] of ROWS.entries())
      expect(result.points[index]!.url.startsWith(url), url).toBe(true);
    const hosts = new Set(result.points.map((point) => point.host));
    expect([...hosts].sort()).toEqual(
      ['<debian default>', '<go default>', '<pip default>', 'download.docker.com', 'github.com', 'raw.githubusercontent.com', 'registry-1.docker.io'], // prettier-ignore
    );
  });

  it('has 14 points in the closure, as v20.10.12', () => {
    expect(result.points.filter((point) => point.inClosure)).toHaveLength(14);
  });

  it('puts the anchor where an edit has to be made', () => {
    expect(byId.get('(frontend)/frontend')!.anchor).toMatchObject({ text: 'docker/dockerfile:1.2', role: 'syntax' });
    expect(byId.get('base/image')!.anchor).toMatchObject({
      text: 'golang:${GO_VERSION}-${BASE_DEBIAN_DISTRO}',
      start: text(DOCKERFILE).indexOf('golang:${GO_VERSION}'),
    });
    expect(byId.get('vpnkit-arm64/image')!.anchor).toMatchObject({
      text: 'djs55/vpnkit:${VPNKIT_VERSION}',
      role: 'image',
    });
    expect(byId.get('vpnkit-arm64/image')!.platform).toBe('arm64');
    expect(byId.get('runtime-dev-cross-false/apt-source')).toMatchObject({
      suite: 'buster-backports',
      anchor: { text: 'http://any.debian.org/debian', role: 'apt-url', quote: 'single' },
    });
    expect(byId.get('runc/git')!.anchor).toMatchObject({
      text: 'https://github.com/opencontainers/runc.git',
      role: 'git-url',
      quote: 'none',
    });
    expect(byId.get('dockercli/http')!.anchor).toMatchObject({
      text: 'https://download.docker.com/linux/static',
      role: 'http-url',
    });
    expect(byId.get('rootlesskit/gomod')).toMatchObject({
      anchor: { text: 'https://any.golang.org', role: 'goproxy', quote: 'double' },
      netLines: [lineOf(text(installer('rootlesskit')), 'go build')],
      module: 'github.com/rootless-containers/rootlesskit@0123456789abcdef0123456789abcdef01234567 (its go.mod)',
    });
    expect(byId.get('tini/apt')!.anchor).toBeNull();
    expect(byId.get('dockercli/http')!.netLines).toEqual([lineOf(text(installer('dockercli')), 'curl')]);
  });

  it('says what the tree is', () => {
    expect(result.facts).toEqual({
      syntax: 'docker/dockerfile:1.2',
      goVersion: '1.16.12',
      suite: 'buster',
      baseImage: 'golang:1.16.12-buster',
    });
    expect(result.platform).toBe('linux/arm64');
    expect(result.stages.find((stage) => stage.name === 'runc')).toMatchObject({
      parent: 'runtime-dev',
      image: null,
      inClosure: true,
    });
    expect(result.stages.find((stage) => stage.name === 'base')).toMatchObject({
      parent: null,
      image: 'golang:1.16.12-buster',
    });
  });

  it('has another closure for another target', () => {
    const final = scanned(tree, { target: 'final' });
    expect(final.points.map((point) => point.id)).toEqual(result.points.map((point) => point.id));
    const closure = final.points.filter((point) => point.inClosure).map((point) => point.stage);
    expect(closure).toContain('criu');
    expect(closure).not.toContain('cross-true');
  });

  it('follows build arguments', () => {
    const crossed = scanned(tree, {
      buildArgs: { CROSS: 'true', GOLANG_IMAGE: 'harbor.example/hub/golang:1.19-bookworm' },
    });
    const ids = crossed.points.filter((point) => point.inClosure).map((point) => point.id);
    expect(ids).toContain('runtime-dev-cross-true/apt-source');
    expect(crossed.points.find((point) => point.id === 'base/image')).toMatchObject({
      url: 'harbor.example/hub/golang:1.19-bookworm',
      host: 'harbor.example',
      anchor: null,
    });
  });

  it('takes the platform for what a script asks of its machine', () => {
    const amd64 = scanned(tree, { arch: 'amd64' });
    expect(amd64.points.find((point) => point.id === 'dockercli/http')!.url).toContain('/x86_64/');
  });
});

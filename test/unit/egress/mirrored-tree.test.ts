import { describe, expect, it } from 'vitest';
import type { EgressPoint, Tree } from '../../../src/types.ts';
import { DEBIAN_HOST, GO_HOST, readLightTree, scanned, treeOf } from './tree.ts';

const original = readLightTree();

/** The light tree with texts replaced, and files added: what a rewrite leaves behind. */
function edited(
  edits: readonly (readonly [file: string, from: string, to: string])[],
  added: Readonly<Record<string, string>> = {},
): Tree {
  const tree = new Map([...original, ...treeOf(added)]);
  for (const [file, from, to] of edits) {
    const { text, mode } = tree.get(file)!;
    expect(text).toContain(from);
    tree.set(file, { mode, text: text.replace(from, () => to) });
  }
  return tree;
}

function point(tree: Tree, id: string): EgressPoint | undefined {
  return scanned(tree).points.find((item) => item.id === id);
}

const SOURCES = 'hack/dockerfile/install/';
const AFTER_BASE = 'ENV GO111MODULE=off\n';

describe('after a rewrite the scan finds', () => {
  it('the frontend elsewhere, or gone', () => {
    expect(
      point(
        edited([['Dockerfile', 'docker/dockerfile:1.2', 'hub.example/docker/dockerfile:1.2']]),
        '(frontend)/frontend',
      ),
    ).toMatchObject({
      url: 'hub.example/docker/dockerfile:1.2',
      host: 'hub.example',
    });
    expect(
      point(edited([['Dockerfile', '# syntax=docker/dockerfile:1.2\n', '']]), '(frontend)/frontend'),
    ).toBeUndefined();
  });

  it('images elsewhere, through their ARG and by themselves', () => {
    const tree = edited([
      ['Dockerfile', '"golang:${GO_VERSION}', '"hub.example:5000/library/golang:${GO_VERSION}'],
      ['Dockerfile', '--platform=arm64 djs55/vpnkit', '--platform=arm64 hub.example:5000/djs55/vpnkit'],
    ]);
    expect(point(tree, 'base/image')).toMatchObject({
      url: 'hub.example:5000/library/golang:1.16.12-buster',
      host: 'hub.example:5000',
    });
    expect(point(tree, 'vpnkit-arm64/image')!.host).toBe('hub.example:5000');
    expect(point(tree, 'vpnkit-amd64/image')!.host).toBe('registry-1.docker.io');
  });

  it('an image gone where the stage is made of scratch', () => {
    const tree = edited([['Dockerfile', 'FROM --platform=arm64 djs55/vpnkit:${VPNKIT_VERSION}', 'FROM scratch']]);
    expect(point(tree, 'vpnkit-arm64/image')).toBeUndefined();
  });

  it.each([
    ['a prefix', 'https://ghproxy.com/https://github.com/opencontainers/runc.git', 'ghproxy.com'],
    ['another host', 'https://git.example/opencontainers/runc.git', 'git.example'],
    ['a path', 'https://git.example/mirrors/github.com/opencontainers/runc', 'git.example'],
    ['with a port', 'http://git.example:8080/opencontainers/runc.git', 'git.example:8080'],
  ])('a clone behind %s', (_title, url, host) => {
    expect(
      point(edited([[`${SOURCES}runc.installer`, 'https://github.com/opencontainers/runc.git', url]]), 'runc/git'),
    ).toMatchObject({ url, host });
  });

  it('the same points else, also where a repository is known by its name only', () => {
    const clone = 'https://github.com/rootless-containers/rootlesskit.git';
    const tree = edited([[`${SOURCES}rootlesskit.installer`, clone, `https://ghproxy.com/${clone}`]]);
    const ids = (of: Tree): string[] => scanned(of).points.map((item) => item.id);
    expect(ids(tree)).toEqual(ids(original));
    expect(point(tree, 'rootlesskit/gomod')!.module).toMatch(/^github\.com\/rootless-containers\/rootlesskit@/);
  });

  it('a GOPROXY that is exported later', () => {
    const line = `\texport GOPROXY="https://${GO_HOST}"\n`;
    const tree = edited([[`${SOURCES}rootlesskit.installer`, line, `${line}\texport GOPROXY="https://goproxy.cn"\n`]]);
    expect(point(tree, 'rootlesskit/gomod')).toMatchObject({
      url: 'https://goproxy.cn',
      host: 'goproxy.cn',
      anchor: { text: 'https://goproxy.cn', role: 'goproxy' },
    });
  });

  it.each([
    ['ENV', 'ENV GOPROXY=https://go.example,direct\n', {}],
    ['ARG', 'ARG GOPROXY=https://go.example\n', {}],
    ['a build argument', 'ARG GOPROXY\n', { GOPROXY: 'https://go.example' }],
  ])('a GOPROXY given by %s in stage base', (_title, line, buildArgs) => {
    const tree = edited([['Dockerfile', AFTER_BASE, AFTER_BASE + line]]);
    const found = scanned(tree, { buildArgs }).points.filter((item) => item.kind === 'gomod');
    expect(found.map((item) => [item.stage, item.host])).toEqual([
      ['golangci_lint', 'go.example'],
      ['rootlesskit', '<go default>'],
    ]);
  });
});

describe('apt is judged by the sources that its stage inherits', () => {
  const list = 'deb http://mirrors.example/debian/ buster main\ndeb-src http://mirrors.example/debian/ buster main\n';
  const apt = (tree: Tree, buildArgs: Record<string, string> = {}): Map<string, string> =>
    new Map(
      scanned(tree, { buildArgs })
        .points.filter((item) => item.kind === 'apt')
        .map((item) => [item.stage, item.url]),
    );

  it.each(['ADD', 'COPY', 'COPY --link'])(
    '%s sources.list in base reaches all stages on it, and no other',
    (keyword) => {
      const tree = edited(
        [['Dockerfile', AFTER_BASE, `${keyword} sources.list /etc/apt/sources.list\n${AFTER_BASE}`]],
        { 'sources.list': list },
      );
      const found = apt(tree);
      expect(found.get('tini')).toBe('http://mirrors.example/debian/');
      expect(found.get('criu')).toBe('http://mirrors.example/debian/');
      expect(found.get('frozen-images')).toBe('http://<debian default>/debian');
      // A source that a RUN adds is a point of its own, and judged there.
      expect(point(tree, 'runtime-dev-cross-false/apt-source')!.host).toBe('<debian default>');
    },
  );

  it('only after the file is there', () => {
    const late = edited([['Dockerfile', 'ARG TINI_COMMIT\n', 'ARG TINI_COMMIT\nADD sources.list /etc/apt/\n']], {
      'sources.list': list,
    });
    expect(apt(late).get('tini')).toBe('http://mirrors.example/debian/');
    expect(apt(late).get('containerd')).toBe('http://<debian default>/debian');
  });

  it('reads deb822 files, and a file without sources takes the default away', () => {
    const deb822 =
      '# c\nTypes: deb deb-src\nURIs: http://mirrors.example/debian\n https://second.example/debian\nSuites: bookworm\n';
    const lines = 'ADD m.sources /etc/apt/sources.list.d/m.sources\nCOPY empty /etc/apt/sources.list\n';
    const found = point(
      edited([['Dockerfile', AFTER_BASE, lines + AFTER_BASE]], { 'm.sources': deb822, empty: '' }),
      'tini/apt',
    );
    expect(found).toMatchObject({
      url: 'http://mirrors.example/debian',
      note: 'several hosts: mirrors.example, second.example',
    });
  });

  it('names the default too where the image keeps its list elsewhere', () => {
    const tree = edited([['Dockerfile', AFTER_BASE, `ADD sources.list /etc/apt/sources.list\n${AFTER_BASE}`]], {
      'sources.list': list,
    });
    const bookworm = { BASE_DEBIAN_DISTRO: 'bookworm' };
    const found = scanned(tree, { buildArgs: bookworm }).points.find((item) => item.id === 'tini/apt')!;
    expect(found).toMatchObject({ host: 'mirrors.example', note: 'several hosts: mirrors.example, <debian default>' });
    const removed = edited(
      [
        [
          'Dockerfile',
          AFTER_BASE,
          `ADD sources.list /etc/apt/sources.list\nRUN rm -f /etc/apt/sources.list.d/debian.sources\n${AFTER_BASE}`,
        ],
      ],
      { 'sources.list': list },
    );
    const clean = scanned(removed, { buildArgs: bookworm }).points.find((item) => item.id === 'tini/apt')!;
    expect(clean.note).toBeUndefined();
  });

  it('reads a list written by a heredoc of COPY, or over the old one by a RUN', () => {
    const heredoc = `COPY <<EOF /etc/apt/sources.list\n${list}EOF\n`;
    expect(apt(edited([['Dockerfile', AFTER_BASE, heredoc + AFTER_BASE]])).get('tini')).toBe(
      'http://mirrors.example/debian/',
    );
    const run = "RUN echo 'deb http://mirrors.example/debian buster main' > /etc/apt/sources.list\n";
    const tree = edited([['Dockerfile', AFTER_BASE, run + AFTER_BASE]]);
    expect(apt(tree).get('tini')).toBe('http://mirrors.example/debian');
    expect(point(tree, 'base/apt-source')).toMatchObject({ host: 'mirrors.example', suite: 'buster' });
  });

  it('reads the hosts of a mirror+file list', () => {
    const tree = edited([['Dockerfile', AFTER_BASE, `COPY sources.list mirrors.txt /etc/apt/\n${AFTER_BASE}`]], {
      'sources.list': 'deb mirror+file:/etc/apt/mirrors.txt buster main\n',
      'mirrors.txt': 'http://one.example/debian\tpriority:1\nhttp://two.example/debian\n',
    });
    expect(point(tree, 'tini/apt')).toMatchObject({
      url: 'http://one.example/debian',
      note: 'several hosts: one.example, two.example',
    });
  });

  it("follows the tree's own APT_MIRROR", () => {
    expect(apt(original, { APT_MIRROR: 'mirrors.example' }).get('tini')).toBe('http://mirrors.example/debian');
    expect(apt(original, { APT_MIRROR: 'mirrors.example' }).get('frozen-images')).toBe(
      'http://<debian default>/debian',
    );
    expect(apt(original, { APT_MIRROR: DEBIAN_HOST }).get('tini')).toBe('http://<debian default>/debian');
  });

  it('tells the archive from the default', () => {
    const archive = 'deb [check-valid-until=no] http://archive.debian.org/debian buster main\n';
    const tree = edited([['Dockerfile', AFTER_BASE, `ADD a.list /etc/apt/sources.list\n${AFTER_BASE}`]], {
      'a.list': archive,
    });
    expect(point(tree, 'tini/apt')).toMatchObject({
      url: 'http://archive.debian.org/debian',
      host: 'archive.debian.org',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { namesOfTree } from '../../../src/moby/names-of-tree.ts';
import type { Tree } from '../../../src/types.ts';

const files = (texts: Record<string, string>): Tree =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { text, mode: '100644' as const }]));

const script = (list: string): string =>
  `copy() {\n\tfor file in ${list}; do\n\t\tcp "$file" "$1"\n\tdone\n\tcp vpnkit.x86_64 "$1/vpnkit"\n}\n`;
const all = (...stages: string[]): string =>
  `FROM scratch AS all\n${stages.map((name) => `COPY --link --from=${name} /build/ /\n`).join('')}\nFROM base AS dev\nCOPY --from=vpnkit / /\n`;

describe('namesOfTree', () => {
  it.each<
    [string, { series: string; target: string; arch?: string; version?: string }, Record<string, string>, string]
  >([
    [
      'after 22.06: no containerd-shim',
      { series: '22.06', target: 'binary' },
      { 'hack/make/binary-daemon': script('containerd ctr'), Dockerfile: 'COPY --from=a /v /build/vpnkit.x86_64\n' },
      'dockerd docker-proxy containerd ctr vpnkit',
    ],
    [
      'vpnkit for amd64 only, whatever the version is',
      { series: '20.10', target: 'binary', arch: 'arm64', version: '99.1' },
      { 'hack/make/binary-daemon': script('runc'), Dockerfile: 'COPY --from=a /v /build/vpnkit.x86_64\n' },
      'dockerd docker-proxy runc',
    ],
    [
      'dynbinary with a proxy of its own',
      { series: '20.10', target: 'dynbinary' },
      { 'hack/make/dynbinary': '. hack/make/dynbinary-daemon\n. hack/make/dynbinary-proxy\n' },
      'dockerd docker-proxy',
    ],
    [
      'dynbinary of 20.10',
      { series: '22.06', target: 'dynbinary' },
      { 'hack/make/dynbinary': '. hack/make/dynbinary-daemon\n' },
      'dockerd',
    ],
    [
      "a fork's stage all, with a version of its own",
      { series: '28', target: 'all', version: '1.4.0' },
      { Dockerfile: all('tini', 'runc', 'build') },
      'docker-init runc dockerd docker-proxy',
    ],
    [
      'rootlesskit with its proxy, and vpnkit',
      { series: '28', target: 'all', version: '31.0.0' },
      { Dockerfile: `RUN xx-go build -o /build/rootlesskit-docker-proxy .\n${all('rootlesskit', 'vpnkit', 'build')}` },
      'rootlesskit dockerd-rootless.sh dockerd-rootless-setuptool.sh dockerd docker-proxy rootlesskit-docker-proxy vpnkit',
    ],
    [
      'a list that a script computes: as the table has it',
      { series: '20.10', target: 'dynbinary' },
      { 'hack/make/binary-daemon': script('$NAMES') },
      'dockerd',
    ],
  ])('%s', (_, { arch = 'amd64', version = 'unknown', ...of }, texts, names) => {
    const found = namesOfTree(files(texts), { ...of, arch, version });
    expect([...(found ?? [])].sort()).toEqual(names.split(' ').sort());
  });

  it('leaves out what was asked for, and knows nothing of an unknown series', () => {
    const of = { series: '28', target: 'all', arch: 'amd64', version: 'x' };
    expect(namesOfTree(files({ Dockerfile: all('vpnkit', 'build') }), { ...of, without: ['vpnkit'] })).not.toContain(
      'vpnkit',
    );
    expect(namesOfTree(files({}), { ...of, series: '12' })).toBeNull();
  });
});

import type { Tree } from '../types.ts';
import { expectedNames, type ExpectedFor } from './expected-names.ts';
import { SERIES, type Series } from './series-table.ts';

/** What each stage that stage `all` copies from leaves (Dockerfile, v23.0.0 to docker-v29.7.2). */
const LEFT_BY_STAGE: Readonly<Record<string, readonly string[]>> = {
  build: ['dockerd', 'docker-proxy'],
  tini: ['docker-init'],
  runc: ['runc'],
  containerd: ['containerd', 'containerd-shim-runc-v2', 'ctr'],
  rootlesskit: ['rootlesskit', 'dockerd-rootless.sh', 'dockerd-rootless-setuptool.sh'],
};

/** vpnkit by architecture, as `uname -m` calls it in the trees that have one of each. */
const VPNKIT: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/**
 * The names that a build of this very tree must leave: as its own scripts say where they can be read, else as the table of its series
 * does. For trees that are no release of moby, whose version says nothing of what they hold. null: not known. Pure.
 */
export function namesOfTree(tree: Tree, of: ExpectedFor): readonly string[] | null {
  const builtBy = SERIES.find(({ name }) => name === of.series)?.builtBy;
  const own = builtBy === undefined ? null : ownNames(tree, builtBy, of);
  if (own === null) return expectedNames(of);
  const without = new Set(of.without ?? []);
  return [...new Set(own)].filter((name) => !without.has(name));
}

function ownNames(tree: Tree, builtBy: Series['builtBy'], of: ExpectedFor): readonly string[] | null {
  const text = (path: string): string => tree.get(path)?.text ?? '';
  if (builtBy === 'bake') return of.target === 'all' ? namesOfAll(text('Dockerfile'), of.arch) : null;
  if (builtBy !== 'docker-build') return null;
  if (of.target === 'dynbinary') {
    const script = text('hack/make/dynbinary');
    if (script === '') return null;
    return script.includes('dynbinary-proxy') ? ['dockerd', 'docker-proxy'] : ['dockerd'];
  }
  if (of.target !== 'binary') return null;
  return namesOfScript(text('hack/make/binary-daemon'), text('Dockerfile'), of.arch);
}

/** hack/make/binary-daemon, copy_binaries: one list, and vpnkit where the image has it for this machine (v20.10.0 to v22.06.0-beta.0). */
function namesOfScript(script: string, dockerfile: string, arch: string): readonly string[] | null {
  const list = /^\s*for file in ([^;\n]+?)\s*(?:;|\n)\s*do\b/m.exec(script)?.[1];
  if (list === undefined || list.includes('$')) return null;
  const vpnkit = VPNKIT[arch] !== undefined && script.includes('vpnkit') && copiesVpnkit(dockerfile, VPNKIT[arch]);
  return ['dockerd', 'docker-proxy', ...list.split(/\s+/), ...(vpnkit ? ['vpnkit'] : [])];
}

function copiesVpnkit(dockerfile: string, machine: string): boolean {
  return new RegExp(String.raw`^\s*COPY\b.*\bvpnkit\.${machine}\b`, 'm').test(dockerfile);
}

/** Dockerfile, stage `all`: it copies from one stage for each component. */
function namesOfAll(dockerfile: string, arch: string): readonly string[] | null {
  const stage = /^FROM [^\n]* AS all[ \t]*\n(?<body>[^]*?)(?=^FROM |$(?![^]))/im.exec(dockerfile)?.groups?.['body'];
  if (stage === undefined) return null;
  const from = [...stage.matchAll(/^\s*COPY\b[^\n]*--from=([\w.-]+)/gim)].map(([, name = '']) => name);
  const named = from.flatMap((name) => LEFT_BY_STAGE[name] ?? []);
  if (!named.includes('dockerd')) return null;
  const proxy = from.includes('rootlesskit') && dockerfile.includes('/build/rootlesskit-docker-proxy');
  return [
    ...named,
    ...(proxy ? ['rootlesskit-docker-proxy'] : []),
    ...(from.includes('vpnkit') && VPNKIT[arch] !== undefined ? ['vpnkit'] : []),
  ];
}

import semver from 'semver';

export interface ExpectedFor {
  /** `20.10` */
  readonly series: string;
  /** `binary`, `dynbinary`, `all` */
  readonly target: string;
  /** GOARCH */
  readonly arch: string;
  /** `20.10.12`, with or without `v`; what cannot be read counts as the newest of the series. */
  readonly version: string;
  /** Left out on request: `vpnkit`. */
  readonly without?: readonly string[] | undefined;
}

const RUNTIME = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'docker-init'];
const ROOTLESS = ['rootlesskit', 'dockerd-rootless.sh', 'dockerd-rootless-setuptool.sh'];
const DAEMON = ['dockerd', 'docker-proxy'];

/** Names, and the versions that make them; a name without a range is made by all. */
interface Row {
  readonly series: readonly string[];
  readonly target: string;
  readonly names: readonly string[];
  /** Made by some versions of the series only (semver ranges), on these architectures only. */
  readonly some?: readonly { readonly name: string; readonly range: string; readonly arches?: readonly string[] }[];
}

const BAKED = ['23.0', '24.0', '25.0', '26.0', '26.1', '27', '28', '29'];

/** vpnkit has images for these two; elsewhere its stage is empty. */
const VPNKIT_ARCHES = ['amd64', 'arm64'];

/**
 * What each series and target leaves, with the file of moby's that says so.
 * - 20.10, 22.06 `binary`: hack/make/binary-daemon, copy_binaries (v20.10.0 to v20.10.27, v22.06.0-beta.0), and the proxy's own script.
 *   vpnkit came to arm64 in v20.10.6 (commit fed6ba2790).
 * - 20.10 `dynbinary`: hack/make/dynbinary-daemon copies nothing beside dockerd; 22.06's hack/make/dynbinary makes docker-proxy too.
 * - From 23.0 `binary` and `dynbinary`: Dockerfile, stage `binary` (v23.0.0 to docker-v29.7.2).
 * - `all`: Dockerfile, stage `all`, and the RUN of tini, runc, containerd, rootlesskit in the same tags. rootlesskit-docker-proxy went
 *   with v28.0.0, vpnkit with docker-v29.5.0.
 */
const ROWS: readonly Row[] = [
  {
    series: ['20.10', '22.06'],
    target: 'binary',
    names: [...DAEMON, ...RUNTIME, 'containerd-shim', ...ROOTLESS, 'rootlesskit-docker-proxy'],
    some: [
      { name: 'vpnkit', range: '<20.10.6', arches: ['amd64'] },
      { name: 'vpnkit', range: '>=20.10.6', arches: VPNKIT_ARCHES },
    ],
  },
  { series: ['20.10'], target: 'dynbinary', names: ['dockerd'] },
  { series: ['22.06', ...BAKED], target: 'dynbinary', names: DAEMON },
  { series: BAKED, target: 'binary', names: DAEMON },
  {
    series: BAKED,
    target: 'all',
    names: [...DAEMON, ...RUNTIME, ...ROOTLESS],
    some: [
      { name: 'rootlesskit-docker-proxy', range: '<28.0.0-0' },
      { name: 'vpnkit', range: '<29.5.0-0', arches: VPNKIT_ARCHES },
    ],
  },
];

/** What an unreadable version of a series counts as. */
const NEWEST = '999.0.0';

/** The names that a build must leave, or null for a series or target that is not in the table. */
export function expectedNames(of: ExpectedFor): readonly string[] | null {
  const row = ROWS.find(({ series, target }) => target === of.target && series.includes(of.series));
  if (row === undefined) return null;
  const without = new Set(of.without ?? []);
  const version = semver.coerce(of.version, { loose: true })?.version ?? NEWEST;
  const some = (row.some ?? [])
    .filter(({ range, arches }) => semver.satisfies(version, range) && (arches?.includes(of.arch) ?? true))
    .map(({ name }) => name);
  return [...row.names, ...some].filter((name) => !without.has(name));
}

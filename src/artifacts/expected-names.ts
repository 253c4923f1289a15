import semver from 'semver';

export interface ExpectedFor {
  /** `20.10` */
  readonly series: string;
  /** `binary`, `dynbinary` */
  readonly target: string;
  /** GOARCH */
  readonly arch: string;
  /** `20.10.12`, with or without `v`; what cannot be read counts as the newest of the series. */
  readonly version: string;
  /** Left out on request: `vpnkit`. */
  readonly without?: readonly string[] | undefined;
}

/** dockerd and what it calls; hack/make/binary-daemon, copy_binaries, at v20.10.0 to v20.10.27. */
const BINARY_20_10 = [
  'dockerd',
  'containerd',
  'containerd-shim',
  'containerd-shim-runc-v2',
  'ctr',
  'runc',
  'docker-init',
  'docker-proxy',
  'rootlesskit',
  'rootlesskit-docker-proxy',
  'dockerd-rootless.sh',
  'dockerd-rootless-setuptool.sh',
];

/** Series and target to names. dynbinary: hack/make/dynbinary-daemon copies nothing beside dockerd. */
const NAMES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '20.10': { binary: BINARY_20_10, dynbinary: ['dockerd'] },
};

/**
 * The names that a build must leave, or null for a series or target that is not in the table. vpnkit is there on amd64, on arm64
 * from 20.10.6 (moby commit fed6ba2790), and on no other architecture.
 */
export function expectedNames(of: ExpectedFor): readonly string[] | null {
  const names = NAMES[of.series]?.[of.target];
  if (names === undefined) return null;
  const without = new Set(of.without ?? []);
  const all = of.target === 'binary' && hasVpnkit(of) ? [...names, 'vpnkit'] : names;
  return all.filter((name) => !without.has(name));
}

function hasVpnkit({ arch, version }: ExpectedFor): boolean {
  if (arch === 'amd64') return true;
  if (arch !== 'arm64') return false;
  const read = semver.coerce(version, { loose: true });
  return read === null || semver.gte(read, '20.10.6');
}

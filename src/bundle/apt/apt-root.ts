/** The folders that apt wants in a root of its own, and its files there. */
export const APT_ROOT = {
  folders: [
    'etc/apt.conf.d',
    'etc/preferences.d',
    'etc/sources.list.d',
    'etc/auth.conf.d',
    'etc/trusted.gpg.d',
    'state/lists/partial',
    'cache/archives/partial',
  ],
  config: 'apt.conf',
  sources: 'etc/sources.list',
  keys: 'etc/trusted.gpg.d',
  status: 'state/status',
} as const;

/**
 * The configuration of an apt that knows nothing of this machine's own: no source, key, list, proxy or installed package (apt.conf(5), "DIRECTORIES").
 * Signatures are checked as ever. Pure.
 *
 * @param architectures Debian's names, the own one first
 * @param expired the suites are archived, so their InRelease may be past its Valid-Until
 */
export function aptRootConfig(dir: string, architectures: readonly string[], expired: boolean): string {
  const [own = ''] = architectures;
  return [
    `Dir "${dir}/";`,
    `Dir::Etc "${dir}/etc"; Dir::State "${dir}/state"; Dir::State::status "${dir}/${APT_ROOT.status}";`,
    `Dir::Cache "${dir}/cache"; Dir::Log "${dir}/log";`,
    `APT::Architecture "${own}";`,
    `APT::Architectures { ${architectures.map((each) => `"${each}";`).join(' ')} };`,
    'APT::Sandbox::User "";',
    // As Debian's images for containers have it (debuerreotype's docker-no-languages).
    'Acquire::Languages "none"; Acquire::PDiffs "false"; Acquire::ForceHash "SHA256";',
    'Acquire::http::Proxy "DIRECT"; Acquire::Retries "0";',
    ...(expired ? ['Acquire::Check-Valid-Until "false";'] : []),
    '',
  ].join('\n');
}

/** One source of a plan, moved to where apt asks for it here. */
export interface MovedSource {
  readonly type: 'deb' | 'deb-src';
  /** The folder in the bundle below `apt/`. */
  readonly root: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** The sources.list of that apt; each line once. @param base `http://127.0.0.1:1234` */
export function movedSourcesList(sources: readonly MovedSource[], base: string): string {
  const lines = sources.map(
    ({ type, root, suite, components }) => `${type} ${base}/${root} ${suite} ${components.join(' ')}\n`,
  );
  return [...new Set(lines)].join('');
}

/**
 * The folder in the bundle of a source: `debian` and `debian-security`, whatever mirror has them, so that the same packages have the same place; of any
 * other source its host and path. Pure.
 */
export function rootOf(url: string): string {
  const path = url.replace(/^[a-z+]+:\/*/u, '').replace(/\/+$/u, '');
  const [last = ''] = path.split('/').slice(-1);
  if (last === 'debian' || last === 'debian-security') return last;
  return path.replaceAll(/[^\w.-]+/gu, '_');
}

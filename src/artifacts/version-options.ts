import semver from 'semver';
import { readVersionText } from './version-text.ts';

/** How to ask one binary for its version. */
export interface VersionQuestion {
  readonly args: readonly string[];
  /** true: this component has the option at this version; false: its version is not known, so it may refuse. */
  readonly certain: boolean;
}

interface VersionOption {
  readonly args: readonly string[];
  /** The first version that has the option. Without it every version has it. */
  readonly since?: { readonly version: string; readonly ofBinary: string };
  /** false: whether it has the option is known of no version. */
  readonly certain?: false;
}

/**
 * The option by which each binary tells its version and does nothing else, and since when it has it. A binary that is not here
 * has no such option at any version: rootlesskit-docker-proxy (cmd/rootlesskit-docker-proxy, v0.3.0 to v2.3.4).
 *
 * | binary | option | since | seen in |
 * |---|---|---|---|
 * | dockerd | `--version` | always | moby cmd/dockerd, v19.03.0 to docker-v29.7.2 |
 * | docker-proxy | `--version` | moby 23.0.0-rc.2 | moby cmd/docker-proxy, commit 7199300239; no commit of libnetwork that 19.03 or 20.10 pins has it, nor has v22.06.0-beta.0 |
 * | containerd, ctr | `--version` | always | urfave/cli with a VersionPrinter, v1.2.0 to v2.3.4 |
 * | containerd-shim | `-v` | containerd 1.7.0 | cmd/containerd-shim/main_unix.go, commit fdbfde5d8; removed in 2.0.0 |
 * | containerd-shim-runc-v1, -v2 | `-v` | containerd 1.4.0 | runtime/v2/shim/shim.go, commit 649f2aac6; `--version` only since 2.3.0 |
 * | runc | `--version` | always | main.go, v1.0.0-rc8 to v1.5.1 |
 * | docker-init | `--version` | always | tini src/tini.c, v0.13.0 to v0.19.0: as the only argument; `-v` means verbose |
 * | rootlesskit | `--version` | always | urfave/cli, v0.3.0 to v3.0.1 |
 * | vpnkit | `--version` | not known | a built image; cmdliner refuses what it does not know |
 */
const VERSION_OPTIONS: Readonly<Record<string, VersionOption>> = {
  dockerd: { args: ['--version'] },
  'docker-proxy': { args: ['--version'], since: { version: '23.0.0-rc.2', ofBinary: 'dockerd' } },
  containerd: { args: ['--version'] },
  ctr: { args: ['--version'] },
  'containerd-shim': { args: ['-v'], since: { version: '1.7.0-beta.0', ofBinary: 'containerd' } },
  'containerd-shim-runc-v1': { args: ['-v'], since: { version: '1.4.0-beta.0', ofBinary: 'containerd' } },
  'containerd-shim-runc-v2': { args: ['-v'], since: { version: '1.4.0-beta.0', ofBinary: 'containerd' } },
  runc: { args: ['--version'] },
  'docker-init': { args: ['--version'] },
  rootlesskit: { args: ['--version'] },
  vpnkit: { args: ['--version'], certain: false },
};

/** Whether a binary can be asked before the others: its option does not depend on the version that another one says. */
export function askedFirst(name: string): boolean {
  return VERSION_OPTIONS[name]?.since === undefined;
}

/**
 * How to ask the binary `name`, or null where it has no option for that at its version. `texts`: all that the binaries beside it
 * print, by name; a version there that is no number (`dev`, a commit) leaves it open whether the option is there. Pure.
 */
export function versionQuestion(name: string, texts: Readonly<Record<string, string>>): VersionQuestion | null {
  const option = VERSION_OPTIONS[name];
  if (option === undefined) return null;
  const { args, since } = option;
  if (since === undefined) return { args, certain: option.certain ?? true };
  const version = versionIn(texts[since.ofBinary]);
  if (version === null) return { args, certain: false };
  return version.compare(since.version) < 0 ? null : { args, certain: true };
}

/** The release that a text names, also `v1.4.12-3-gabcdef0.m` and `1.6.20~ds1`; null for `dev`, a commit, nothing. */
function versionIn(text: string | undefined): semver.SemVer | null {
  const { version } = text === undefined ? { version: null } : readVersionText(text);
  if (version === null) return null;
  return semver.parse(version, { loose: true }) ?? (/^v?\d+\.\d+/.test(version) ? semver.coerce(version) : null);
}

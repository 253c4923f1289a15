import { posix } from 'node:path';

/** How each binary tells its version without doing anything else; one that is not here has no such option. */
const VERSION_ARGS: Readonly<Record<string, readonly string[]>> = {
  dockerd: ['--version'],
  containerd: ['--version'],
  'containerd-shim': ['-v'],
  'containerd-shim-runc-v2': ['-v'],
  ctr: ['--version'],
  runc: ['--version'],
  'docker-init': ['--version'],
  rootlesskit: ['--version'],
  vpnkit: ['--version'],
};

/** Arguments that make it print its version, or null where it has none (docker-proxy would start to listen). */
export function versionArgs(name: string): readonly string[] | null {
  return VERSION_ARGS[name] ?? null;
}

/**
 * The one line to show of a version text: its first, trimmed; null when there is none. The shim prints its own path with a
 * colon, then `  Version:  1.6.20` (containerd runtime/v2/shim/shim.go): then the program's name and that version.
 */
export function versionLine(text: string): string | null {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '');
  if (first?.endsWith(':') !== true) return first ?? null;
  const version = lines.map((line) => /^Version:\s*(\S.*)$/i.exec(line)?.[1]).find((found) => found !== undefined);
  return version === undefined ? first : `${posix.basename(first.slice(0, -1))} ${version}`;
}

/** What a version line says of the component itself. */
export interface ComponentVersion {
  /** `20.10.12`, `v1.4.12`; null where there is none. */
  readonly version: string | null;
  /** As much of the commit id as the binary has. */
  readonly commit: string | null;
}

/**
 * Reads what the components of 20.10 print: `Docker version 20.10.12, build 459d0df`,
 * `containerd github.com/containerd/containerd v1.4.12 7b11cfaa…`, `runc version 1.0.2` + `commit: v1.0.2-0-g52b36a2d`,
 * `tini version 0.19.0 - git.de40ad0`, `rootlesskit version 0.14.4`, and the shim's `Version:` and `Revision:` lines.
 */
export function readVersionText(text: string): ComponentVersion {
  const version =
    /\bversion:?\s+v?(\d[^\s,]*)/i.exec(text)?.[1] ??
    /\s(v?\d+\.\d+\.\d+\S*)(?:\s|$)/.exec(text)?.[1] ??
    /^v?(\d+\.\d+\S*)$/m.exec(text.trim())?.[1] ??
    null;
  const commit =
    /\bbuild ([0-9a-f]{7,40})\b/.exec(text)?.[1] ??
    /^(?:commit|\s*Revision):\s+\S*?([0-9a-f]{7,40})\S*$/m.exec(text)?.[1] ??
    /\bgit\.([0-9a-f]{7,40})\b/.exec(text)?.[1] ??
    /\s([0-9a-f]{40})(?:\.m)?\s*$/m.exec(text)?.[1] ??
    null;
  return { version, commit };
}

/** What dockerd was stamped with, of `Docker version 20.10.12, build 459d0df`; null for anything else. */
export function readDockerdVersion(text: string): { readonly version: string; readonly gitCommit: string } | null {
  const match = /^Docker version (\S+), build (\S*)$/m.exec(text);
  return match === null ? null : { version: match[1] ?? '', gitCommit: match[2] ?? '' };
}

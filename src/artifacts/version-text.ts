import { posix } from 'node:path';

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
 * Reads what the components print: `Docker version 20.10.12, build 459d0df`,
 * `containerd github.com/containerd/containerd v1.4.12 7b11cfaa…`, `runc version 1.0.2` + `commit: v1.0.2-0-g52b36a2d`,
 * `tini version 0.19.0 - git.de40ad0`, `rootlesskit version 0.14.4`, docker-proxy's `(commit …) version 24.0.9`, and the shim's `Version:` and `Revision:` lines.
 */
export function readVersionText(text: string): ComponentVersion {
  const version =
    /\bversion:?\s+v?(\d[^\s,]*)/i.exec(text)?.[1] ??
    /\s(v?\d+\.\d+\.\d+\S*)(?:\s|$)/.exec(text)?.[1] ??
    /^v?(\d+\.\d+\S*)$/m.exec(text.trim())?.[1] ??
    null;
  const commit =
    /\(commit ([0-9a-f]{7,40})\)/.exec(text)?.[1] ??
    /\bbuild ([0-9a-f]{7,40})\b/.exec(text)?.[1] ??
    /^(?:commit|\s*Revision):\s+\S*?([0-9a-f]{7,40})\S*$/m.exec(text)?.[1] ??
    /\bgit\.([0-9a-f]{7,40})\b/.exec(text)?.[1] ??
    /\s([0-9a-f]{40})(?:\.m)?\s*$/m.exec(text)?.[1] ??
    null;
  return { version, commit };
}

/** What moby stamps into its own binaries. */
export interface Stamp {
  readonly version: string;
  readonly gitCommit: string;
}

/** What dockerd was stamped with, of `Docker version 20.10.12, build 459d0df`; null for anything else. */
export function readDockerdVersion(text: string): Stamp | null {
  const match = /^Docker version (\S+), build (\S*)$/m.exec(text);
  return match === null ? null : { version: match[1] ?? '', gitCommit: match[2] ?? '' };
}

/** The same of docker-proxy: `docker-proxy (commit fca702d…) version 24.0.9` (moby cmd/docker-proxy, from 23.0.0). */
export function readProxyVersion(text: string): Stamp | null {
  const match = /^docker-proxy \(commit (\S*)\) version (\S+)$/m.exec(text);
  return match === null ? null : { version: match[2] ?? '', gitCommit: match[1] ?? '' };
}

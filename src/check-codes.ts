import type { DoctorCheck, DoctorOnlyCheck } from './doctor-check-ids.ts';

/**
 * The checks of a daemon, in the order of its start-up (cmd/dockerd/daemon.go and daemon/daemon.go, NewDaemon), then what a daemon is for,
 * then its end. Each has its title in src/smoke/checks/.
 */
export const SMOKE_CHECKS = [
  'help',
  'version',
  'unknown-flag',
  'config-conflict',
  'config-unknown-key',
  'not-root',
  'api-unix',
  'umask',
  'data-root',
  'exec-root',
  'pid-file',
  'pid-file-taken',
  'log-level',
  'tls-with-certificate',
  'tls-without-certificate',
  'api-tcp',
  'api-version',
  'api-unknown-route',
  'containerd-started',
  'containerd-outside',
  'mtu-default',
  'mtu-flag',
  'registry',
  'api-info',
  'containers-dir',
  'runtimes',
  'runtimes-script',
  'plugins',
  'graph-driver',
  'graph-driver-vfs',
  'graph-driver-unknown',
  'image-import',
  'volume',
  'container',
  'container-memory',
  'container-init',
  'network',
  'published-port',
  'reload',
  'kill-restart',
  'image-remove',
  'stop',
] as const;

/** The checks of binaries, and their meaning; beside them each binary and each component has one of its own. */
export const VERIFY_CHECKS = {
  names: 'All binaries that the target makes are there.',
  'one-machine': 'All binaries are for the same CPU architecture.',
  checksums: "The checksum files of moby's scripts match.",
  manifest: 'The manifest is complete and valid.',
  sums: 'The files have the checksums of SHA256SUMS.',
  signature: 'SHA256SUMS is signed by the key of --key.',
  package: 'The package can be read.',
} as const satisfies Readonly<Record<string, string>>;

/** What `verify --provenance FILE` checks. */
export const PROVENANCE_CHECKS = {
  provenance: 'The statement of provenance is complete and valid.',
  'provenance-subjects': 'The files have the digests of the statement.',
  'provenance-upstream': 'The commit is the one of the tag.',
  'provenance-mirrors': 'Each dependency has a digest.',
  'provenance-plan': 'Patches and plan are those of the manifest.',
  'provenance-builder': 'Who built it.',
} as const satisfies Readonly<Record<string, string>>;

export type SmokeCheck = (typeof SMOKE_CHECKS)[number];
/** `binary:dockerd`, `component:runc`: one for each that was found or asked for. */
export type CheckId =
  | DoctorCheck
  | DoctorOnlyCheck
  | SmokeCheck
  | keyof typeof VERIFY_CHECKS
  | keyof typeof PROVENANCE_CHECKS
  | `binary:${string}`
  | `component:${string}`;

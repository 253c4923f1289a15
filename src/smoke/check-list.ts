import type { Check } from './check.ts';
import { COMMAND_LINE_CHECKS } from './checks/command-line.ts';
import { CONTAINER_CHECKS } from './checks/containers.ts';
import { CONTAINERD_CHECKS } from './checks/containerd.ts';
import { DRIVER_CHECKS } from './checks/drivers.ts';
import { FACT_CHECKS } from './checks/facts.ts';
import { LISTENER_CHECKS } from './checks/listeners.ts';
import { NETWORK_CHECKS } from './checks/networks.ts';
import { PLACE_CHECKS } from './checks/places.ts';
import { SIGNAL_CHECKS, STOP_CHECK } from './checks/signals.ts';
import { IMAGE_REMOVE_CHECK, STORE_CHECKS } from './checks/stores.ts';

const ALL: readonly Check[] = [
  ...COMMAND_LINE_CHECKS,
  ...PLACE_CHECKS,
  ...LISTENER_CHECKS,
  ...CONTAINERD_CHECKS,
  ...FACT_CHECKS,
  ...DRIVER_CHECKS,
  ...STORE_CHECKS,
  ...CONTAINER_CHECKS,
  ...NETWORK_CHECKS,
  ...SIGNAL_CHECKS,
  IMAGE_REMOVE_CHECK,
  STOP_CHECK,
];

/** The order of the start-up (cmd/dockerd/daemon.go and daemon/daemon.go, NewDaemon), then what a daemon is for, then its end. */
const ORDER = [
  ...['help', 'version', 'unknown-flag', 'config-conflict', 'config-unknown-key', 'not-root'],
  ...['api-unix', 'umask', 'data-root', 'exec-root', 'pid-file', 'pid-file-taken', 'log-level'],
  ...['tls-with-certificate', 'tls-without-certificate', 'api-tcp', 'api-version', 'api-unknown-route'],
  ...[
    'containerd-started',
    'containerd-outside',
    'mtu-default',
    'mtu-flag',
    'registry',
    'api-info',
    'containers-dir',
    'runtimes',
    'runtimes-script',
  ],
  ...['plugins', 'graph-driver', 'graph-driver-vfs', 'graph-driver-unknown', 'image-import', 'volume'],
  ...[
    'container',
    'container-memory',
    'container-init',
    'network',
    'published-port',
    'reload',
    'kill-restart',
    'image-remove',
    'stop',
  ],
] as const;

/** Every check, in order. */
export const CHECKS: readonly Check[] = ORDER.map((id) => {
  const check = ALL.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return check;
});

import { SMOKE_CHECKS } from '../check-codes.ts';
import type { Check } from './checks/check.ts';
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

/** Every check, in order. */
export const CHECKS: readonly Check[] = SMOKE_CHECKS.map((id) => {
  const check = ALL.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return check;
});

import type { SuiteFacts } from '../catalogue/suites.ts';

/** Where stage `base` keeps its lists of mirrors; apt reads no sources from such names. */
export const APT_LISTS = {
  debian: '/etc/apt/moby-build-debian.mirrors',
  security: '/etc/apt/moby-build-debian-security.mirrors',
} as const;

/** What stands for a list in place of a base (apt-transport-mirror(1)). */
export function listSource(list: keyof typeof APT_LISTS): string {
  return `mirror+file:${APT_LISTS[list]}`;
}

/** More mirrors than these are not put in: each that fails costs time at every file, and a firewall must know all of them. */
export const LONGEST_LIST = 4;

/**
 * Whether the apt of a release takes `mirror+file:` with priorities: from apt 1.6 on (apt-transport-mirror(1)), so from buster's 1.8;
 * stretch has 1.4.
 */
export function knowsLists(release: SuiteFacts | null): boolean {
  return release !== null && release.version >= 10;
}

/** The text of a list: without priorities apt takes its mirrors in no order. @param bases the best first */
export function aptListText(bases: readonly string[]): string {
  return bases.map((base, index) => `${base}\tpriority:${String(index + 1)}\n`).join('');
}

import type { FaultTable } from './inside/fault-rules.mjs';
import type { MirrorTable } from './mirrors.mjs';

/** What the faulty mirror of a build does. */
export const FAULTS = [
  'refuse',
  'hang',
  'drop',
  '404',
  '429',
  '502',
  'html',
  'slow',
  'lie',
  'short',
  'stale',
  'expired',
  'moved',
  'tampered',
  'tampered-index',
  'redirects',
  'bad-certificate',
] as const;
export type Fault = (typeof FAULTS)[number];

/** The kinds by the product's names. */
export const KINDS = ['apt', 'git', 'gomod', 'image'] as const;
export type Kind = (typeof KINDS)[number];

/** `early`: the mirror is faulty when it is probed; `late`: it was chosen, and is faulty in the build. */
export const TIMES = ['early', 'late'] as const;
export type Time = (typeof TIMES)[number];

/** Faults of a thing's bytes: late, they strike what the probe does not fetch as a whole. */
const OF_BYTES: readonly Fault[] = ['drop', 'slow', 'lie', 'short', 'tampered'];

/** The two that have everything, of two operators. */
export const GOOD = ['good.example', 'other.example'] as const;

/** Each fault has hosts of its own: nothing is switched, so builds may run side by side, and none finds another's steps in the cache. */
export function hostOf(fault: Fault, time: Time): string {
  return `${fault}.${time}.example`;
}

export function faultMirrors(): MirrorTable {
  const hosts = [...GOOD, ...FAULTS.flatMap((fault) => TIMES.map((time) => hostOf(fault, time)))];
  return Object.fromEntries(hosts.map((host) => [host, ['debian', 'archive', 'git-prefix', 'go-path', 'image']]));
}

export function faultTable(): FaultTable {
  const rules = FAULTS.flatMap((fault) =>
    TIMES.map((time): [string, FaultTable[string]] => {
      const bulk = time === 'late' && OF_BYTES.includes(fault);
      // Late, the slow one must come to an end: no tool leaves a mirror that still sends.
      const rate = fault === 'slow' && time === 'late' ? { bytesPerSecond: 1_000_000 } : {};
      return [hostOf(fault, time), [{ fault, bulk, ...rate }]];
    }),
  );
  return Object.fromEntries(rules);
}

/** A catalogue, as `--catalogue` reads it, whose first mirrors of each kind are these faulty ones; the good ones follow. */
export function catalogueOf(time: Time, faultsOf: (kind: Kind) => readonly Fault[]): string {
  const mirrors = KINDS.flatMap((kind) => [
    ...faultsOf(kind).map((fault) => entry(kind, hostOf(fault, time), fault === 'bad-certificate' ? 'https' : 'http')),
    ...GOOD.map((host) => entry(kind, host, 'http')),
  ]);
  return JSON.stringify({ mirrors });
}

function entry(kind: Kind, host: string, aptScheme: string): object {
  const facts = { region: 'cn', operator: host, status: 'alive', seen: null, sources: ['the lab'] };
  return { id: host, kinds: [kind], ...place(kind, host, aptScheme), ...facts };
}

/** apt's mirrors are asked by http, as most of the real ones are; one that shows a certificate is not. */
function place(kind: Kind, host: string, aptScheme: string): { readonly template: string; readonly archive?: string } {
  switch (kind) {
    case 'apt':
      return { template: `${aptScheme}://${host}`, archive: `${aptScheme}://${host}/debian-archive` };
    case 'git':
      return { template: `https://${host}/{url}` };
    case 'gomod':
      return { template: `https://${host}/goproxy/` };
    case 'image':
      return { template: `${host}/{image}` };
  }
}

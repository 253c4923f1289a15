import { dayOf } from './probe-suites.ts';
import type { Finding } from '../requests/outcome.ts';

/** What one candidate came to for one object. */
export interface Tried {
  /** As `nameOf` says. */
  readonly id: string;
  /** Its template, or what stands for it. */
  readonly base: string;
  readonly finding: Finding;
}

/** A mirror that is this much behind the newest one is taken for dead: Debian's mirrors are synchronised four times a day. */
const BEHIND_MS = 4 * 24 * 3600 * 1000;

/** Throughputs whose ratio is below this are the same: a measurement over some hundred kilobytes is not more exact. */
const SAME_RATE = 1.25;

/**
 * The candidates of one object, best first: those that have it, by measured throughput, then by the time to the first byte, then
 * in their own order; after them the others. One whose release files are days older than another's is stale. Pure.
 */
export function rank(tried: readonly Tried[]): readonly Tried[] {
  return withoutStale(tried)
    .map((each, index) => ({ each, index }))
    .sort((a, b) => compare(a.each.finding, b.each.finding) || a.index - b.index)
    .map(({ each }) => each);
}

function compare(a: Finding, b: Finding): number {
  const usable = Number(b.outcome === 'ok') - Number(a.outcome === 'ok');
  if (usable !== 0) return usable;
  if (a.outcome !== 'ok') return Number(a.outcome === 'not-asked') - Number(b.outcome === 'not-asked');
  // A mirror without the checksum database leaves a build that cannot reach that one either.
  const sumdb = Number(b.sumdb ?? true) - Number(a.sumdb ?? true);
  // A step that fetches one commit by its id fails there.
  const singles = Number(b.singles ?? true) - Number(a.singles ?? true);
  return sumdb || singles || step(b) - step(a) || (a.firstByteMs ?? Infinity) - (b.firstByteMs ?? Infinity);
}

function step({ bytesPerSecond }: Finding): number {
  return bytesPerSecond === null || bytesPerSecond <= 0
    ? -1
    : Math.round(Math.log(bytesPerSecond) / Math.log(SAME_RATE));
}

function withoutStale(tried: readonly Tried[]): readonly Tried[] {
  const newest = new Map<string, number>();
  for (const { finding } of tried) {
    if (finding.outcome !== 'ok') continue;
    for (const [suite, date] of Object.entries(finding.dates ?? {}))
      newest.set(suite, Math.max(newest.get(suite) ?? 0, date));
  }
  return tried.map((each) => {
    if (each.finding.outcome !== 'ok') return each;
    const old = Object.entries(each.finding.dates ?? {}).find(
      ([suite, date]) => (newest.get(suite) ?? 0) - date > BEHIND_MS,
    );
    if (old === undefined) return each;
    const [suite, date] = old;
    const reason = `${suite} is of ${dayOf(date)}; another mirror has that of ${dayOf(newest.get(suite) ?? 0)}`;
    return { ...each, finding: { ...each.finding, outcome: 'stale', reason } };
  });
}

import { mirrorKeyText } from '../../names.ts';
import type { MirrorKind } from '../../types.ts';
import { rate, type Finding } from '../requests/outcome.ts';
import type { Tried } from './rank.ts';
import type { Probed } from './run-probe.ts';

/** One candidate over all objects of its kind. */
export interface Summed extends Tried {
  /** How many of the objects it has. */
  readonly has: number;
}

/** What a probe says of one kind. */
export interface KindSummary {
  readonly kind: MirrorKind;
  /** The repository or suite that has mirrors of its own; absent: all others of the kind. */
  readonly part?: string | undefined;
  /** Id of the best one that has the most, or null where nobody has anything. */
  readonly chosen: string | null;
  /** Those that have everything first. */
  readonly candidates: readonly Summed[];
  readonly objects: readonly Probed[];
}

/** Sums a probe up by kind, in the order of the needs. A candidate that lacks one object is told by that object. Pure. */
export function summarize(probed: readonly Probed[]): readonly KindSummary[] {
  const keys = [...new Map(probed.map(({ need }) => [mirrorKeyText(need), need])).values()];
  return keys.map(({ kind, part }) => {
    const objects = probed.filter(({ need }) => need.kind === kind && need.part === part);
    const ids = [...new Set(objects.flatMap(({ ranked }) => ranked.map(({ id }) => id)))];
    const places = (id: string): number =>
      objects.reduce((sum, { ranked }) => sum + ranked.findIndex((each) => each.id === id), 0);
    const candidates = ids.map((id) => sum(id, objects)).sort((a, b) => b.has - a.has || places(a.id) - places(b.id));
    const [best] = candidates;
    const chosen = best === undefined || best.has === 0 ? null : best.id;
    return { kind, ...(part === undefined ? {} : { part }), chosen, candidates, objects };
  });
}

function sum(id: string, objects: readonly Probed[]): Summed {
  const all = objects.flatMap(({ ranked }) => ranked.filter((each) => each.id === id));
  const [first] = all;
  if (first === undefined) throw new Error(`no mirror is called ${id}`);
  const fine = all.filter(({ finding }) => finding.outcome === 'ok');
  const bad = all.find(({ finding }) => finding.outcome !== 'ok');
  const finding =
    bad?.finding ??
    together(
      fine.map((each) => each.finding),
      first.finding,
    );
  return { id, base: first.base, finding, has: fine.length };
}

function together(findings: readonly Finding[], first: Finding): Finding {
  if (findings.length < 2) return first;
  const bytes = findings.reduce((total, each) => total + each.bytes, 0);
  const spent = findings.reduce((total, each) => total + (each.totalMs ?? 0) - (each.connectMs ?? 0), 0);
  const most = (pick: (each: Finding) => number | null): number => Math.max(...findings.map((each) => pick(each) ?? 0));
  return {
    ...first,
    reason: `has all ${String(findings.length)} objects`,
    connectMs: most(({ connectMs }) => connectMs),
    firstByteMs: most(({ firstByteMs }) => firstByteMs),
    totalMs: most(({ totalMs }) => totalMs),
    bytes,
    bytesPerSecond: bytes === 0 ? null : rate(bytes, spent),
  };
}

/**
 * The lists of a profile that repeats what was found: the usable candidates of each kind, those that have everything first; by the key of the
 * kind, or of a part that has mirrors of its own.
 */
export function listsOf(kinds: readonly KindSummary[]): Readonly<Record<string, readonly string[]>> {
  const lists = kinds.flatMap(({ kind, part, candidates }) => {
    const usable = candidates.filter(({ has }) => has > 0).map(({ id }) => id);
    return usable.length === 0 ? [] : [[mirrorKeyText({ kind, part }), usable] as const];
  });
  return Object.fromEntries(lists);
}

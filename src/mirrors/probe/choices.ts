import * as z from 'zod';
import { MIRROR_KINDS, type MirrorKind } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { nameOf } from '../candidates/locate.ts';
import type { Need } from '../candidates/need.ts';
import type { Probed } from './run-probe.ts';

const choiceSchema = z.strictObject({
  kind: z.enum(MIRROR_KINDS),
  /** The object's, as `Need` has it. */
  key: z.string(),
  /** Those that have it, best first, each with what was measured. */
  mirrors: z
    .array(
      z.strictObject({
        id: z.string(),
        why: z.string(),
        /** gomod: whether it passes the checksum database on; absent where that was not asked. */
        sumdb: z.boolean().optional(),
      }),
    )
    .min(1),
});

/** What a work dir keeps of a probe. */
export const choicesSchema = z.strictObject({
  schema: z.literal('moby-build/mirror-choice/v1'),
  /** ISO 8601. */
  made: z.string(),
  profile: z.string(),
  objects: z.array(choiceSchema),
});

/** Which mirrors have which object, best first: measured once, and used until one of them fails. */
export type Choices = z.infer<typeof choicesSchema>;

/** The choices that a probe comes to. Objects that nobody could be asked for are left to the profile. */
export function choicesOf(probed: readonly Probed[], profile: string, made: Date): Choices {
  const objects = probed.flatMap(({ need, ranked }) => {
    const usable = ranked.filter(({ finding }) => finding.outcome === 'ok');
    const mirrors = usable.map(({ id, finding }) => ({
      id,
      why: measuredWords(finding, usable.length),
      ...(finding.sumdb === undefined ? {} : { sumdb: finding.sumdb }),
    }));
    const all = mirrors.length === 0 ? lastResort(need, ranked) : mirrors;
    return all.length === 0 ? [] : [{ kind: need.kind, key: need.key, mirrors: all }];
  });
  return { schema: 'moby-build/mirror-choice/v1', made: made.toISOString(), profile, objects };
}

/**
 * Where nobody else has it, the official host that the images and tools of the build ask by default, although nobody on this machine says
 * where that is, so it cannot be measured. A suite that has left the official mirrors is not there.
 */
export function lastResort({ wanted }: Need, ranked: Probed['ranked']): Choices['objects'][number]['mirrors'] {
  if (wanted.is === 'suites' && wanted.suites.some(({ archived }) => archived)) return [];
  const why = 'no mirror that was asked has it; not measured, as images and tools ask it by default';
  return ranked
    .filter(({ id, finding }) => id === 'official' && finding.outcome === 'not-asked')
    .map(({ id }) => ({ id, why }));
}

function measuredWords(
  { bytesPerSecond, firstByteMs }: { readonly bytesPerSecond: number | null; readonly firstByteMs: number | null },
  of: number,
): string {
  const speed = bytesPerSecond === null ? [] : [`${(bytesPerSecond / 1000).toFixed(0)} kB/s`];
  const latency = firstByteMs === null ? [] : [`first byte after ${firstByteMs.toFixed(0)} ms`];
  return `measured: ${[...speed, ...latency].join(', ')}; ${String(of)} ${of === 1 ? 'has' : 'have'} it`;
}

/** Whether choices that were kept answer for what is needed now. */
export function stillServe(choices: Choices, profile: string, needs: readonly Need[]): boolean {
  return (
    choices.profile === profile &&
    needs.every((need) => choices.objects.some(({ kind, key }) => kind === need.kind && key === need.key))
  );
}

/** Puts a kind's candidates into the order of preference for one point; null for what the whole tree shares. */
export type Order = (kind: MirrorKind, pointId: string | null, list: readonly Candidate[]) => readonly Candidate[];

/** The order of the profile: nothing was measured. */
export const asItIs: Order = (_kind, _point, list) => list;

/**
 * The order that the choices give. Mirrors that do not have the object are left out; of those that do, what the catalogue
 * believes they carry no longer counts.
 */
export function orderBy(choices: Choices, needs: readonly Need[]): Order {
  const byPoint = new Map<string, Choices['objects'][number]>();
  const byKind = new Map<MirrorKind, Choices['objects'][number]>();
  for (const need of needs) {
    const choice = choices.objects.find(({ kind, key }) => kind === need.kind && key === need.key);
    if (choice === undefined) continue;
    if (!byKind.has(need.kind)) byKind.set(need.kind, choice);
    for (const point of need.points) byPoint.set(`${need.kind} ${point}`, choice);
  }
  return (kind, pointId, list) => {
    const choice = pointId === null ? byKind.get(kind) : byPoint.get(`${kind} ${pointId}`);
    if (choice === undefined) return list;
    return choice.mirrors.flatMap(({ id, why, sumdb }) =>
      list.filter((candidate) => nameOf(candidate) === id).map((candidate) => measured(candidate, why, sumdb)),
    );
  };
}

function measured(candidate: Candidate, why: string, sumdb: boolean | undefined): Candidate {
  const { entry } = candidate;
  return {
    ...candidate,
    why,
    sumdb,
    entry: entry === null ? null : { ...entry, carries: undefined, misses: undefined },
  };
}

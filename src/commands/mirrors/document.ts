import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { notePart, type Of } from '../../document/parts.ts';
import type { Tried } from '../../mirrors/probe/rank.ts';
import type { KindSummary } from '../../mirrors/probe/summary.ts';
import { MIRROR_KINDS } from '../../types.ts';

const milliseconds = z.number().min(0).nullable();

const candidate = z.strictObject({
  id: z.string().describe('Id in the catalogue, official, or the value that the profile has'),
  base: z.string().describe('Its template'),
  outcome: z.enum([
    ...(['ok', 'wrong-status', 'wrong-content', 'refused', 'no-such-name', 'tls', 'timed-out', 'too-slow'] as const),
    ...(['stale', 'not-asked'] as const),
  ]),
  status: z.int().nullable().describe('HTTP status of the answer that decided'),
  milliseconds: milliseconds.describe('Until the first byte'),
  connectMilliseconds: milliseconds,
  totalMilliseconds: milliseconds,
  bytesPerSecond: z.number().min(0).nullable(),
  reason: z.string(),
  sumdb: z.boolean().optional().describe('gomod: whether the checksum database is passed on'),
});

const kind = z.strictObject({
  chosen: z.string().nullable().describe('The best one of those that have the most objects'),
  candidates: z
    .array(candidate)
    .describe('Over all objects of the kind; one that lacks an object is told by that object'),
  objects: z
    .array(z.strictObject({ object: z.string(), chosen: z.string().nullable(), candidates: z.array(candidate) }))
    .describe('What was looked for, and who has it, best first'),
});

const mirrorsProbeFields = {
  profile: z.string(),
  seconds: z.number().min(0),
  kinds: z
    .record(z.string(), kind)
    .describe('By kind; a repository or suite that has mirrors of its own by git:OWNER/REPO or apt:SUITE'),
  notes: z.array(notePart),
};

const mirrorsListFields = {
  compiled: z.string().describe('Date on which the entries were gathered'),
  mirrors: z.array(
    z.strictObject({
      id: z.string(),
      kinds: z.array(z.enum(MIRROR_KINDS)),
      template: z.string(),
      archive: z.string().optional().describe('apt: the base before /debian for archived suites'),
      normal: z.boolean().optional().describe('apt: false for archived suites only'),
      clone: z.boolean().optional().describe('git: whether it serves clones'),
      sumdb: z.boolean().optional().describe('gomod: whether it passes the checksum database on'),
      hosts: z.array(z.string()).optional().describe('http: whose downloads it stands for'),
      carries: z.array(z.string()).optional().describe('image: the allow-list'),
      misses: z.array(z.string()).optional().describe('image: repositories that are known to be refused'),
      official: z.boolean().optional(),
      region: z.enum(['cn', 'global']),
      operator: z.string(),
      status: z.enum(['alive', 'degraded', 'restricted', 'unverified', 'dead']),
      seen: z.string().nullable(),
      sources: z.array(z.string()),
      caveat: z.string().optional(),
    }),
  ),
};

/** `moby-build mirrors list --json`. */
export const mirrorsListDocument = documentSchema('moby-build mirrors list --json', mirrorsListFields);
export type MirrorsListDocument = Whole<typeof mirrorsListFields>;

/** `moby-build mirrors probe --json`. */
export const mirrorsProbeDocument = documentSchema('moby-build mirrors probe --json', mirrorsProbeFields);
export type MirrorsProbeDocument = Whole<typeof mirrorsProbeFields>;

/** One kind, as `mirrors probe --json` has it. Pure. */
export function kindDocument({ chosen, candidates, objects }: KindSummary): Of<typeof kind> {
  return {
    chosen,
    candidates: candidates.map(candidateDocument),
    objects: objects.map(({ need, ranked }) => ({
      object: need.key,
      chosen: ranked[0]?.finding.outcome === 'ok' ? ranked[0].id : null,
      candidates: ranked.map(candidateDocument),
    })),
  };
}

function candidateDocument({ id, base, finding }: Tried): Of<typeof candidate> {
  const { outcome, status, firstByteMs, connectMs, totalMs, bytesPerSecond, reason } = finding;
  return {
    ...{ id, base, outcome, status, milliseconds: firstByteMs, connectMilliseconds: connectMs },
    ...{
      totalMilliseconds: totalMs,
      bytesPerSecond,
      reason,
      ...(finding.sumdb === undefined ? {} : { sumdb: finding.sumdb }),
    },
  };
}

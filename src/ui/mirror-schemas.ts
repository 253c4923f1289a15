import * as z from 'zod';
import { MIRROR_KINDS } from '../types.ts';
import { notePart } from './document-parts.ts';

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

export const mirrorsProbeFields = {
  profile: z.string(),
  seconds: z.number().min(0),
  kinds: z.partialRecord(z.enum(MIRROR_KINDS), kind),
  notes: z.array(notePart),
};

export const mirrorsListFields = {
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

import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { cachedSourcePart } from '../../document/parts.ts';
import type { EntryRecord } from '../../store/record.ts';
import type { Listed } from '../../store/store.ts';

/** An entry of the store as it is shown. */
export interface CachedSource extends Omit<Listed, 'record' | 'used'> {
  readonly record: Omit<EntryRecord, 'files' | 'commit'> | null;
  /** ISO 8601; null where that cannot be told. */
  readonly used: string | null;
  /** `verify`: what is wrong with it, one sentence each; null: nobody looked. */
  readonly faults: readonly string[] | null;
  /** Whether `prune` goes for it. */
  readonly chosen: boolean;
}

export interface CacheReport {
  readonly command: 'cache';
  readonly action: 'ls' | 'verify' | 'prune';
  readonly store: string;
  readonly entries: readonly CachedSource[];
  /** Parts of base images: how many there are, and how many `prune` goes for. */
  readonly parts: {
    readonly files: number;
    readonly bytes: number;
    readonly chosen: number;
    readonly chosenBytes: number;
  };
  /** What is no entry: damaged ones that were moved away, and parts that killed runs left. */
  readonly remains: readonly string[];
  /** Whether what was chosen is gone. */
  readonly removed: boolean;
}

const cacheFields = {
  action: z.enum(['ls', 'verify', 'prune']),
  store: z.string().describe('Path'),
  entries: z.array(cachedSourcePart),
  parts: z
    .strictObject({
      files: z.int().min(0),
      bytes: z.int().min(0),
      chosen: z.int().min(0).describe('prune: how many of them it goes for'),
      chosenBytes: z.int().min(0),
    })
    .describe('Parts of base images (--base debian): packages, lists of suites, releases of Go'),
  remains: z.array(z.string()).describe('Paths: damaged entries that were moved away, and parts that killed runs left'),
  removed: z.boolean().describe('prune --yes: what was chosen, and what remained, is gone'),
  totals: z.strictObject({ entries: z.int().min(0), bytes: z.int().min(0) }),
};

/** `moby-build cache ls|verify|prune --json`. */
export const cacheDocument = documentSchema('moby-build cache --json', cacheFields);

/** What `cache --json` says. Pure. */
export function cacheReportDocument({
  action,
  store,
  entries,
  parts,
  remains,
  removed,
}: Omit<CacheReport, 'command'>): Whole<typeof cacheFields> {
  return {
    action,
    store,
    entries: entries.map(({ commit, dir, record, bytes, used, faults, chosen }) => ({
      ...{ commit, dir, bytes, used, faults, chosen },
      upstream: record?.upstream ?? null,
      tags: record?.tags ?? [],
      history: record?.history ?? null,
      mirror: record?.mirror ?? null,
      url: record?.url ?? null,
      receivedBytes: record?.receivedBytes ?? null,
      fetched: record?.fetched ?? null,
    })),
    parts,
    remains,
    removed,
    totals: { entries: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}

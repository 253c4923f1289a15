import * as z from 'zod';
import {
  bundleBuildPart,
  bundleGapPart,
  bundleObjectPart,
  gapsOf,
  type BundleObject,
  type Contents,
  type OlderBundle,
} from '../../bundle/format/contents.ts';
import { wantPart } from '../../bundle/want/want.ts';
import type { Compared } from '../../bundle/check/compare.ts';
import type { WrittenBundle } from '../../run/bundle/write-gathered.ts';
import { notePart } from '../../document/parts.ts';
import type { Note } from '../../types.ts';
import { documentSchema, type Whole } from '../../document/document.ts';

export type BundleReport =
  | ({ readonly command: 'bundle'; readonly text: string } & Whole<typeof wantFields>)
  | {
      readonly command: 'bundle';
      readonly action: 'serve';
      readonly file: string;
      readonly host: string;
      readonly requests: number;
      readonly missing: number;
    }
  | {
      readonly command: 'bundle';
      readonly action: 'create';
      readonly file: string;
      readonly written: WrittenBundle;
      readonly notes: readonly Note[];
    }
  | { readonly command: 'bundle'; readonly action: 'ls'; readonly file: string; readonly contents: Contents }
  | ({ readonly command: 'bundle' } & Whole<typeof verifyFields>)
  | {
      readonly command: 'bundle';
      readonly action: 'diff';
      readonly before: string;
      readonly after: string;
      readonly compared: Compared;
    };

const olderPart = z
  .strictObject({
    name: z.string().describe('Of the file that it was'),
    sha256: z.string().describe('Of the whole older bundle'),
    files: z.int().min(0),
  })
  .describe('An older bundle to which this one leaves files (--since)');

const partPart = z.strictObject({ file: z.string(), bytes: z.int().min(0), sha256: z.string() });

/** An older bundle, without the list of its files. Pure. */
export function olderFacts({ name, sha256, files }: OlderBundle): z.infer<typeof olderPart> {
  return { name, sha256, files: files.length };
}

const lsFields = {
  action: z.literal('ls'),
  file: z.string(),
  builds: z.array(bundleBuildPart),
  objects: z.array(bundleObjectPart),
  gaps: z.array(bundleGapPart),
  since: z.array(olderPart),
  expects: z.array(z.string()).describe('Objects that the machine has that builds from it (--want)'),
  totals: z.strictObject({
    objects: z.int().min(0),
    bytes: z.int().min(0).describe('A shared file counts once for each object'),
  }),
};
/** `moby-build bundle ls --json`. */
export const bundleLsDocument = documentSchema('moby-build bundle ls --json', lsFields);

const verifyFields = {
  action: z.literal('verify'),
  file: z.string(),
  objects: z.int().min(0),
  files: z.int().min(0),
  bytes: z.int().min(0).describe('Of all files that were read'),
  sha256: z.string().describe('Of the whole bundle'),
  older: z.array(olderPart).describe('Those that are needed, too, and were not given'),
  faults: z.array(z.string()).describe('One sentence each; empty: all is as it was written'),
};
/** `moby-build bundle verify --json`. */
export const bundleVerifyDocument = documentSchema('moby-build bundle verify --json', verifyFields);

const diffFields = {
  action: z.literal('diff'),
  before: z.string().describe('Path'),
  after: z.string().describe('Path'),
  added: z.array(bundleObjectPart),
  removed: z.array(bundleObjectPart),
  changed: z
    .array(z.strictObject({ before: bundleObjectPart, after: bundleObjectPart }))
    .describe('The same kind and name with another digest'),
  same: z.int().min(0),
};
/** `moby-build bundle diff --json`. */
export const bundleDiffDocument = documentSchema('moby-build bundle diff --json', diffFields);

const createFields = {
  action: z.literal('create'),
  file: z.string(),
  bytes: z.int().min(0).describe('Of the whole bundle'),
  sha256: z.string().describe('Of the whole bundle'),
  parts: z.array(partPart).describe('The files that hold it: one, or with --split several'),
  list: z.string().nullable().describe('The list of the parts; null: it is one file'),
  since: z.array(olderPart),
  expects: z.array(z.string()).describe('Objects that are left out, because the machine of --want has them'),
  builds: z.array(bundleBuildPart),
  objects: z.array(bundleObjectPart),
  gaps: z.array(bundleGapPart),
  notes: z.array(notePart),
};
/** `moby-build bundle create --json`. */
export const bundleCreateDocument = documentSchema('moby-build bundle create --json', createFields);

const wantFields = {
  action: z.literal('want'),
  file: z.string().nullable().describe('null: it went to stdout'),
  want: wantPart,
};
/** `moby-build bundle want --json`. */
export const bundleWantDocument = documentSchema('moby-build bundle want --json', wantFields);

const serveFields = {
  action: z.literal('serve'),
  file: z.string(),
  host: z.string().describe('Address and port'),
  requests: z.int().min(0),
  missing: z.int().min(0).describe('Requests for what is not in the bundle'),
};
/** `moby-build bundle serve --json`, written when a signal ends it. */
export const bundleServeDocument = documentSchema('moby-build bundle serve --json', serveFields);

/** What `bundle create|serve|ls|verify|diff --json` says. Pure. */
export function bundleReportDocument(
  report: BundleReport,
):
  | Whole<typeof serveFields>
  | Whole<typeof wantFields>
  | Whole<typeof createFields>
  | Whole<typeof lsFields>
  | Whole<typeof verifyFields>
  | Whole<typeof diffFields> {
  if (report.action === 'serve') {
    const { file, host, requests, missing } = report;
    return { action: 'serve', file, host, requests, missing };
  }
  if (report.action === 'want') {
    const { file, want } = report;
    return { action: 'want', file, want };
  }
  if (report.action === 'create') {
    const { file, written, notes } = report;
    const { contents, bytes, sha256, parts, list } = written;
    const { builds, objects, since, expects } = contents;
    const held = { builds, objects, gaps: [...gapsOf(contents)], since: since.map(olderFacts), expects };
    return { action: 'create', file, bytes, sha256, parts: [...parts], list, ...held, notes };
  }
  if (report.action === 'ls') {
    const { file, contents } = report;
    const { builds, objects, expects } = contents;
    const [gaps, since] = [[...gapsOf(contents)], contents.since.map(olderFacts)];
    const totals = { objects: objects.length, bytes: bytesOf(objects) };
    return { action: 'ls', file, builds, objects, gaps, since, expects, totals };
  }
  if (report.action === 'verify') {
    const { command: _, ...verified } = report;
    return verified;
  }
  return { action: 'diff', before: report.before, after: report.after, ...report.compared };
}

/** A file that several objects share counts for each of them. */
export function bytesOf(objects: readonly BundleObject[]): number {
  return objects.reduce((sum, { bytes }) => sum + bytes, 0);
}

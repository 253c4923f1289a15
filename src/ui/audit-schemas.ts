import * as z from 'zod';
import { EGRESS_KINDS } from '../types.ts';
import { notePart, pointPart, totalsPart, unknownPart } from './document-parts.ts';

/** What the forms of `audit --json` have in common. Fields are part of the product, as in document-parts.ts. */
const series = z.string().nullable().describe('20.10, 26.1, …; null: none that is known');
const refFields = { ref: z.string(), commit: z.string().nullable().describe('null for a tree without git'), series };
const underFields = { platform: z.string(), profile: z.string(), notes: z.array(notePart) };
const kinds = z.array(z.enum(EGRESS_KINDS));

/** Of one tree. */
export const auditFields = {
  ...refFields,
  target: z.string(),
  points: z.array(pointPart),
  unknown: z.array(unknownPart),
  totals: totalsPart,
  ...underFields,
};

/** With --hosts. */
export const auditHostsFields = {
  ...refFields,
  target: z.string(),
  hosts: z.array(
    z.strictObject({
      host: z.string().describe('<debian default>, <go default> or <pip default> where the tree names none'),
      kinds: kinds.describe('What it is contacted for, in the closure or outside'),
      closureKinds: kinds.describe('Of these, what the target needs'),
      inClosure: z.boolean().describe('The target needs it: the tree as it is, or a build under the profile'),
      inTree: z.boolean().describe('The tree as it is names it'),
      contacted: z.boolean().describe('A build of the target under the profile contacts it'),
      askedFor: kinds.describe(
        'What it may be asked for beside that: when mirrors are measured, for what an image is, or where another mirror fails',
      ),
    }),
  ),
  ...underFields,
};

const side = z.strictObject({
  ...refFields,
  target: z.string(),
  unknown: z.array(unknownPart),
  totals: totalsPart,
});

/** With --ref A..B. */
export const auditDriftFields = {
  from: side,
  to: side,
  added: z.array(pointPart),
  removed: z.array(pointPart),
  changed: z.array(
    pointPart.extend({
      changes: z.array(z.enum(['url', 'stage', 'file', 'inClosure', 'platform', 'suite', 'module'])).min(1),
      before: pointPart,
    }),
  ),
  ...underFields,
};

/** With --tags PATTERN. */
export const auditTagsFields = {
  target: z.string(),
  tags: z.array(
    z.strictObject({
      ref: z.string(),
      commit: z.string(),
      series,
      totals: totalsPart.nullable().describe('null: no tree of moby as it is known here'),
      error: z.strictObject({ code: z.string(), message: z.string() }).nullable().describe('Why there are no totals'),
    }),
  ),
  ...underFields,
};

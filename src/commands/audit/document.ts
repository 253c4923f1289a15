import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { notePart, pointPart, totalsPart, unknownPart, type Of } from '../../document/parts.ts';
import type { ChangedPoint, Drift } from '../../egress/drift.ts';
import type { Audit } from '../../run/audit/audit-tree.ts';
import type { HostUse } from '../../run/audit/contacted-hosts.ts';
import { EGRESS_KINDS, type MetPoint } from '../../types.ts';
import type { TagsReport } from './audit-report.ts';
import { pointDocument } from '../patch/document.ts';

/** What the forms of `audit --json` have in common. Fields are part of the product. */
const series = z.string().nullable().describe('20.10, 26.1, …; null: none that is known');
const refFields = { ref: z.string(), commit: z.string().nullable().describe('null for a tree without git'), series };
const underFields = { platform: z.string(), profile: z.string(), notes: z.array(notePart) };
const kinds = z.array(z.enum(EGRESS_KINDS));

/** Of one tree. */
const auditFields = {
  ...refFields,
  target: z.string(),
  points: z.array(pointPart),
  unknown: z.array(unknownPart),
  totals: totalsPart,
  ...underFields,
};

/** With --hosts. */
const auditHostsFields = {
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
const auditDriftFields = {
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
const auditTagsFields = {
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

/** `audit --json` of one tree. */
export const auditDocument = documentSchema('moby-build audit --json', auditFields);
/** With `--hosts`. */
export const auditHostsDocument = documentSchema('moby-build audit --hosts --json', auditHostsFields);
/** With `--ref A..B`. */
export const auditDriftDocument = documentSchema('moby-build audit --ref A..B --json', auditDriftFields);
/** With `--tags PATTERN`. */
export const auditTagsDocument = documentSchema('moby-build audit --tags PATTERN --json', auditTagsFields);

/** The notes are the run's, and the command adds them. */
type Said<Shape extends z.ZodRawShape> = Omit<Whole<Shape>, 'notes'>;
type About = Pick<Whole<typeof auditFields>, 'ref' | 'commit' | 'series' | 'target' | 'platform' | 'profile'>;

function about({ ref, commit, series, target, platform, profile }: Audit): About {
  return { ref, commit, series, target, platform, profile };
}

/** What `audit --json` says of one tree. Pure, as all of these. */
export function treeDocument(audit: Audit): Said<typeof auditFields> {
  const { points, unknown, totals } = audit;
  return { ...about(audit), points: points.map(pointDocument), unknown, totals };
}

/** `audit --hosts --json`. */
export function hostsDocument(audit: Audit, hosts: readonly HostUse[]): Said<typeof auditHostsFields> {
  return { ...about(audit), hosts };
}

/** `audit --ref A..B --json`. */
export function driftDocument(
  from: Audit,
  to: Audit,
  { added, removed, changed }: Drift<MetPoint>,
): Said<typeof auditDriftFields> {
  const sideOf = ({ ref, commit, series, target, unknown, totals }: Audit): Of<typeof side> => ({
    ...{ ref, commit, series, target, unknown, totals },
  });
  return {
    ...{ from: sideOf(from), to: sideOf(to), platform: to.platform, profile: to.profile },
    added: added.map(pointDocument),
    removed: removed.map(pointDocument),
    changed: changed.map(changedDocument),
  };
}

/** The point as it is now, with what it was. */
function changedDocument({
  before,
  after,
  changes,
}: ChangedPoint<MetPoint>): Whole<typeof auditDriftFields>['changed'][number] {
  return { ...pointDocument(after), changes, before: pointDocument(before) };
}

/** `audit --tags PATTERN --json`. */
export function tagsDocument({
  target,
  platform,
  profile,
  tags,
}: Pick<TagsReport, 'target' | 'platform' | 'profile' | 'tags'>): Said<typeof auditTagsFields> {
  return {
    ...{ target, platform, profile },
    tags: tags.map(({ ref, commit, series, totals, error }) => ({
      ...{ ref, commit, series, totals },
      error: error === null ? null : { code: error.code, message: error.message },
    })),
  };
}

import type { ChangedPoint, Drift } from '../egress/drift.ts';
import type { Audit } from '../pipeline/audit-tree.ts';
import type { HostUse } from '../pipeline/contacted-hosts.ts';
import type { MetPoint } from '../types.ts';
import type { TagsReport } from './audit-report.ts';
import { pointDocument } from './plan-document.ts';

type Document = Record<string, unknown>;

function about({ ref, commit, series, target, platform, profile }: Audit): Document {
  return { ref, commit, series, target, platform, profile };
}

/** What `audit --json` says of one tree (schemas/audit.schema.json). Pure, as all of these. */
export function treeDocument(audit: Audit): Document {
  const { points, unknown, totals } = audit;
  return { ...about(audit), points: points.map(pointDocument), unknown, totals };
}

/** `audit --hosts --json` (schemas/audit-hosts.schema.json). */
export function hostsDocument(audit: Audit, hosts: readonly HostUse[]): Document {
  return { ...about(audit), hosts };
}

/** `audit --ref A..B --json` (schemas/audit-drift.schema.json). */
export function driftDocument(from: Audit, to: Audit, { added, removed, changed }: Drift<MetPoint>): Document {
  const side = ({ ref, commit, series, target, unknown, totals }: Audit): Document => ({
    ...{ ref, commit, series, target, unknown, totals },
  });
  return {
    ...{ from: side(from), to: side(to), platform: to.platform, profile: to.profile },
    added: added.map(pointDocument),
    removed: removed.map(pointDocument),
    changed: changed.map(changedDocument),
  };
}

/** The point as it is now, with what it was. */
function changedDocument({ before, after, changes }: ChangedPoint<MetPoint>): Document {
  return { ...pointDocument(after), changes, before: pointDocument(before) };
}

/** `audit --tags PATTERN --json` (schemas/audit-tags.schema.json). */
export function tagsDocument({
  target,
  platform,
  profile,
  tags,
}: Pick<TagsReport, 'target' | 'platform' | 'profile' | 'tags'>): Document {
  return {
    ...{ target, platform, profile },
    tags: tags.map(({ ref, commit, series, totals, error }) => ({
      ...{ ref, commit, series, totals },
      error: error === null ? null : { code: error.code, message: error.message },
    })),
  };
}

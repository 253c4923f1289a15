import type { Drift } from '../../egress/drift.ts';
import type { MobyBuildError } from '../../errors.ts';
import type { Audit } from '../../run/audit/audit-tree.ts';
import type { HostUse } from '../../run/audit/contacted-hosts.ts';
import type { MetPoint, Note, Totals } from '../../types.ts';

/** How the report is written, and whether places outside the closure are listed. */
interface Shape {
  readonly command: 'audit';
  /** The user's own line, quoted for a shell. */
  readonly format: 'table' | 'markdown';
  readonly all: boolean;
  readonly notes: readonly Note[];
}

export interface TagAudit {
  readonly ref: string;
  readonly commit: string;
  readonly series: string | null;
  /** null: the tree could not be read as moby's, and `error` says why. */
  readonly totals: Totals | null;
  /** Unknown places in the closure. */
  readonly unknownInside: number;
  readonly error: MobyBuildError | null;
}

export type TreeAuditReport = Shape & { readonly form: 'tree'; readonly audit: Audit };
export type HostsReport = Shape & { readonly form: 'hosts'; readonly audit: Audit; readonly hosts: readonly HostUse[] };
export type DriftReport = Shape & {
  readonly form: 'drift';
  readonly from: Audit;
  readonly to: Audit;
  readonly drift: Drift<MetPoint>;
};
export type TagsReport = Shape & {
  readonly form: 'tags';
  readonly target: string;
  readonly platform: string;
  readonly profile: string;
  readonly tags: readonly TagAudit[];
};
export type AuditReport = TreeAuditReport | HostsReport | DriftReport | TagsReport;

import type { AuditReport, DriftReport, HostsReport, TagsReport, TreeAuditReport } from './audit-report.ts';
import type { EgressPoint } from '../../types.ts';
import { kindsOf, TAG_NUMBERS, tagWord } from './audit-text.ts';
import { countsByHost, countsByKind, type Count } from './audit-rows.ts';
import { resolvedBy, UNRESOLVED } from '../context/resolved-by.ts';
import { factOf, factWord, hiddenDrift, shownDrift } from './drift-report.ts';
import { code, markdownTable } from '../../ui/markdown-table.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { tableWord } from '../../ui/speech/table-words.ts';

/** A report for an issue, a pull request or a wiki: nothing is shortened, nothing coloured. Ends with a line break. */
export function auditMarkdown(report: AuditReport): string {
  return `${sectionsOf(report).join('\n\n')}\n`;
}

function sectionsOf(report: AuditReport): readonly string[] {
  switch (report.form) {
    case 'tree':
      return treeSections(report);
    case 'hosts':
      return hostSections(report);
    case 'drift':
      return driftSections(report);
    case 'tags':
      return tagSections(report);
  }
}

function treeSections({ audit, all }: TreeAuditReport): readonly string[] {
  const shown = audit.points.filter(({ inClosure }) => all || inClosure);
  const outside = audit.points.length - audit.totals.closure;
  return [
    heading(audit),
    shown.length === 0
      ? MESSAGES.reachesNothing
      : markdownTable(
          ['egress point', 'stage', 'kind', 'contacts', 'in closure', 'resolved by'],
          shown.map((point) => [
            code(`${point.file}:${point.line}`),
            code(point.stage),
            point.kind,
            code(whatOf(point)),
            yes(point.inClosure),
            point.inClosure && point.via === 'none' ? `**${tableWord(UNRESOLVED)}**` : code(resolvedBy(point)),
          ]),
        ),
    MESSAGES.covered(audit.totals.covered, audit.totals.closure, audit.target),
    ...(outside > 0 && !all ? [MESSAGES.outsideAudit(outside, audit.target)] : []),
    ...(audit.unknown.length === 0
      ? []
      : [
          MESSAGES.unknownPlaces(audit.unknown.length),
          markdownTable(
            ['place', 'stage', 'in closure', 'why', 'text'],
            audit.unknown.map(({ file, line, stage, inClosure, reason, text }) => [
              code(`${file}:${line}`),
              code(stage),
              inClosure ? `**${yes(true)}**` : yes(false),
              code(spoken(reason)),
              code(text),
            ]),
          ),
        ]),
    countTable('kind', countsByKind(audit)),
    countTable('host', countsByHost(audit)),
  ];
}

function hostSections({ audit, hosts, all }: HostsReport): readonly string[] {
  const shown = hosts.filter(({ inClosure, askedFor }) => all || inClosure || askedFor.length > 0);
  return [
    heading(audit),
    markdownTable(
      [
        'host',
        'for',
        spoken(`a build of ${code(audit.target)} contacts it`),
        'it may be asked',
        'the tree names it',
        'in closure',
      ],
      shown.map((row) => [
        code(row.host),
        kindsOf(row).join(', '),
        yes(row.contacted),
        yes(row.askedFor.length > 0),
        yes(row.inTree),
        yes(row.inClosure),
      ]),
    ),
  ];
}

function driftSections(report: DriftReport): readonly string[] {
  const { from, to, all } = report;
  const { added, removed, changed } = shownDrift(report);
  const hidden = hiddenDrift(report);
  const rows = [
    ...added.map((point) => [tableWord('added'), ...driftCells(point), '', code(whatOf(point))]),
    ...removed.map((point) => [tableWord('removed'), ...driftCells(point), code(whatOf(point)), '']),
    ...changed.flatMap(({ before, after, changes }) =>
      changes.map((fact) => [
        `${tableWord('changed')}: ${factWord(fact)}`,
        ...driftCells(after),
        code(fact === 'url' ? before.url : factOf(before, fact)),
        code(fact === 'url' ? after.url : factOf(after, fact)),
      ]),
    ),
  ];
  return [
    `### moby ${code(from.ref)} → ${code(to.ref)}`,
    spoken(
      `Target ${code(to.target)} for ${code(to.platform)}: ${from.totals.closure} → ${to.totals.closure} egress points in its closure.`,
    ),
    rows.length === 0
      ? MESSAGES.driftNone
      : markdownTable(['change', 'egress point', 'stage', 'kind', 'before', 'after'], rows),
    ...(hidden > 0 && !all ? [MESSAGES.driftHidden(hidden)] : []),
  ];
}

function driftCells(point: EgressPoint): readonly string[] {
  return [code(`${point.file}:${point.line}`), code(point.stage), point.kind];
}

function tagSections({ tags, target, platform, profile }: TagsReport): readonly string[] {
  return [
    `### ${spoken(MESSAGES.tagsRead(tags.length))}`,
    spoken(`Target ${code(target)} for ${code(platform)}, profile ${code(profile)}.`),
    markdownTable(
      ['tag', 'series', ...TAG_NUMBERS.map(({ head }) => head), ''],
      tags.map((tag) => [
        code(tag.ref),
        tag.series ?? '?',
        ...TAG_NUMBERS.map(({ of }) => (tag.totals === null ? '-' : String(of(tag.totals)))),
        tagWord(tag),
      ]),
    ),
  ];
}

function heading({ ref, commit, series, target, platform, profile }: TreeAuditReport['audit']): string {
  return [
    `### moby ${code(ref)}`,
    '',
    spoken(
      `${commit === null ? 'No git commit' : `Commit ${code(commit)}`}, series ${series ?? tableWord('unknown')}, target ${code(target)} for ${code(platform)}, profile ${code(profile)}.`,
    ),
  ].join('\n');
}

/** The whole URL, and what else tells one point from another. */
function whatOf({ url, module, suite, platform }: EgressPoint): string {
  return [url, module, suite, platform].filter((part) => part !== undefined).join(' ');
}

function countTable(head: string, counts: readonly Count[]): string {
  const unmet = counts.some((count) => count.unmet > 0);
  return markdownTable(
    [head, 'in closure', 'outside', ...(unmet ? [UNRESOLVED] : [])],
    counts.map((count) => [
      code(count.name),
      String(count.closure),
      String(count.outside),
      ...(unmet ? [String(count.unmet)] : []),
    ]),
  );
}

function yes(value: boolean): string {
  return tableWord(value ? 'yes' : 'no');
}

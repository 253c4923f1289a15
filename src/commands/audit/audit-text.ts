import type { HostsReport, TagsReport, TreeAuditReport } from './audit-report.ts';
import type { MetPoint } from '../../types.ts';
import { countsByHost, countsByKind, shortPlace, shortUrl, WIDE_COLUMNS, type Count } from './audit-rows.ts';
import { resolvedBy } from '../context/resolved-by.ts';
import type { Colours } from '../../ui/colours.ts';
import { cutMiddle, fitTable, type Column } from '../../ui/fit-table.ts';
import { leftOutside } from './left-outside.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { columnsOf } from '../../ui/speech/columns.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { visible } from '../../ui/visible.ts';

export interface Page {
  readonly colours: Colours;
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number;
}

type Audit = TreeAuditReport['audit'];

/** Each point of one tree below its stage, then totals by kind and host. Ends with a line break, as all of these. */
export function auditReport({ audit, all }: TreeAuditReport, page: Page): string {
  const shown = all ? audit.points : audit.points.filter(({ inClosure }) => inClosure);
  const outside = audit.points.length - audit.totals.closure;
  const sections = [
    headline(audit, page),
    shown.length === 0 ? MESSAGES.reachesNothing : pointTable(shown, page),
    [
      MESSAGES.covered(audit.totals.covered, audit.totals.closure, audit.target),
      ...(outside > 0 && !all ? [MESSAGES.outsideAudit(outside, audit.target)] : []),
    ].join('\n'),
    ...(all ? leftOutside(audit.points, page.columns) : []),
    ...unknownLines(audit, page),
    countTable('kind', countsByKind(audit), page),
    countTable('host', countsByHost(audit), page),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What a host is for: what it serves, else what it may be asked for, else what the tree names it for. */
export function kindsOf({
  kinds,
  closureKinds,
  inClosure,
  contacted,
  askedFor,
}: HostsReport['hosts'][number]): readonly string[] {
  if (!contacted && askedFor.length > 0) return askedFor;
  return inClosure ? closureKinds : kinds;
}

/** What a firewall has to let through. */
export function hostsReport({ audit, hosts, all }: HostsReport, page: Page): string {
  const table = (title: string, rows: HostsReport['hosts']): string[] =>
    rows.length === 0
      ? []
      : [
          `${title}\n${indented(
            fitTable(
              [
                { head: 'host', cells: rows.map(({ host }) => visible(host)), least: 20 },
                {
                  head: 'for',
                  cells: rows.map((row) => kindsOf(row).join(', ')),
                  least: 12,
                },
              ],
              page.columns - 2,
            ),
          )}`,
        ];
  const sections = [
    headline(audit, page),
    ...table(
      MESSAGES.hostsContacted(audit.target, audit.profile),
      hosts.filter(({ contacted }) => contacted),
    ),
    ...table(
      MESSAGES.hostsAsked,
      hosts.filter(({ contacted, askedFor }) => !contacted && askedFor.length > 0),
    ),
    ...table(
      MESSAGES.hostsReplaced(audit.target),
      hosts.filter(({ contacted, inClosure, askedFor }) => !contacted && inClosure && askedFor.length === 0),
    ),
    ...(all
      ? table(
          MESSAGES.hostsOutside(audit.target),
          hosts.filter(({ inClosure, askedFor }) => !inClosure && askedFor.length === 0),
        )
      : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** A row for each tag. */
export function tagsReport({ tags, target, platform, profile }: TagsReport, { colours, columns }: Page): string {
  const table = fitTable(
    [
      { head: 'tag', cells: tags.map(({ ref }) => visible(ref)), least: 16 },
      { head: 'series', cells: tags.map(({ series }) => series ?? '?'), least: 6 },
      ...TAG_NUMBERS.map(({ head, of }) =>
        numbers(
          head,
          tags.map(({ totals }) => (totals === null ? null : of(totals))),
        ),
      ),
      { head: '', cells: tags.map(tagWord), least: 12, paint: (text) => (text === '' ? text : colours.red(text)) },
    ],
    columns,
  );
  const head = `${colours.bold(MESSAGES.tagsRead(tags.length))}\n${spoken(`target ${target} for ${platform}, profile ${visible(profile)}`)}`;
  return `${cutMiddle(head, 2 * columns)}\n\n${table}\n`;
}

type Numbers = NonNullable<TagsReport['tags'][number]['totals']>;

/** What is said of each tag. */
export const TAG_NUMBERS: readonly { readonly head: string; readonly of: (totals: Numbers) => number }[] = [
  { head: 'closure', of: ({ closure }) => closure },
  { head: 'covered', of: ({ covered }) => covered },
  { head: 'outside', of: ({ all, closure }) => all - closure },
  { head: 'unknown', of: ({ unknown }) => unknown },
];

/** What is wrong with a tag, in a few words; empty where nothing is. */
export function tagWord({ totals, unknownInside, error }: TagsReport['tags'][number]): string {
  if (error !== null) return error.code;
  if (unknownInside > 0) return spoken('not understood');
  return totals !== null && totals.uncovered > 0 ? spoken(`${totals.uncovered} unresolved`) : '';
}

/** A column of numbers, to the right. */
function numbers(head: string, values: readonly (number | null)[]): Column {
  const width = columnsOf(spoken(head));
  return { head, cells: values.map((value) => String(value ?? '-').padStart(width)), least: width };
}

function headline({ ref, commit, series, target, platform, profile }: Audit, { colours, columns }: Page): string {
  const where = commit === null ? spoken('no git commit') : commit.slice(0, 12);
  return [
    `${colours.bold(cutMiddle(`moby ${visible(ref)}`, columns - 40))} ${spoken(`(${where}), series ${series ?? 'unknown'}`)}`,
    cutMiddle(spoken(`target ${target} for ${platform}, profile ${visible(profile)}`), columns),
  ].join('\n');
}

/** Rows below the name of their stage: a column for it would leave no room for what is contacted. */
function pointTable(points: readonly MetPoint[], { colours, columns }: Page): string {
  const table = fitTable(
    [
      { head: 'egress point', cells: points.map(shortPlace), least: 17 },
      { head: 'kind', cells: points.map(({ kind }) => kind), least: 12 },
      { head: 'contacts', cells: points.map((point) => shortUrl(point, columns >= WIDE_COLUMNS)), least: 12 },
      {
        head: 'resolved by',
        cells: points.map(resolvedBy),
        least: 11,
        paint: (text, row) => {
          const point = points[row];
          if (point?.via !== 'none') return colours.green(text);
          return point.inClosure ? colours.red(text) : colours.dim(text);
        },
      },
    ],
    columns - 2,
  );
  const [head = '', ...rows] = indented(table).split('\n');
  const lines = [head];
  for (const [index, row] of rows.entries()) {
    const point = points[index];
    if (point !== undefined && point.stage !== points[index - 1]?.stage) {
      const name = cutMiddle(visible(point.stage), columns - 30);
      lines.push(point.inClosure ? colours.bold(name) : colours.dim(spoken(`${name} (outside the closure)`)));
    }
    lines.push(row);
  }
  return lines.join('\n');
}

function unknownLines({ unknown }: Audit, { columns, colours }: Page): readonly string[] {
  if (unknown.length === 0) return [];
  const lines = unknown.map((place) => {
    const mark = place.inClosure ? colours.red(tableWord('closure')) : tableWord('outside');
    const text = `${shortPlace(place)} ${place.stage}: ${spoken(place.reason)}: ${place.text}`;
    return `  ${mark}  ${cutMiddle(visible(text), columns - 11)}`;
  });
  return [[MESSAGES.unknownPlaces(unknown.length), ...lines].join('\n')];
}

function countTable(head: string, counts: readonly Count[], { columns }: Page): string {
  const column = (name: 'closure' | 'outside' | 'unmet') =>
    numbers(
      name,
      counts.map((count) => count[name]),
    );
  return fitTable(
    [
      { head, cells: counts.map(({ name }) => name), least: 16 },
      column('closure'),
      column('outside'),
      ...(counts.some(({ unmet }) => unmet > 0) ? [column('unmet')] : []),
    ],
    columns,
  );
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

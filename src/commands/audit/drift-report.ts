import type { DriftReport } from './audit-report.ts';
import type { MetPoint } from '../../types.ts';
import { shortLocation, shortPlace, shortUrl, WIDE_COLUMNS } from './audit-rows.ts';
import type { Page } from './audit-text.ts';
import { cutMiddle, fitTable } from '../../ui/fit-table.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { padded } from '../../ui/speech/columns.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { visible } from '../../ui/visible.ts';

type Changed = DriftReport['drift']['changed'][number];

/** What is shown of a comparison: the closure of either side, or all. */
export function shownDrift({ drift, all }: DriftReport): Pick<DriftReport['drift'], 'added' | 'removed' | 'changed'> {
  if (all) return drift;
  const inside = ({ inClosure }: MetPoint) => inClosure;
  return {
    added: drift.added.filter(inside),
    removed: drift.removed.filter(inside),
    changed: drift.changed.filter(({ before, after }) => inside(before) || inside(after)),
  };
}

/** How many differences are not shown. */
export function hiddenDrift(report: DriftReport): number {
  const { drift } = report;
  const shown = shownDrift(report);
  const count = ({ added, removed, changed }: typeof shown) => added.length + removed.length + changed.length;
  return count(drift) - count(shown);
}

/** What came, what went, and what is another than it was. Ends with a line break. */
export function driftReport(report: DriftReport, page: Page): string {
  const { from, to, all } = report;
  const { colours, columns } = page;
  const shown = shownDrift(report);
  const hidden = hiddenDrift(report);
  const sections = [
    [
      colours.bold(cutMiddle(`moby ${visible(from.ref)} → ${visible(to.ref)}`, columns)),
      spoken(
        `target ${to.target} for ${to.platform}: ${from.totals.closure} → ${to.totals.closure} places in its closure`,
      ),
    ].join('\n'),
    ...pointSection(colours.green(spoken(MESSAGES.driftAdded(shown.added.length))), shown.added, page),
    ...pointSection(colours.red(spoken(MESSAGES.driftRemoved(shown.removed.length))), shown.removed, page),
    ...changedSection(shown.changed, page),
    ...(shown.added.length + shown.removed.length + shown.changed.length === 0 ? [MESSAGES.driftNone] : []),
    ...(hidden > 0 && !all ? [MESSAGES.driftHidden(hidden)] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function pointSection(title: string, points: readonly MetPoint[], { columns }: Page): readonly string[] {
  if (points.length === 0) return [];
  const table = fitTable(
    [
      { head: 'egress point', cells: points.map(shortPlace), least: 14 },
      { head: 'stage', cells: points.map(stageOf), least: 8 },
      { head: 'kind', cells: points.map(({ kind }) => kind), least: 12 },
      { head: 'contacts', cells: points.map((point) => shortUrl(point, columns >= WIDE_COLUMNS)), least: 14 },
    ],
    columns - 2,
  );
  return [[title, ...table.split('\n').map((line) => `  ${line}`)].join('\n')];
}

function stageOf({ stage, inClosure }: MetPoint): string {
  return inClosure ? visible(stage) : `(${visible(stage)})`;
}

/** One block a point: what and where it is, then each fact as it was and as it is; what it contacts is said in any case. */
function changedSection(changed: readonly Changed[], { colours, columns }: Page): readonly string[] {
  if (changed.length === 0) return [];
  const room = columns - 4 - FACT_WIDTH;
  const fact = (word: string, text: string) => `    ${padded(word, FACT_WIDTH)}${text}`;
  const blocks = changed.flatMap(({ before, after, changes }) => [
    cutMiddle(`  ${after.kind} ${stageOf(after)}  ${shortPlace(before)} → ${shortPlace(after)}`, columns),
    ...(changes.includes('url') ? [] : [fact(factWord('url'), cutMiddle(factOf(after, 'url'), room))]),
    ...changes.map((name) => fact(factWord(name), fromTo(factOf(before, name), factOf(after, name), room))),
  ]);
  return [[colours.yellow(spoken(MESSAGES.driftChanged(changed.length))), ...blocks].join('\n')];
}

/** Both values in the room there is; one that needs less than half leaves the rest to the other. */
function fromTo(before: string, after: string, room: number): string {
  const half = Math.floor((room - ARROW.length) / 2);
  const widthBeside = (other: string) => (other.length < half ? room - ARROW.length - other.length : half);
  return `${cutMiddle(before, widthBeside(after))}${ARROW}${cutMiddle(after, widthBeside(before))}`;
}

const ARROW = ' → ';
const FACT_WIDTH = 10;

/** A fact as people call it. */
export function factWord(fact: Changed['changes'][number]): string {
  if (fact === 'inClosure') return tableWord('closure');
  return tableWord(fact === 'url' ? 'contacts' : fact);
}

/** The value of a fact; `-` where there is none. */
export function factOf(point: MetPoint, fact: Changed['changes'][number]): string {
  const value = point[fact];
  if (typeof value === 'boolean') return tableWord(value ? 'inside' : 'outside');
  return visible(value === undefined ? '-' : fact === 'url' ? shortLocation(value) : value);
}

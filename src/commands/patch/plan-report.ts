import type { MetPoint, Note, Plan } from '../../types.ts';
import type { Colours } from '../../ui/colours.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { cutEnd, textTable } from '../../ui/table.ts';
import { resolvedBy } from '../context/resolved-by.ts';

export interface ReportStyle {
  readonly colours: Colours;
  /** Width of the terminal; tables are never wider than this, and never wider than they need. */
  readonly columns: number;
  readonly verbose: boolean;
}

/** The narrowest that a table is made for. */
const MIN_COLUMNS = 60;
const SPACING = 2;

/**
 * A plan for people: what is built, each place and how it is met, totals, notes. Ends with a line break.
 * Places outside the closure are counted, and listed with `verbose`.
 */
export function planReport(plan: Plan, style: ReportStyle): string {
  const inside = plan.points.filter((point) => point.inClosure);
  const outside = plan.points.filter((point) => !point.inClosure);
  const sections = [
    headline(plan, style.colours),
    pointTable(style.verbose ? plan.points : inside, style),
    [
      MESSAGES.covered(plan.totals.covered, plan.totals.closure, plan.target),
      ...(outside.length > 0 && !style.verbose ? [MESSAGES.outsideClosure(outside.length, plan.target)] : []),
    ].join('\n'),
    patchList(plan),
    ...(plan.notes.length > 0 ? [notesText(plan.notes, style.colours)] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function headline(plan: Plan, colours: Colours): string {
  const commit = plan.commit === null ? spoken('no git commit') : plan.commit.slice(0, 12);
  return [
    `${colours.bold(`moby ${plan.ref}`)} ${spoken(`(${commit}), series ${plan.series}`)}`,
    spoken(`target ${plan.target} for ${plan.platform}, profile ${plan.profile}`),
  ].join('\n');
}

function pointTable(points: readonly MetPoint[], { columns, colours }: ReportStyle): string {
  if (points.length === 0) return MESSAGES.reachesNothing;
  const total = Math.max(columns, MIN_COLUMNS);
  const places = points.map((point) => `${shortFile(point.file)}:${point.line}`);
  const met = points.map(resolvedBy);
  const width = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const placeWidth = Math.min(width(['egress point', ...places]), Math.floor(total * 0.35));
  const metWidth = Math.min(width(['resolved by', ...met]), Math.floor(total * 0.3));
  const kindWidth = width(['kind', ...points.map((point) => point.kind)]);
  const left = total - placeWidth - kindWidth - metWidth - 3 * SPACING;
  const rows = points.map((point, index) => [
    cutEnd(places[index] ?? '', placeWidth),
    point.kind,
    cutEnd(contacted(point), left),
    coloured(point, cutEnd(met[index] ?? '', metWidth), colours),
  ]);
  return textTable(['egress point', 'kind', 'contacts', 'resolved by'], rows);
}

/** `hack/dockerfile/install/runc.installer` → `runc.installer`: file names in these trees are enough. */
function shortFile(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function contacted(point: MetPoint): string {
  // What everybody reads into it is left out: the scheme, Docker Hub's full name, git's ending.
  const url = point.url
    .replace(/^https?:\/\//u, '')
    .replace(/^docker\.io\/(?:library\/)?/u, '')
    .replace(/\.git$/u, '');
  return point.platform === undefined ? url : `${url} (${point.platform})`;
}

function coloured(point: MetPoint, text: string, colours: Colours): string {
  if (point.via === 'none') return point.inClosure ? colours.red(text) : colours.dim(text);
  return colours.green(text);
}

function patchList(plan: Plan): string {
  if (plan.patches.length === 0) return 'No file of the tree changes.';
  return [
    spoken('Patches:'),
    ...plan.patches.map((patch) => `  ${patch.name.slice(0, 4)}  ${spoken(patch.subject)}`),
  ].join('\n');
}

/** Notes, each with its hint; warnings stand out. */
export function notesText(notes: readonly Note[], colours: Colours): string {
  return notes
    .map(({ level, message, hint }) => {
      const head = level === 'warning' ? colours.yellow(spoken('warning:')) : colours.cyan(spoken('note:'));
      const told = `${head} ${spoken(message)}`;
      return hint === undefined ? told : `${told}\n  ${spoken(hint)}`;
    })
    .join('\n');
}

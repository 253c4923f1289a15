import { h, type JSX } from 'preact';
import { stepWords } from '../../make/progress/step-words.ts';
import { duration } from '../../ui/amounts.ts';
import { visible } from '../../ui/visible.ts';
import type { Block } from '../content/blocks.ts';
import { endOf, type ReportStep } from '../facts/steps.ts';

const WIDTH = 1000;
const LABELS = 150;
const ROW = 16;
const TOP = 22;
/** A step of a tenth of a second is to be seen, too. */
const NARROWEST = 1.5;

/** Steps of one stage that do not overlap stand in one row. */
interface Lane {
  readonly label: string;
  readonly rows: readonly (readonly ReportStep[])[];
}

/** The rows of a timeline: a lane for each stage, in the order in which they began; as many rows as it ran steps at once. Pure. */
export function lanesOf(steps: readonly ReportStep[], otherStage: string): readonly Lane[] {
  const lanes = new Map<string, ReportStep[][]>();
  for (const step of [...steps].sort((a, b) => (a.start ?? 0) - (b.start ?? 0) || a.number - b.number)) {
    const label = step.stage ?? otherStage;
    const rows = lanes.get(label) ?? [];
    lanes.set(label, rows);
    const free = rows.find((row) => {
      const last = row.at(-1);
      return last === undefined || endOf(last) <= (step.start ?? 0);
    });
    if (free === undefined) rows.push([step]);
    else free.push(step);
  }
  return [...lanes].map(([label, rows]) => ({ label, rows }));
}

/** Where lines of the clock stand: at most ten, at round times. Pure. */
export function ticksOf(seconds: number): readonly number[] {
  const steps = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
  const every = steps.find((step) => seconds / step <= 10) ?? 864_000;
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => index * every);
}

/** A timeline as SVG, drawn beforehand: it needs neither script nor network. */
export function timeline({ alt, otherStage, steps }: Extract<Block, { is: 'timeline' }>): JSX.Element {
  const lanes = lanesOf(steps, otherStage);
  const whole = Math.max(0.1, ...steps.map(endOf));
  const x = (seconds: number): number => round(LABELS + (seconds / whole) * (WIDTH - LABELS - 10));
  const height = TOP + lanes.reduce((sum, { rows }) => sum + rows.length * ROW + 4, 0) + 4;
  let y = TOP;
  const drawn = lanes.map(({ label, rows }) => {
    const top = y;
    y += rows.length * ROW + 4;
    return h(
      'g',
      null,
      h('text', { class: 'label', x: LABELS - 6, y: top + 12, 'text-anchor': 'end' }, cut(visible(label))),
      rows.map((row, index) => row.map((step) => bar(step, x, top + index * ROW))),
    );
  });
  const clock = ticksOf(whole).map((at) =>
    h(
      'g',
      null,
      h('line', { class: 'tick', x1: x(at), x2: x(at), y1: TOP - 4, y2: height }),
      h(
        'text',
        { class: 'label', x: x(at), y: 12, 'text-anchor': at === 0 ? 'start' : x(at) > WIDTH - 40 ? 'end' : 'middle' },
        duration(at),
      ),
    ),
  );
  const shape = { viewBox: `0 0 ${String(WIDTH)} ${String(height)}`, width: WIDTH, height };
  return h('svg', { ...shape, role: 'img', 'aria-label': alt }, clock, drawn);
}

function bar(step: ReportStep, x: (seconds: number) => number, y: number): JSX.Element {
  const start = step.start ?? 0;
  const width = Math.max(NARROWEST, round(x(endOf(step)) - x(start)));
  const title = `${String(step.number)}. ${visible(stepWords(step.name)).slice(0, 200)} (${duration(step.seconds)})`;
  return h(
    'rect',
    { class: `bar ${step.state}`, x: x(start), y, width, height: ROW - 3, rx: 2 },
    h('title', null, title),
  );
}

function cut(label: string): string {
  return label.length > 22 ? `${label.slice(0, 21)}…` : label;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

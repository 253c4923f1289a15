import { cpus, loadavg, release, totalmem } from 'node:os';

/** One line of the table: what was measured, beside what it is measured against. */
export interface Row {
  readonly section: string;
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'MB' | 'requests' | 'ratio' | '%';
  /** What the same run measured for the way that it is compared with; null: nothing is compared. */
  readonly against: { readonly what: string; readonly value: number } | null;
  /** The value, or the ratio where there is one, must be at most this; null: there is no aim. */
  readonly aim: number | null;
}

/** The machine, as a table of times has to say. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = `${(totalmem() / 1e9).toFixed(0)} GB`;
  const load = `load ${loadavg()[0]?.toFixed(1) ?? '?'} at the start`;
  return `${String(cpus().length)} × ${cpu?.model ?? 'unknown CPU'}, ${memory}, Linux ${release()}, Node.js ${process.versions.node}, ${load}`;
}

/** The ratio of a row, or null where nothing is compared. */
export function ratioOf({ value, against }: Row): number | null {
  return against === null || against.value === 0 ? null : value / against.value;
}

export function isMet(row: Row): boolean | null {
  return row.aim === null ? null : (ratioOf(row) ?? row.value) <= row.aim;
}

/** The rows as a table of Markdown. */
export function markdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const ratio = ratioOf(row);
    const met = isMet(row);
    return [
      row.section,
      row.what,
      amount(row.value, row.unit),
      row.against === null ? '' : `${row.against.what}: ${amount(row.against.value, row.unit)}`,
      ratio === null ? '' : ratio.toPrecision(2),
      row.aim === null ? '' : `≤ ${String(row.aim)}: ${met === true ? 'met' : 'missed'}`,
    ];
  });
  const all = [['section', 'what', 'moby-build', 'against', 'ratio', 'aim'], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length))) ?? [];
  const text = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [text(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(text)].join('\n');
}

function amount(value: number, unit: Row['unit']): string {
  if (unit === 'requests') return String(value);
  if (unit === 'ratio') return value.toPrecision(2);
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

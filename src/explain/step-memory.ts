import { faultKind } from '../symptoms/faults.ts';
import type { Symptom, Tool } from '../symptoms/symptom.ts';
import { symptomsOf } from '../symptoms/table.ts';
import { isTelling } from '../make/progress/telling-lines.ts';

/** A line of the log. */
export interface LogLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A line that a symptom matches. */
export interface Found {
  readonly row: Symptom;
  readonly line: LogLine;
  /** The newest address that the step named until then, for lines that name none. */
  readonly url: string | null;
  /** The program said itself that it tries again, or that it goes on. */
  readonly soft: boolean;
}

/** Lines by which a program shows that it got what it had failed to get before. */
const SUCCESS: readonly (readonly [RegExp, readonly Tool[]])[] = [
  [/^(?:Get|Hit):\d+ |^Fetched \d/u, ['apt']],
  [
    /^(?:Receiving objects: 100%|Resolving deltas: 100%|HEAD is now at |Note: (?:switching|checking out)|Switched to )/u,
    ['git', 'curl', 'ssh'],
  ],
  [/^\s*100\s+\S+\s+100\s+\S+|\bsaved \[\d+|^HTTP\/[\d.]+ 200\b/u, ['curl', 'wget']],
  [/(?:Download|Pull) complete|^Status: Downloaded /u, ['engine', 'go', 'docker']],
];

/** What says that a fault was not the end: the program tries again, skips it, or only warns. */
const SOFT =
  /\b(?:will retry|retrying|trying again|try(?:ing)? (?:it )?again|is tried again|retry in|retries left|attempt \d+ ?(?:of|\/) ?\d+)\b|^Ign:|^(?:warning|WARN|npm (?:WARN|warn)|npm notice)\b|\bgoes? on with\b/iu;

/** Lines kept to be shown where nothing is known. */
const KEPT = 6;

/**
 * What is kept of a step, or of the lines outside of steps: for each symptom its first line since the last success of its program, and a
 * few lines to show. So memory does not grow with the log.
 */
export class StepMemory {
  #name: string | null;
  #stage: string | null;
  private readonly found = new Map<string, Found>();
  private readonly telling: LogLine[] = [];
  private readonly last: LogLine[] = [];
  private url: string | null = null;

  /** @param name null: the log has not named it yet */
  constructor(name: string | null, stage: string | null) {
    this.#name = name;
    this.#stage = stage;
  }

  /** Empty where the log does not name it. */
  get name(): string {
    return this.#name ?? '';
  }

  get stage(): string | null {
    return this.#stage;
  }

  /** Gives it the name that the log has for it. The first one counts. */
  named(name: string, stage: string | null): void {
    if (this.#name !== null) return;
    this.#name = name;
    this.#stage = stage;
  }

  add(line: LogLine): void {
    const { text } = line;
    if (text.trim() === '') return;
    push(this.last, line);
    for (const [pattern, tools] of SUCCESS) if (pattern.test(text)) this.heal(tools);
    const address = /\b(?:https?|ssh|git):\/\/[^\s'"<>\])]+/u.exec(text)?.[0];
    if (address !== undefined) this.url = address;
    const row = symptomsOf(text)[0];
    if (row === undefined) {
      if (isTelling(text)) push(this.telling, line);
      return;
    }
    // That something failed is known already.
    if (row.counts === 'never') return;
    push(this.telling, line);
    const known = this.found.get(row.code);
    const soft = SOFT.test(text);
    // The first line of a fault says it best, but not one after which the program went on.
    if (known === undefined || (known.soft && !soft)) this.found.set(row.code, { row, line, url: this.url, soft });
  }

  /** What is known, in the order of the log. */
  symptoms(): readonly Found[] {
    return [...this.found.values()].sort((a, b) => a.line.number - b.line.number);
  }

  /** A few lines to read: those that tell, else the last. */
  lines(): readonly LogLine[] {
    return this.telling.length > 0 ? this.telling : this.last;
  }

  /** What these programs failed at before, they have got now. */
  private heal(tools: readonly Tool[]): void {
    for (const [code, { row }] of this.found)
      if (tools.includes(row.tool) && PASSES.has(faultKind(row.fault).meaning)) this.found.delete(code);
  }
}

const PASSES: ReadonlySet<string> = new Set(['transport', 'refused', 'not-there']);

function push(lines: LogLine[], line: LogLine): void {
  // The last lines of a failed step are said twice.
  if (lines.some(({ text }) => text === line.text)) return;
  lines.push(line);
  if (lines.length > KEPT) lines.shift();
}

import { isTelling, tellingLines } from './telling-lines.ts';

/** A step of the build that failed. */
export interface FailedStep {
  readonly name: string;
  readonly stage: string | null;
  /** BuildKit's word for it. */
  readonly message: string;
  /** What its programs printed that tells why. */
  readonly telling: readonly string[];
  /** The last lines its programs printed, telling or not. */
  readonly lines: readonly string[];
}

/** What is known of a step while its lines come. */
export interface StepState {
  readonly name: string;
  readonly stage: string | null;
  readonly startedAt: number;
  /** When a program of it last printed, or bytes last came. */
  spokeAt: number;
  state: 'running' | 'cached' | 'done' | 'canceled' | 'failed';
  seconds: number | null;
  message: string;
  /** Bytes of each object at its last line. */
  readonly objects: Map<string, number>;
  /** What apt said. */
  fetched: number;
  readonly lines: string[];
  readonly telling: string[];
}

/** Lines kept of each step and of what is outside steps: enough for hints, small beside a log of a hundred thousand. */
export const KEPT_LINES = 60;

/** A layer, or a file of ADD: the others are copied on this machine. */
export function isFetched(object: string): boolean {
  return /^(?:sha256:|https?:\/\/)/.test(object);
}

/** What a step fetched, as far as it was said. Pure. */
export function bytesOf({ objects, fetched }: StepState): number {
  return [...objects].reduce((sum, [object, bytes]) => sum + (isFetched(object) ? bytes : 0), fetched);
}

/** A step as it is told of. Pure. */
export function toldBy({ name, stage, message, lines, telling }: StepState): FailedStep {
  return {
    name,
    stage,
    message,
    lines: [...lines],
    telling: telling.length > 0 ? tellingLines(telling) : tellingLines(lines),
  };
}

/** Keeps a line of a step, within bounds. */
export function keep(step: StepState, text: string): void {
  step.lines.push(text);
  if (step.lines.length > KEPT_LINES) step.lines.shift();
  if (isTelling(text)) {
    step.telling.push(text);
    if (step.telling.length > KEPT_LINES) step.telling.shift();
  }
}

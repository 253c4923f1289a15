import type { CheckOutcome } from '../../types.ts';
import type { Colours } from '../../ui/colours.ts';
import { spoken } from '../../ui/speech/speech.ts';

type Outcome = CheckOutcome | 'unknown';

/** The result of a check as a word in the language of the run, so that it is there without colours and for a screen reader. */
export function outcomeWord(outcome: Outcome, colours: Colours): string {
  switch (outcome) {
    case 'ok':
      return colours.green(spoken('ok'));
    case 'warning':
      return colours.yellow(spoken('warning'));
    case 'unknown':
      return colours.yellow(spoken('unknown'));
    case 'failed':
      return colours.red(spoken('FAILED'));
    case 'skipped':
      return colours.dim(spoken('skipped'));
  }
}

/** How many checks came to a result: `2 failed`. */
export function outcomeCount(count: number, outcome: Outcome): string {
  switch (outcome) {
    case 'ok':
      return `${String(count)} ${spoken('ok')}`;
    case 'warning':
      return `${String(count)} ${spoken(count === 1 ? 'warning' : 'warnings')}`;
    case 'unknown':
      return `${String(count)} ${spoken('unknown')}`;
    case 'failed':
      return `${String(count)} ${spoken('failed')}`;
    case 'skipped':
      return `${String(count)} ${spoken('skipped')}`;
  }
}

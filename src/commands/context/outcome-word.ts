import type { CheckOutcome } from '../../types.ts';
import type { Colours } from '../../ui/colours.ts';

/** The result of a check as a word, so that it is there without colours and for a screen reader; as long as its name. Pure. */
export function outcomeWord(outcome: CheckOutcome | 'unknown', colours: Colours): string {
  switch (outcome) {
    case 'ok':
      return colours.green('ok');
    case 'warning':
    case 'unknown':
      return colours.yellow(outcome);
    case 'failed':
      return colours.red('FAILED');
    case 'skipped':
      return colours.dim('skipped');
  }
}

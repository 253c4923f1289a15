import type { InstallHint } from '../../artifacts/install-hint.ts';
import type { BinaryFacts } from '../../types.ts';
import { duration } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { RESULT_MESSAGES } from '../context/result-messages.ts';
import { binaryTable } from '../verify/verify-report.ts';

export interface BuildOutcome {
  readonly directory: string;
  readonly log: string;
  readonly manifest: string;
  readonly binaries: readonly BinaryFacts[];
  /** Of --pack, with what lies beside them. */
  readonly packages: readonly string[];
  readonly seconds: number;
  /** How to install what was built, and how to go back. */
  readonly install: readonly InstallHint[];
}

/** The last lines of a build: what came out, where it is, how to install it, and how to go back. Ends with a line break. */
export function buildSummary(outcome: BuildOutcome, colours: Colours, verbose: boolean, columns: number): string {
  const sections = [
    binaryTable(outcome.binaries, verbose, columns),
    [
      colours.green(`${MESSAGES.builtIn(outcome.directory)}.`),
      `Options, patches and resolutions: ${outcome.manifest}`,
      MESSAGES.logIn(outcome.log),
      ...outcome.packages.map((path) => RESULT_MESSAGES.packageIn(path)),
    ].join('\n'),
    hintsText(outcome.install),
    MESSAGES.builtAfter(duration(outcome.seconds)),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** A title with the colon of its language. */
function titled(title: string): string {
  const told = spoken(title);
  return `${told}${told === title ? ':' : '：'}`;
}

/** Titles with their commands below them, ready to paste. */
function hintsText(hints: readonly InstallHint[]): string {
  return hints
    .map(({ title, lines }) =>
      lines.length === 0 ? spoken(`${title}.`) : [titled(title), ...lines.map((line) => `  ${line}`)].join('\n'),
    )
    .join('\n');
}

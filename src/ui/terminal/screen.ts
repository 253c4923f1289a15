import type { RendererChoice } from '../renderer.ts';
import { spoken, spokenLines } from '../speech/speech.ts';
import { tableWidth } from '../terminal-size.ts';
import { fitProse } from './prose.ts';
import { startOf } from '../speech/columns.ts';
import { inert, isInWorkflow } from '../workflow/commands.ts';

const CLEAR_LINE = '\r\u001b[K';

/** stderr, where everything goes that is no data, in the language of the run: lines that stay, and on a terminal one that is written over. */
export class Screen {
  private readonly stream: NodeJS.WriteStream;
  /** Whether a runner of a GitHub workflow reads along. */
  readonly inWorkflow: boolean;
  /** Whether the cursor stands at the end of a line of `progress`. */
  private progressShown = false;

  constructor(stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>) {
    this.stream = stream;
    this.inWorkflow = isInWorkflow(env);
  }

  /** Writes lines; a line of progress goes first. @param text ends with a line break, or is empty */
  write(text: string): void {
    this.endProgress();
    const told = fitProse(spokenLines(text), tableWidth(this.stream));
    if (told !== '') this.stream.write(this.inWorkflow ? inert(told, crypto.randomUUID()) : told);
  }

  /** Gives commands to the runner that reads along. */
  command(text: string): void {
    if (this.inWorkflow && text !== '') this.stream.write(text);
  }

  /** One line that is written over on a terminal, a line each elsewhere, nothing when quiet. */
  progress(choice: RendererChoice): (text: string) => void {
    if (choice === 'silent') return () => undefined;
    if (choice === 'simple-lines') return (text) => void this.stream.write(`${spoken(text)}\n`);
    return (text) => {
      this.progressShown = true;
      this.stream.write(`${CLEAR_LINE}${startOf(spoken(text), tableWidth(this.stream) - 1)}`);
    };
  }

  /** Takes that line away: what comes next starts on a line of its own. */
  private endProgress(): void {
    if (this.progressShown) this.stream.write(CLEAR_LINE);
    this.progressShown = false;
  }
}

import type { RendererChoice } from './renderer.ts';
import { spoken } from './speech/speech.ts';

/**
 * Shows that one wait outside the task list is going on. On a terminal ora turns; elsewhere one line says what is waited for.
 * Never used while a list runs: the two would draw over each other.
 *
 * @throws what `work` throws, with the spinner gone
 */
export async function withSpinner<T>(
  english: string,
  choice: RendererChoice,
  colours: boolean,
  work: () => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  if (choice === 'silent') return work();
  const text = spoken(english);
  if (choice === 'simple-lines') {
    stream.write(`${text}\n`);
    return work();
  }
  const { default: ora } = await import('ora');
  // ora would swallow what is typed (a Ctrl-C among it) and leave on signals by itself.
  const spinner = ora({
    text,
    stream,
    color: colours ? 'cyan' : false,
    discardStdin: false,
    hideCursor: false,
  }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}

import { createInterface } from 'node:readline/promises';
import { stopSignal } from './supervisor.ts';

/**
 * Asks one question on a terminal; only `y` and `yes` are a yes. Without a terminal to ask and to answer on, nobody is asked: no.
 * Ctrl+C, and the end of the input, are a no.
 */
export async function askYes(
  question: string,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
): Promise<boolean> {
  if (input.isTTY !== true || output.isTTY !== true) return false;
  const asker = createInterface({ input, output });
  try {
    const closed = new Promise<string>((resolve) => {
      asker.once('close', () => {
        resolve('');
      });
    });
    const answer = await Promise.race([asker.question(`${question} [y/N] `, { signal: stopSignal() }), closed]);
    return /^y(?:es)?$/iu.test(answer.trim());
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') return false;
    throw cause;
  } finally {
    asker.close();
  }
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
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

/**
 * Asks for a secret on a terminal, which does not show what is typed. null: there is no terminal, nothing was typed, or somebody pressed
 * Ctrl+C.
 */
export async function askSecret(
  question: string,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
): Promise<string | null> {
  if (input.isTTY !== true || output.isTTY !== true) return null;
  // readline shows what is typed by writing it itself; here it writes nowhere.
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  output.write(question);
  const asker = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    const closed = new Promise<string>((resolve) => {
      asker.once('close', () => {
        resolve('');
      });
    });
    const answer = await Promise.race([asker.question('', { signal: stopSignal() }), closed]);
    return answer === '' ? null : answer;
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') return null;
    throw cause;
  } finally {
    asker.close();
    output.write('\n');
  }
}

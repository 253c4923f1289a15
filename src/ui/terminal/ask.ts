import { createInterface } from 'node:readline/promises';

/** Whether somebody is there to be asked: the question goes to stderr, and the answer comes from stdin. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks on the terminal until the answer will do.
 *
 * @param problem what is wrong with an answer, or null
 * @returns the answer without white space around it; empty at the end of input
 */
export async function ask(question: string, problem: (answer: string) => string | null): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const answer = (await Promise.race([terminal.question(`${question}: `), closed(terminal)])).trim();
      const wrong = problem(answer);
      if (wrong === null) return answer;
      process.stderr.write(`  ${wrong}\n`);
    }
  } finally {
    terminal.close();
  }
}

/** ^D leaves a question without an answer, and its promise pending. */
function closed(terminal: ReturnType<typeof createInterface>): Promise<string> {
  return new Promise((resolve) => {
    terminal.once('close', () => {
      resolve('');
    });
  });
}

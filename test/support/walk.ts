import { expect } from 'vitest';

/** How a line ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** More rounds than that are no way, but a maze. */
const ROUNDS = 8;

/** The command that a message ends with. */
const nextOf = ({ stderr }: Ran): string | null => /^ {2}next: (.*)$/mu.exec(stderr)?.[1] ?? null;

/**
 * Does what a stranger does, who knows nothing but what is printed: runs a line, runs the command that its message ends with, and runs the line
 * again, until it succeeds. A line of ours that is recommended takes the place of the first one.
 *
 * @returns how the first and the last run ended, and the commands that were followed, none of which came twice
 */
export async function walk(
  line: string,
  run: (words: string) => Promise<Ran>,
): Promise<{ readonly first: Ran; readonly last: Ran; readonly followed: readonly string[] }> {
  const followed: string[] = [];
  const first = await run(line);
  let [last, words] = [first, line];
  while (last.status !== 0 && followed.length < ROUNDS) {
    const next = nextOf(last) ?? expect.fail(`nothing to follow: ${last.stderr}`);
    expect(followed, `after ${followed.join('; ')}: ${last.stderr}`).not.toContain(next);
    followed.push(next);
    if (next.startsWith('moby-build')) words = next;
    else {
      const { status, stderr } = await run(next);
      expect(status, `${next}: ${stderr}`).toBe(0);
    }
    last = await run(words);
  }
  expect(last.status, `${followed.join('\n')}\n${last.stderr}`).toBe(0);
  return { first, last, followed };
}

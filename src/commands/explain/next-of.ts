import { wordsOf, type NextCommand } from '../../next-command.ts';
import { commandLine, quoteWord } from '../../system/command-line.ts';

/**
 * What to do next, as `explain` can say it. The line of the build is not known here, and pasting another one in its place would build
 * something else: so a change of it is told as one, and is no command.
 */
export function nextOf(command: NextCommand | null): { readonly next: string | null; readonly command: string | null } {
  if (command === null) return { next: null, command: null };
  if (typeof command === 'string') return { next: command, command };
  const words = wordsOf(command, []);
  if (command.is === 'other') {
    const text = commandLine({ file: 'moby-build', args: words });
    return { next: text, command: text };
  }
  const change = words.map(quoteWord).join(' ');
  return {
    next: change === '' ? 'run the same build again' : `run the same build again, with ${change}`,
    command: null,
  };
}

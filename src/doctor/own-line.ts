import { changedWords, type LineChange } from '../next-command.ts';
import { commandLine } from '../system/command-line.ts';
import { redactWords } from '../system/redact.ts';

/** The user's own line with a change, as it may be pasted into a shell. */
export function ownLine(line: readonly string[], change: LineChange = {}): string {
  return commandLine({ file: 'moby-build', args: redactWords(changedWords(line, change)) });
}

import { commandLine, quoteWord } from '../../system/command-line.ts';
import type { CommandSpec } from '../../system/command-spec.ts';

/** The command as a person can paste it into bash or sh: the directory, the variables, the words. */
export function displayCommand(spec: CommandSpec): string {
  const line = commandLine(spec);
  return spec.cwd === undefined ? line : `cd ${quoteWord(spec.cwd)} && ${line}`;
}

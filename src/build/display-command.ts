import type { CommandSpec } from '../types.ts';
import { shellQuote } from './shell-quote.ts';

/** The command as a person can paste it into bash or sh: the directory, the variables, the words. */
export function displayCommand(spec: CommandSpec): string {
  const variables = Object.entries(spec.env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const line = [...variables, shellQuote(spec.file), ...spec.args.map(shellQuote)].join(' ');
  return spec.cwd === undefined ? line : `cd ${shellQuote(spec.cwd)} && ${line}`;
}

import * as z from 'zod';
import { ACTIONS, COMMAND_NAMES, type CommandName } from '../options/option.ts';
import { flagsOf, OPTION_NAMES, optionsOf, specOf, spelled, type OptionName } from '../options/options.ts';

/** What may stand behind a flag. */
export interface FlagValues {
  /** With its dashes; other names of the option, too. */
  readonly flags: readonly string[];
  /** The only words, or those that are known beside files; `git=` waits for more. */
  readonly words: readonly string[];
  readonly files: 'files' | 'directories' | null;
}

/** Every flag that has a value, in the order of the table. Pure. */
export function flagValues(): readonly FlagValues[] {
  return OPTION_NAMES.filter((name) => specOf(name).form !== 'boolean').map((name) => ({
    flags: flagsOf(name).map((flag) => `--${flag}`),
    words: wordsOf(name),
    files: filesOf(specOf(name).placeholder),
  }));
}

function wordsOf(name: OptionName): readonly string[] {
  const { schema, names, values } = specOf(name);
  if (values !== undefined) return values;
  if (names !== undefined) return names.map((each) => `${each}=`);
  const one = schema instanceof z.ZodArray ? schema.element : schema;
  return one instanceof z.ZodEnum ? one.options.map(String) : [];
}

function filesOf(placeholder: string): FlagValues['files'] {
  if (/\b(?:FILE|PATH)\b/u.test(placeholder)) return 'files';
  return /\bDIR\b/u.test(placeholder) ? 'directories' : null;
}

/** The flags of a command as a user writes them. */
export function flagsOfCommand(command: CommandName): readonly string[] {
  return [...optionsOf(command).map(spelled), '--help', '--version'];
}

/** Commands with the words that may follow them. */
export function actionsOfCommands(): readonly (readonly [CommandName, readonly string[]])[] {
  return COMMAND_NAMES.flatMap((command) => {
    const actions = ACTIONS[command];
    return actions === undefined ? [] : [[command, actions] as const];
  });
}

import yargs from 'yargs';
import { COMMAND_NAMES, type CommandName } from '../options/option.ts';
import { flagsOf, OPTION_NAMES, specOf } from '../options/options.ts';
import type { Problem } from './layer.ts';
import { spellOut, unguarded } from './spelling.ts';

/** The line taken apart, nothing validated. */
export interface SplitLine {
  readonly command: CommandName;
  /** By flag, without dashes: a string, a boolean, or a list of them where the flag came more than once. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Flags that there are not, as they were written. */
  readonly unknown: readonly string[];
  /** Words that are no options, without the command. */
  readonly words: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Takes the line apart with yargs, which is told of every flag only to know whether it has a value. Which flags a command takes and what
 * they may say is decided by `flag-layer.ts` and the schemas, so that all problems come at once and in our words.
 */
export async function splitLine(argv: readonly string[]): Promise<SplitLine> {
  const spelt = spellOut(argv);
  const parser = yargs([]).help(false).version(false).exitProcess(false).fail(false).parserConfiguration({
    'camel-case-expansion': false,
    'dot-notation': false,
    'parse-numbers': false,
    'parse-positional-numbers': false,
    'duplicate-arguments-array': true,
    'boolean-negation': false,
  });
  // Repeatable ones are no yargs arrays, which lose empty values in silence: `duplicate-arguments-array` makes them lists.
  for (const name of OPTION_NAMES)
    for (const flag of flagsOf(name))
      parser.option(flag, { type: specOf(name).form === 'boolean' ? 'boolean' : 'string' });
  for (const stand of spelt.unknown.keys()) parser.option(stand, { type: 'string' });
  const parsed = await parser.parseAsync([...spelt.words]);
  const { _: bare, $0: _script, ...flags } = parsed as Record<string, unknown>;
  const all = (bare as readonly unknown[]).map((word) => String(unguarded(word)));
  // A flag that there is not may have swallowed the command.
  const swallowed = [...spelt.unknown.keys()].map((stand) => flags[stand]);
  const command =
    COMMAND_NAMES.find((name) => name === all[0]) ?? COMMAND_NAMES.find((name) => swallowed.includes(name));
  return {
    command: command ?? 'build',
    flags: Object.fromEntries(
      Object.entries(flags)
        .filter(([flag, value]) => value !== undefined && !spelt.unknown.has(flag))
        .map(([flag, value]) => [flag, unguarded(value)]),
    ),
    unknown: [...spelt.unknown.values()],
    words: [...(command === all[0] ? all.slice(1) : all), ...spelt.behind],
    problems: spelt.problems,
  };
}

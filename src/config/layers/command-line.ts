import yargs, { type Argv } from 'yargs';
import {
  ACTIONS,
  COMMAND_NAMES,
  COMMANDS,
  TAKES_FOLDER,
  environmentName,
  type CommandName,
  type OptionGroup,
} from '../options/option.ts';
import { optionByFlag, optionsOf, specOf, spelled, type OptionName } from '../options/options.ts';

/** The line taken apart, nothing validated. */
export type SplitLine =
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly flags: Readonly<Record<string, unknown>>;
      readonly words: readonly string[];
    }
  /** `--help` and `--version`: text for stdout. */
  | { readonly kind: 'print'; readonly text: string };

const GROUPS: readonly OptionGroup[] = ['Source', 'Mirrors', 'Build', 'Output'];

/**
 * Takes the line apart with yargs. Which flags exist and what they may say is decided by `flag-layer.ts` and the schemas, so that
 * all problems come at once and in our words; yargs is told of the flags to know which take a value, and to write `--help`.
 *
 * @param columns width for `--help`
 */
export async function splitLine(argv: readonly string[], version: string, columns: number): Promise<SplitLine> {
  let command: CommandName = 'build';
  let printed = '';
  const parser = yargs([...argv])
    .scriptName('moby-build')
    .locale('en')
    .usage(
      '$0 [command] [options]\n\nCompiles Docker Engine (moby) from source where the network is slow, filtered or absent.',
    )
    .wrap(Math.max(60, Math.min(columns, 110)))
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
    })
    .help('help', 'Show this help')
    .version('version', 'Show the version', version)
    .exitProcess(false)
    .fail(false)
    .epilogue(epilogue());
  for (const name of COMMAND_NAMES) {
    parser.command(
      usageOf(name),
      COMMANDS[name],
      (builder) => withOptions(builder, name),
      () => {
        command = name;
      },
    );
  }
  const parsed = await parser.parseAsync([...argv], {}, (_error: unknown, _argv: unknown, output: string) => {
    printed = output;
  });
  if (printed !== '') return { kind: 'print', text: printed };
  const { _: bare, $0: _script, dir, action, ...flags } = parsed as Record<string, unknown>;
  const words = (bare as readonly unknown[]).map(String);
  // yargs keeps the command's own word when it was written.
  if (words[0] === command) words.shift();
  return {
    kind: 'run',
    command,
    flags: {
      ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
      ...strayValues(argv),
    },
    words: [...[dir, action].filter((word) => typeof word === 'string'), ...words],
  };
}

/** `--json=maybe`: yargs takes any word but `true` for false. These are given on as the text they are, to be refused. */
function strayValues(argv: readonly string[]): Record<string, string> {
  const end = argv.indexOf('--');
  const stray: Record<string, string> = {};
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const [, flag, value] = /^--(?:no-)?([a-z-]+)=(.*)$/su.exec(word) ?? [];
    const name = flag === undefined ? null : optionByFlag(flag);
    if (name === null || flag === undefined || value === undefined || specOf(name).form !== 'boolean') continue;
    if (value !== 'true' && value !== 'false') stray[flag] = value;
  }
  return stray;
}

function usageOf(name: CommandName): string | readonly string[] {
  if (name === 'build') return ['build', '$0'];
  if (TAKES_FOLDER.includes(name)) return `${name} [dir]`;
  return ACTIONS[name] === undefined ? name : `${name} [action]`;
}

function withOptions(builder: Argv, command: CommandName): Argv {
  if (TAKES_FOLDER.includes(command))
    builder.positional('dir', { type: 'string', describe: 'DIR  The folder that a build made.' });
  const actions = ACTIONS[command];
  if (actions !== undefined)
    builder.positional('action', {
      type: 'string',
      describe: `ACTION  ${actions.join(' or ')} (${actions[0] ?? ''} by default).`,
    });
  const names = optionsOf(command);
  for (const name of names) describeOption(builder, name);
  for (const group of GROUPS) {
    const flags = names.filter((name) => specOf(name).group === group).map((name) => spelled(name).slice(2));
    builder.group(group === 'Output' ? [...flags, 'help', 'version'] : flags, `${group}:`);
  }
  return builder;
}

function describeOption(builder: Argv, name: OptionName): void {
  const spec = specOf(name);
  const describe = spec.placeholder === '' ? spec.description : `${spec.placeholder}  ${spec.description}`;
  const type = spec.form === 'boolean' ? 'boolean' : 'string';
  const fallback =
    spec.fallbackText ?? (['string', 'number'].includes(typeof spec.fallback) ? String(spec.fallback) : undefined);
  if (spec.negated === true) {
    // `--no-probe` sets `probe` to false; the entry with `no-` in its name is there for `--help` only.
    // Repeatable ones are no yargs arrays, which lose empty values in silence: `duplicate-arguments-array` makes them lists.
    builder.option(spec.flag, { type, hidden: true }).option(`no-${spec.flag}`, { type, describe });
    return;
  }
  // Repeatable ones are no yargs arrays, which lose empty values in silence: `duplicate-arguments-array` makes them lists.
  builder.option(spec.flag, {
    type,
    describe,
    ...(fallback === undefined ? {} : { defaultDescription: fallback }),
  });
}

function epilogue(): string {
  return [
    'Flags win over the environment, the environment over the config file.',
    `Each option has a variable: --sources-list is ${environmentName('sources-list')}.`,
    '',
    'Exit codes:',
    '  0  done',
    '  1  failed',
    '  2  wrong usage or configuration',
    '  3  this machine lacks something',
    '  4  the tree does not fit, or a place in it is not covered',
    '  5  no usable mirror or network',
    '  6  the build failed',
    '  7  what came out is not what was asked for',
  ].join('\n');
}

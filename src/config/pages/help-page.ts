import { EXIT_MEANINGS } from '../../codes.ts';
import { commandLine } from '../../system/command-line.ts';
import {
  ACTIONS,
  BUNDLE_FILES,
  COMMAND_NAMES,
  COMMANDS,
  OPTION_GROUPS,
  SHELLS,
  FINDS_FOLDER,
  TAKES_FOLDER,
  TAKES_SECOND,
  TAKES_WORD,
  environmentName,
  type CommandName,
} from '../options/option.ts';
import { OPTION_NAMES, optionsOf, specOf, spelled, type OptionName } from '../options/options.ts';
import { INSTALL } from './completion-install.ts';
import { EXAMPLES } from './examples.ts';
import { wrapped } from '../../wrapped.ts';
import { entry, PAGE_COLUMNS } from './entry.ts';

/** The options that most people need, in the order in which they need them. */
export const COMMON_OPTIONS: readonly OptionName[] = [
  'ref',
  'arch',
  'profile',
  'dryRun',
  'withDeps',
  'source',
  'mirrors',
  'ca',
  'out',
  'json',
];
/** The same of `doctor`, which takes all options of a build. */
const DOCTOR_OPTIONS: readonly OptionName[] = [
  ...(['ref', 'arch', 'profile', 'source', 'ca'] as const),
  ...(['smoke', 'only', 'fix', 'share', 'json'] as const),
];
/** A command that has no more options shows all of them. */
const FEW = 12;
/** Where the texts of options and commands start. */
const COLUMN = 22;

const OURSELVES = 'moby-build';

/** Gives a sentence in the language of the page. */
export type Say = (english: string) => string;

const asItIs: Say = (english) => english;

/** The text of `--help`, of the program or of one command. @param all every option, not only the common ones */
export function helpPage(command: CommandName | null, all: boolean, say: Say = asItIs): string {
  const taken = command === null ? OPTION_NAMES : optionsOf(command);
  const whole = all || taken.length <= FEW;
  const parts = [
    usage(command, say),
    ...(command === null ? [commandList(say)] : []),
    ...(whole ? everyOption(command, taken, say) : [commonOptions(command, taken, say)]),
    examples(command, say),
    ...(whole ? [sources(say)] : []),
    ...(all ? [exitCodes(say)] : []),
    ending(command, whole, say),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function usage(command: CommandName | null, say: Say): string {
  const about = say(command === null ? ABOUT : COMMANDS[command]);
  const ended = command === null ? about : `${about}${about === COMMANDS[command] ? '.' : '。'}`;
  const usage = wrapped(`${say('Usage:')} ${OURSELVES} ${usageWords(command)}`, PAGE_COLUMNS);
  return [...usage, '', ...wrapped(ended, PAGE_COLUMNS)].join('\n');
}

const ABOUT = 'Compiles Docker Engine (moby) from source where the network is slow, filtered or absent.';

/** `verify DIR [OPTIONS]` */
export function usageWords(command: CommandName | null): string {
  if (command === null) return '[COMMAND] [OPTIONS]';
  if (command === 'build') return '[build] [OPTIONS]';
  if (TAKES_SECOND.includes(command)) return `${command} A B [OPTIONS]`;
  if (TAKES_FOLDER.includes(command)) return `${command} ${FINDS_FOLDER[command] ?? 'DIR'} [OPTIONS]`;
  if (TAKES_WORD[command] !== undefined) return `${command} ${TAKES_WORD[command]} [OPTIONS]`;
  const actions = ACTIONS[command];
  if (command === 'bundle') return `${command} ${bundleActions()} [OPTIONS]`;
  return actions === undefined ? `${command} [OPTIONS]` : `${command} [${actions.join('|')}] [OPTIONS]`;
}

/** `create | ls|verify|serve FILE | diff OLD NEW`: actions on the same files stand together. */
function bundleActions(): string {
  const byFiles = new Map<string, string[]>();
  for (const [action, files] of Object.entries(BUNDLE_FILES)) {
    const key = files.join(' ');
    byFiles.set(key, [...(byFiles.get(key) ?? []), action]);
  }
  return [...byFiles].map(([files, actions]) => `${actions.join('|')} ${files}`.trim()).join(' | ');
}

function commandList(say: Say): string {
  const named = (name: CommandName): string => (name === 'build' ? say('build (default)') : name);
  const lines = COMMAND_NAMES.map((name) => entry(named(name), say(COMMANDS[name]), 2, COLUMN));
  return [say('Commands:'), ...lines].join('\n');
}

function commonOptions(command: CommandName | null, taken: readonly OptionName[], say: Say): string {
  const common = command === 'doctor' ? DOCTOR_OPTIONS : COMMON_OPTIONS;
  const shown = common.filter((name) => taken.includes(name));
  return [say('The options that most people need:'), ...shown.map((name) => optionEntry(name, null, say))].join('\n');
}

function everyOption(command: CommandName | null, taken: readonly OptionName[], say: Say): readonly string[] {
  return OPTION_GROUPS.flatMap((group) => {
    const names = taken.filter((name) => specOf(name).group === group);
    const ours = group === 'Output' ? OURS.map(([name, text]) => entry(name, say(text), 2, COLUMN)) : [];
    const lines = [...names.map((name) => optionEntry(name, command, say)), ...ours];
    return lines.length === 0 ? [] : [[titled(group, say), ...lines].join('\n')];
  });
}

/** A title with the colon of its language. */
function titled(title: string, say: Say): string {
  const told = say(title);
  return `${told}${told === title ? ':' : '：'}`;
}

const OURS = [
  ['--help, -h', 'This help; --help --all shows every option.'],
  ['--version, -v', 'The version.'],
] as const;

/** @param command null: says for which commands an option is, where the default command does not take it */
function optionEntry(name: OptionName, command: CommandName | null, say: Say): string {
  const { placeholder, description, commands } = specOf(name);
  const fallback = fallbackWords(name);
  const only = command === null && !commands.includes('build') ? ` [${commands.join(', ')}]` : '';
  const text = `${say(description)}${fallback === null ? '' : ` [${say('default:')} ${fallback.includes(' ') ? say(fallback) : fallback}]`}${only}`;
  return entry(placeholder === '' ? spelled(name) : `${spelled(name)} ${placeholder}`, text, 2, COLUMN);
}

/** The default in words; null where there is none to tell. */
export function fallbackWords(name: OptionName): string | null {
  const { fallback, fallbackText } = specOf(name);
  return fallbackText ?? (['string', 'number'].includes(typeof fallback) ? String(fallback) : null);
}

function examples(command: CommandName | null, say: Say): string {
  const lines = EXAMPLES[command ?? 'build'].map(({ words, does }) => [
    `  ${commandLine({ file: OURSELVES, args: words })}`,
    `      ${say(does)}`,
  ]);
  return [say('Examples:'), ...lines.flat()].join('\n');
}

function sources(say: Say): string {
  return wrapped(
    say(
      `Each option has a variable: --sources-list is ${environmentName('sources-list')}, --no-probe is ${environmentName('no-probe')}. ` +
        'A flag wins over a variable, a variable over the configuration file, the file over the default.',
    ),
    PAGE_COLUMNS,
  ).join('\n');
}

function exitCodes(say: Say): string {
  return [say('Exit codes:'), ...EXIT_MEANINGS.map(([code, meaning]) => entry(code, say(meaning), 2, 12))].join('\n');
}

function ending(command: CommandName | null, whole: boolean, say: Say): string {
  const own = command === null ? '' : `${command} `;
  return [
    ...(whole ? [] : [entry(say('Every option:'), `${OURSELVES} ${own}--help --all`, 0, COLUMN)]),
    ...(command === null || command === 'completion'
      ? [say('Completion by Tab, for one of three shells:'), ...SHELLS.map((shell) => `  ${INSTALL[shell]}`)]
      : []),
    ...(whole || command !== null ? [] : [entry(say('Of one command:'), `${OURSELVES} COMMAND --help`, 0, COLUMN)]),
  ].join('\n');
}

import type { Language } from '../../names.ts';
import { COMMAND_NAMES, SHELLS, TAKES_FOLDER, type CommandName, type Shell } from '../options/option.ts';

/** A text that a line may ask for in place of a run. */
export type Page =
  | { readonly is: 'version' }
  /** `all`: every option, not only those that most people need. */
  | { readonly is: 'help'; readonly command: CommandName | null; readonly all: boolean }
  | { readonly is: 'completion'; readonly shell: Shell };

const HELP = ['--help', '-h', '-help', '-?'];
const VERSION = ['--version', '-v', '-V', '-version'];

/**
 * The page that a line asks for; null: it is a line to be run. Looks at nothing else of the line, so help comes also where the rest is
 * wrong, and loads nothing: `--help` shall be there at once.
 */
export function askedPage(argv: readonly string[]): Page | null {
  const end = argv.indexOf('--');
  const words = (end < 0 ? argv : argv.slice(0, end)).map((word) => word.replace(/(?<=^--(?:help|version))=.*$/su, ''));
  const bare = words.filter((word) => !word.startsWith('-'));
  const [first, second] = bare;
  const commands = bare.flatMap((word) => COMMAND_NAMES.filter((name) => name === word));
  const all = words.includes('--all');
  const help = (of: CommandName | null): Page => ({ is: 'help', command: of, all });
  if (words.some((word) => HELP.includes(word))) return help(commands[0] ?? null);
  if (words.some((word) => VERSION.includes(word))) return { is: 'version' };
  if (bare.length === 1 && first === 'version') return { is: 'version' };
  if (first === 'help' && bare.length <= 2 && (second === undefined || commands.length === 1))
    return help(commands[0] ?? null);
  const shell = SHELLS.find((each) => each === second);
  // With an option it is a line to be judged.
  if (first === 'completion' && shell !== undefined && words.length === 2) return { is: 'completion', shell };
  const [command] = commands;
  // A folder may have any name.
  const asksOfIt = bare.length === 2 && first === command && second === 'help';
  return asksOfIt && command !== undefined && !TAKES_FOLDER.includes(command) ? help(command) : null;
}

/** The name of a page's text among `allPages`. A script of completion is the same in every language. */
export function pageKey(page: Exclude<Page, { is: 'version' }>, language: Language = 'en'): string {
  if (page.is === 'completion') return `${page.is} ${page.shell}`;
  return [
    ...(language === 'en' ? [] : [language]),
    page.is,
    ...(page.command === null ? [] : [page.command]),
    ...(page.all ? ['all'] : []),
  ].join(' ');
}

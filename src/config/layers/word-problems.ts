import { suggestion } from '../nearest.ts';
import { archByName } from '../../cpus.ts';
import {
  ACTIONS,
  BUNDLE_FILES,
  COMMAND_NAMES,
  FINDS_FOLDER,
  NEEDS_ACTION,
  TAKES_FOLDER,
  TAKES_OLDER,
  TAKES_SECOND,
  TAKES_WORD,
  type CommandName,
} from '../options/option.ts';
import { optionByFlag } from '../options/options.ts';
import { looksLikeFile } from '../options/paths.ts';
import type { Problem } from './layer.ts';

/** Dashes that a text program made of `--`. */
const OTHER_DASHES = /^[\u2010-\u2015\u2212]+/u;

/**
 * Judges the words of a line that are no options: the folder, the action, or one too many.
 *
 * @param wantsList `smoke --list` needs no folder
 */
export function wordProblems(command: CommandName, words: readonly string[], wantsList: boolean): Problem[] {
  const actions = ACTIONS[command];
  if (actions !== undefined) return actionProblems(command, actions, words);
  // `help pacth`: help itself is shown before a line is taken apart.
  if (command === 'build' && words[0] === 'help' && words.length > 1)
    return wordProblems(command, words.slice(1), false);
  const subject = TAKES_WORD[command];
  if (subject !== undefined && words.length === 0)
    return [{ where: command, message: `needs a log or a code: moby-build ${command} ${subject}` }];
  const two = TAKES_SECOND.includes(command);
  const taken = two ? 2 : TAKES_FOLDER.includes(command) || subject !== undefined ? 1 : 0;
  if (words.length < taken && two)
    return [{ where: command, message: `needs two folders, manifests or packages: moby-build ${command} A B` }];
  if (words.length < taken && !wantsList && FINDS_FOLDER[command] === undefined)
    return [{ where: command, message: `needs the folder that a build made: moby-build ${command} DIR` }];
  return words
    .slice(taken)
    .map((word) => ({ where: JSON.stringify(word), message: `${wrongWord(word, taken > 0)}${meantBy(word)}` }));
}

function actionProblems(command: CommandName, actions: readonly string[], words: readonly string[]): Problem[] {
  if (words.length === 0 && NEEDS_ACTION.includes(command))
    return [{ where: command, message: `needs a word: moby-build ${command} ${actions.join('|')}` }];
  const files = command === 'bundle' ? (BUNDLE_FILES[words[0] ?? ''] ?? []) : [];
  if (words.length < 1 + files.length && words.length > 0 && actions.includes(words[0] ?? ''))
    return [
      { where: command, message: `needs ${files.join(' and ')}: moby-build ${usageOf(command, words[0], files)}` },
    ];
  const more = command === 'bundle' && TAKES_OLDER.includes(words[0] ?? '');
  return words
    .filter((word, index) => (index > files.length && !more) || (index === 0 && !actions.includes(word)))
    .map((word, index) => ({
      where: JSON.stringify(word),
      message:
        index > 0 || actions.includes(word) || word !== words[0]
          ? 'is one word too many'
          : `is none of ${actions.join(', ')}${suggestion(word, actions)}`,
    }));
}

function usageOf(command: CommandName, action: string | undefined, files: readonly string[]): string {
  return [command, action ?? '', ...files].join(' ');
}

function wrongWord(word: string, afterFolder: boolean): string {
  if (afterFolder) return 'is one word too many';
  return COMMAND_NAMES.some((name) => name === word)
    ? 'is one command too many'
    : `is no command (${COMMAND_NAMES.join(', ')})`;
}

/** `; did you mean --ref v20.10.24?` where a word that is no command says by its shape which option it belongs to. */
function meantBy(word: string): string {
  if (COMMAND_NAMES.some((name) => name === word)) return '';
  const meant = (text: string): string => `; did you mean ${text}?`;
  const bare = word.replace(OTHER_DASHES, '');
  if (bare !== word) return `; options begin with two hyphens: --${bare}`;
  const [name = '', ...value] = word.split('=');
  if (value.length > 0 && optionByFlag(name.toLowerCase()) !== null)
    return meant(`--${name.toLowerCase()}=${value.join('=')}`);
  if (/^(?:docker-)?v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/iu.test(word)) return meant(`--ref ${word}`);
  if (archByName(word) !== null) return meant(`--arch ${word}`);
  const ofCommand = Object.entries(ACTIONS).find(([, actions]) => actions.includes(word));
  if (ofCommand !== undefined) return meant(`${ofCommand[0]} ${word}`);
  if (/^(?:https?|ssh|git):\/\//u.test(word) || (looksLikeFile(word) && !/\s/u.test(word)) || /^\.{1,2}$/u.test(word))
    return meant(`--source ${word}`);
  return suggestion(word, COMMAND_NAMES);
}

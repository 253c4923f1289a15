import type { Call } from '../world/call.ts';
import { goesOn, settle } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import { UNKNOWN_FOLDER } from '../values/join-states.ts';
import { resolvePath } from '../values/paths.ts';
import type { ShellState } from '../values/shell-state.ts';
import { known } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** cd, pushd, popd: each folder that may be meant, and the old one, for the command may fail. */
export function changeFolder(call: Call): End[] {
  const { name, state } = call;
  const operands = call.args.filter((arg) => !/^-[A-Za-z]+$|^--$/.test(arg.text));
  const [first, ...others] = operands;
  if (name === 'popd') return popped(operands, state);
  const failed = goesOn(state.copy(), false);
  if (others.length > 0 || call.args.some((arg) => arg.many === true && arg.choices === null && arg.text === ''))
    return [failed, ...moved([UNKNOWN_FOLDER], state)];
  if (name === 'pushd') return pushed(first, state, failed);
  const home = state.get('HOME') ?? known('$HOME', null, false);
  const targets = foldersOf(first ?? home, state);
  // Rule: POSIX cd; the root is always there.
  return settle([...(targets.every((target) => target === '/') ? [] : [failed]), ...moved(targets, state)]);
}

/** The folders that a word may mean from here. */
function foldersOf(word: Value, state: ShellState): string[] {
  const cdpath = state.get('CDPATH');
  return (word.choices ?? [word.text]).map((choice) => {
    if (choice === '-') return state.previous ?? UNKNOWN_FOLDER;
    if (choice === '') return state.cwd;
    const home = state.get('HOME')?.text ?? '$HOME';
    const text = choice === '~' || choice.startsWith('~/') ? `${home}${choice.slice(1)}` : choice;
    const isSearched = cdpath !== undefined && cdpath.text !== '' && !/^(?:\/|\.\.?(?:\/|$))/.test(text);
    return isSearched ? UNKNOWN_FOLDER : resolvePath(state.cwd, text);
  });
}

function moved(targets: readonly string[], state: ShellState): End[] {
  return targets.map((target) => {
    const next = state.copy();
    [next.previous, next.cwd] = [state.cwd, target];
    return goesOn(next, true);
  });
}

function pushed(first: Value | undefined, state: ShellState, failed: End): End[] {
  const [top, ...below] = state.folders;
  if (first === undefined || /^[-+]\d+$/.test(first.text)) {
    const ends = moved([first === undefined && below.length === 0 ? (top ?? UNKNOWN_FOLDER) : UNKNOWN_FOLDER], state);
    for (const end of ends)
      end.state.folders =
        first === undefined && top !== undefined ? [state.cwd, ...below] : state.folders.map(() => UNKNOWN_FOLDER);
    return settle([failed, ...ends]);
  }
  const ends = moved(foldersOf(first, state), state);
  for (const end of ends) end.state.folders = [state.cwd, ...state.folders];
  return settle([failed, ...ends]);
}

function popped(operands: readonly Value[], state: ShellState): End[] {
  const [top, ...below] = state.folders;
  const failed = goesOn(state.copy(), false);
  if (top === undefined) return [failed];
  const ends = moved([operands.length > 0 ? UNKNOWN_FOLDER : top], state);
  for (const end of ends)
    end.state.folders = operands.length > 0 ? state.folders.slice(1).map(() => UNKNOWN_FOLDER) : below;
  return settle([failed, ...ends]);
}

import type { Exported, ShellFunction, ShellState } from './shell-state.ts';
import { namesOf, Table } from './table.ts';
import { merge, sameValue } from './value.ts';
import type { Value } from './value.ts';

/** `$PWD` where it is not known: a path that starts with it is nowhere. */
export const UNKNOWN_FOLDER = '$PWD';

/**
 * One state for several of which one is at hand. Variables and functions may have each of their values; a directory, parameters or an
 * array that differ are not known.
 * In: at least one state; they may be changed. Out: the first one, with all that the others may be.
 */
export function join(states: readonly ShellState[]): ShellState {
  const [first, ...others] = states;
  if (first === undefined) throw new Error('there is no state to go on from');
  if (others.length === 0) return first;
  joinExported(first, states);
  joinVariables(first, others);
  joinFunctions(first, states);
  const same = (equal: (other: ShellState) => boolean): boolean => others.every(equal);
  if (!same(({ cwd }) => cwd === first.cwd)) first.cwd = UNKNOWN_FOLDER;
  if (!same(({ previous }) => previous === first.previous)) first.previous = null;
  if (!same(({ folders }) => sameTexts(folders, first.folders)))
    first.folders = first.folders.map(() => UNKNOWN_FOLDER);
  if (!same(({ positional }) => sameValues(positional, first.positional))) first.positional = null;
  if (!same(({ zero }) => zero === first.zero)) first.zero = UNKNOWN_FOLDER;
  first.errexit = states.every((state) => state.errexit);
  if (!states.every(({ allexport }) => allexport === first.allexport)) first.allexport = 'maybe';
  first.isBash = states.every((state) => state.isBash);
  first.lastpipe = states.some((state) => state.lastpipe);
  first.traps = new Map(states.flatMap((state) => [...state.traps]));
  joinLocals(first, others);
  return first;
}

function joinVariables(first: ShellState, others: readonly ShellState[]): void {
  const all = [first, ...others];
  if (!others.every((state) => state.arrays.isCopyOf(first.arrays)))
    for (const name of namesOf(all.map((state) => state.arrays))) {
      const list = first.arrays.get(name) ?? null;
      if (!others.every((state) => sameValues(state.arrays.get(name) ?? null, list)))
        for (const state of all) state.forget(name);
    }
  if (others.every((state) => state.vars.isCopyOf(first.vars))) return;
  const vars = first.vars.copy();
  for (const name of namesOf(all.map((state) => state.vars))) {
    const value = first.vars.get(name);
    if (others.some((state) => state.vars.get(name) !== value))
      vars.set(
        name,
        merge(
          all.map((state) => state.vars.get(name)),
          name,
        ),
      );
  }
  first.vars = vars;
}

function joinExported(first: ShellState, all: readonly ShellState[]): void {
  if (all.every((state) => state.exported.isCopyOf(first.exported))) return;
  const exported = new Table<Exported>();
  for (const name of namesOf(all.map((state) => state.exported)))
    exported.set(name, all.every((state) => isExported(state, name)) ? 'yes' : 'maybe');
  first.exported = exported;
}

/** A variable that is not set is exported as well as not: it is not set. */
function isExported(state: ShellState, name: string): boolean {
  const exported = state.exported.get(name);
  return exported === 'yes' || (exported === undefined && !state.vars.has(name));
}

function joinFunctions(first: ShellState, all: readonly ShellState[]): void {
  if (all.every((state) => state.functions.isCopyOf(first.functions))) return;
  const functions = new Table<readonly (ShellFunction | null)[]>();
  for (const name of namesOf(all.map((state) => state.functions))) {
    const may = all.flatMap((state) => state.functions.get(name) ?? [null]);
    functions.set(name, [...new Map(may.map((one) => [one?.key, one])).values()]);
  }
  first.functions = functions;
}

/** A variable that is local on some of the ways only may keep what the function gave it. */
function joinLocals(first: ShellState, others: readonly ShellState[]): void {
  const { locals: own } = first;
  if (own === null || others.every(({ locals }) => locals === own)) return;
  const locals = new Map(own);
  for (const other of others) for (const [name, value] of other.locals ?? []) locals.set(name, value);
  for (const [name, value] of locals) {
    const isEverywhere = [first, ...others].every((state) => state.locals?.has(name) === true);
    if (!isEverywhere) locals.set(name, merge([value, first.vars.get(name)], name));
  }
  first.locals = locals;
}

/** Whether the variables of two states can be joined without losing which goes with which. */
export function sameShape(one: ShellState, other: ShellState): boolean {
  return (
    one.cwd === other.cwd &&
    one.previous === other.previous &&
    one.zero === other.zero &&
    sameTexts(one.folders, other.folders) &&
    sameValues(one.positional, other.positional) &&
    one.arrays.equals(other.arrays, sameValues) &&
    sameLocals(one.locals, other.locals, () => true)
  );
}

/** Whether no command can tell two states apart. */
export function sameState(one: ShellState, other: ShellState): boolean {
  return (
    one.errexit === other.errexit &&
    one.allexport === other.allexport &&
    one.lastpipe === other.lastpipe &&
    one.isBash === other.isBash &&
    sameShape(one, other) &&
    sameValues(one.piped, other.piped) &&
    sameLocals(one.locals, other.locals, sameValue) &&
    one.exported.equals(other.exported, (a, b) => a === b) &&
    one.functions.equals(other.functions, (a, b) =>
      sameTexts(
        a.map((each) => each?.key ?? ''),
        b.map((each) => each?.key ?? ''),
      ),
    ) &&
    one.vars.equals(other.vars, sameValue) &&
    one.traps.size === other.traps.size &&
    [...one.traps.keys()].every((text) => other.traps.has(text))
  );
}

function sameLocals(
  one: ShellState['locals'],
  other: ShellState['locals'],
  same: (one: Value | undefined, other: Value | undefined) => boolean,
): boolean {
  if (one === other) return true;
  if (one === null || other === null || one.size !== other.size) return false;
  return [...one].every(([name, value]) => other.has(name) && same(value, other.get(name)));
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((text, index) => text === other[index]));
}

/** Whether two lists of fields are the same; null is one that is not known. */
export function sameValues(one: readonly Value[] | null, other: readonly Value[] | null): boolean {
  if (one === other) return true;
  if (one === null || other === null || one.length !== other.length) return false;
  return one.every((value, index) => sameValue(value, other[index]));
}

/** Makes unknown whatever two states of a loop do not share, so that another turn has nothing new to find. */
export function widen(state: ShellState, before: ShellState): void {
  for (const name of namesOf([state.vars, before.vars]))
    if (!sameValue(state.get(name), before.get(name))) state.forget(name);
  for (const [name, values] of [...state.arrays])
    if (!sameValues(values, before.arrays.get(name) ?? null)) state.forget(name);
  if (!sameValues(state.positional, before.positional)) state.positional = null;
  if (state.cwd !== before.cwd) state.cwd = UNKNOWN_FOLDER;
  if (state.previous !== before.previous) state.previous = null;
  if (!sameTexts(state.folders, before.folders)) state.folders = [];
}

/**
 * What is not known stays so, whatever a loop puts around it (`$(dirname $(dirname $x))`): its text is for people, and another turn with a
 * longer one finds nothing new.
 */
export function forgetTexts(state: ShellState, before: ShellState): void {
  if (state.vars.isCopyOf(before.vars)) return;
  for (const [name, value] of [...state.vars]) {
    const old = before.vars.get(name);
    if (value.choices === null && old?.choices === null && value.text !== old.text) state.forget(name);
  }
}

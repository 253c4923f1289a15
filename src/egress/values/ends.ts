import { join, sameShape } from './join-states.ts';
import type { ShellState } from './shell-state.ts';

/** true or false where the text alone decides how a command ends, else null. */
export type Outcome = boolean | null;

/** Where the shell goes on: at the next command, or where `return`, `exit`, `break` and `continue` lead. */
type Way = 'on' | 'return' | 'exit' | 'break' | 'continue';

/** One way that a piece of a script may end. */
export interface End {
  readonly state: ShellState;
  readonly way: Way;
  /** Loops that `break` and `continue` still have to leave. */
  readonly levels: number;
  readonly outcome: Outcome;
}

/** More states than this are not kept apart. */
const MAX_STATES = 12;

export function goesOn(state: ShellState, outcome: Outcome = null): End {
  return { state, way: 'on', levels: 0, outcome };
}

/** Joins ends that lead to the same place and differ in their variables only, and all of one place where there are too many. */
export function settle(ends: readonly End[]): End[] {
  if (ends.length < 2) return [...ends];
  const settled = grouped(ends, sameShape);
  return settled.length > MAX_STATES ? grouped(settled, () => true) : settled;
}

/** The same for states that go on at one place. */
export function settleStates(states: readonly ShellState[]): ShellState[] {
  return settle(states.map((state) => goesOn(state))).map((end) => end.state);
}

function grouped(ends: readonly End[], same: (one: ShellState, other: ShellState) => boolean): End[] {
  const groups: [End, ...End[]][] = [];
  for (const end of ends) {
    const { way, levels, outcome, state } = end;
    const group = groups.find(
      ([one]) => one.way === way && one.levels === levels && one.outcome === outcome && same(one.state, state),
    );
    if (group === undefined) groups.push([end]);
    else group.push(end);
  }
  return groups.map((group) => ({ ...group[0], state: join(group.map((end) => end.state)) }));
}

/** Follows one piece after another: each end that goes on is the start of the next, whatever its outcome. */
export function inTurn<T>(
  items: readonly T[],
  start: ShellState,
  follow: (item: T, state: ShellState) => End[],
): End[] {
  let open: End[] = [goesOn(start)];
  const left: End[] = [];
  for (const item of items) {
    const next = settleStates(open.map((end) => end.state)).flatMap((state) => follow(item, state));
    open = next.filter((end) => end.way === 'on');
    left.push(...next.filter((end) => end.way !== 'on'));
  }
  return settle([...left, ...open]);
}

import type { Node, ScriptSource } from '../../shell/syntax.ts';
import { sorted } from './branches.ts';
import { goesOn, settle, settleStates } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import type { Flow } from '../detect/flow.ts';
import { forgetTexts, join, sameState, widen } from '../values/join-states.ts';
import type { ShellState } from '../values/shell-state.ts';
import { oneOf, unknownValue } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** Turns that are followed as they are; after them what changes counts as not known. */
const MAX_TURNS = 8;

/** One turn: where the next one starts, and where the shell leaves the loop. */
interface Turn {
  readonly next: readonly ShellState[];
  readonly out: readonly End[];
}

export function followWhile(
  node: Node & { kind: 'while' },
  state: ShellState,
  source: ScriptSource,
  flow: Flow,
): End[] {
  return loop([state], flow, (from) => {
    const tested = sorted(flow.tested(() => flow.exec(node.test, from, source)));
    const [runs, stops] = node.until ? [tested.no, tested.yes] : [tested.yes, tested.no];
    const turn = turned([...tested.left, ...settleStates(runs).flatMap((one) => flow.exec(node.body, one, source))]);
    return { next: turn.next, out: [...turn.out, ...stops.map((one) => goesOn(one))] };
  });
}

export function followFor(node: Node & { kind: 'for' }, state: ShellState, source: ScriptSource, flow: Flow): End[] {
  for (const word of node.words ?? []) flow.inWord(word, state, source);
  const written = `\${${node.name}}`;
  // A list that only the environment leaves empty may hold something in another build; one that is not known may be empty. Words that
  // set a variable are read once only.
  const unread = state.copy();
  const mayHold = (node.words ?? []).some((word) => !flow.evaluator.value(word, unread, source).fixed);
  const lists =
    node.words === null
      ? [state.positional ?? [unknownValue(written)]]
      : flow.evaluator.lists(node.words, state, source);
  const values = lists.flat();
  const mayBeEmpty =
    node.select ||
    (node.words === null && state.positional === null) ||
    lists.some((list) => list.every((value) => value.many === true));
  if (values.length === 0 && mayHold) values.push(unknownValue(written));
  const passed = mayBeEmpty ? [goesOn(state.copy())] : [];
  if (values.length === 0) return [goesOn(state)];
  const item = itemOf(values, written);
  const turns = (): End[] =>
    loop([state], flow, (from) => {
      from.set(node.name, node.select ? unknownOr(item, written) : item);
      const { next, out } = turned(flow.exec(node.body, from, source));
      return { next, out: [...out, ...next.map((one) => goesOn(one.copy()))] };
    });
  return settle([...passed, ...(mayBeEmpty ? flow.perhaps(turns) : turns())]);
}

/** select sets its variable to nothing where what is read is no number of a word. */
function unknownOr(item: Value, written: string): Value {
  return item.choices === null ? item : oneOf([...item.choices, ''], written);
}

function itemOf(values: readonly Value[], written: string): Value {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0) return only;
  const all = values.flatMap((value) => value.choices ?? []);
  return values.some((value) => value.choices === null) ? unknownValue(written) : oneOf(all, written);
}

function turned(ends: readonly End[]): Turn {
  const next: ShellState[] = [];
  const out: End[] = [];
  for (const end of ends) {
    const isBreak = end.way === 'break';
    if (end.way === 'on' || (end.way === 'continue' && end.levels <= 1)) next.push(end.state);
    else if (isBreak && end.levels <= 1) out.push(goesOn(end.state));
    else out.push(isBreak || end.way === 'continue' ? { ...end, levels: end.levels - 1 } : end);
  }
  return { next: settleStates(next), out };
}

/** Follows a body again with whatever it left, until nothing is new; what never settles counts as not known. */
function loop(start: readonly ShellState[], flow: Flow, turn: (state: ShellState) => Turn): End[] {
  const seen: ShellState[] = [];
  const out: End[] = [];
  let open = [...start];
  let before: ShellState | null = null;
  const fresh = (states: readonly ShellState[]): ShellState[] =>
    states.filter((state) => {
      if (seen.some((one) => sameState(one, state))) return false;
      seen.push(state.copy());
      return true;
    });
  open = fresh(open);
  for (let pass = 1; open.length > 0; pass++) {
    const entry = join(open.map((state) => state.copy()));
    const follow = (): Turn[] =>
      open.map((state) => {
        state.loops++;
        return turn(state);
      });
    const turns = pass === 1 ? follow() : flow.perhaps(follow);
    for (const end of turns.flatMap((one) => one.out)) {
      end.state.loops--;
      out.push(end);
    }
    const next = turns.flatMap((one) => one.next);
    for (const state of next) state.loops--;
    open = settleStates(next);
    if (pass > 1) for (const state of open) forgetTexts(state, entry);
    if (pass >= MAX_TURNS && open.length > 0) {
      const whole = join(open);
      widen(whole, before ?? entry);
      if (pass >= MAX_TURNS * 2) forget(whole);
      open = [whole];
    }
    before = entry;
    open = fresh(open);
    if (pass > MAX_TURNS * 2 + 1) break;
  }
  return settle(out);
}

function forget(state: ShellState): void {
  state.forgetAll();
  state.positional = null;
  state.cwd = '$PWD';
  state.folders = [];
}

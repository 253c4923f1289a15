import { matches } from '../../dockerfile/text/glob-pattern.ts';
import type { Node, ScriptSource } from '../../shell/syntax.ts';
import { goesOn, settle, settleStates } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import type { Flow } from '../detect/flow.ts';
import type { ShellState } from '../values/shell-state.ts';
import { certain } from '../values/value.ts';

/** Ends of a condition: where it holds, where it does not, and where the shell leaves it (`if exit`). */
interface Tested {
  readonly yes: ShellState[];
  readonly no: ShellState[];
  readonly left: End[];
}

/** Sorts what a condition may end with; what the text does not decide is both. */
export function sorted(ends: readonly End[]): Tested {
  const tested: Tested = { yes: [], no: [], left: [] };
  for (const end of ends) {
    if (end.way !== 'on') {
      tested.left.push(end);
      continue;
    }
    if (end.outcome !== false) tested.yes.push(end.outcome === null ? end.state.copy() : end.state);
    if (end.outcome !== true) tested.no.push(end.state);
  }
  return tested;
}

/** `a && b || c`: each command runs where those before it let it. */
export function followAndOr(
  node: Node & { kind: 'and-or' },
  state: ShellState,
  source: ScriptSource,
  flow: Flow,
): End[] {
  const [first, ...others] = node.nodes;
  if (first === undefined) return [goesOn(state)];
  let ends = flow.tested(() => flow.exec(first, state, source));
  for (const [index, child] of others.entries()) {
    const isAnd = node.operators[index] === '&&';
    const { yes, no, left } = sorted(ends);
    const [runs, passed] = isAnd ? [yes, no] : [no, yes];
    const isLast = index === others.length - 1;
    const follow = (): End[] => settleStates(runs).flatMap((from) => flow.exec(child, from, source));
    const certainly = passed.length === 0;
    const inside = isLast ? follow : (): End[] => flow.tested(follow);
    // A build goes on only where what stands before && worked: what it writes is there.
    const ran = certainly || (isAnd && !isTest(node.nodes[index])) ? inside() : flow.perhaps(inside);
    ends = settle([...left, ...passed.map((from) => goesOn(from, !isAnd)), ...ran]);
  }
  return ends;
}

function isTest(node: Node | undefined): boolean {
  if (node?.kind === 'test' || node?.kind === 'arithmetic') return true;
  if (node?.kind === 'pipeline') return node.nodes.length === 1 && isTest(node.nodes[0]);
  const [word] = node?.kind === 'command' ? node.words : [];
  return word !== undefined && 'text' in word && /^(?:\[|test)$/.test(word.text);
}

export function followIf(node: Node & { kind: 'if' }, state: ShellState, source: ScriptSource, flow: Flow): End[] {
  const ends: End[] = [];
  let open = [state];
  for (const branch of node.branches) {
    const { yes, no, left } = sorted(open.flatMap((from) => flow.tested(() => flow.exec(branch.test, from, source))));
    const follow = (): End[] => settleStates(yes).flatMap((from) => flow.exec(branch.body, from, source));
    ends.push(...left, ...(no.length === 0 && ends.length === 0 ? follow() : flow.perhaps(follow)));
    open = settleStates(no);
  }
  const { otherwise } = node;
  if (otherwise === null) return settle([...ends, ...open.map((from) => goesOn(from, true))]);
  const last = (): End[] => open.flatMap((from) => flow.exec(otherwise, from, source));
  return settle([...ends, ...(ends.length === 0 ? last() : flow.perhaps(last))]);
}

export function followCase(node: Node & { kind: 'case' }, state: ShellState, source: ScriptSource, flow: Flow): End[] {
  flow.inWord(node.word, state, source);
  const value = flow.evaluator.value(node.word, state, source);
  const text = value.fixed ? certain(value) : null;
  const ends: End[] = [];
  let fallen: ShellState[] = [];
  let isDecided = false;
  for (const item of node.items) {
    const patterns = item.patterns.map((pattern) => {
      flow.inWord(pattern, state, source);
      const written = flow.evaluator.value(pattern, state, source);
      return written.fixed ? certain(written) : null;
    });
    const isKnown = text !== null && !patterns.includes(null);
    const fits = isDecided ? false : isKnown ? patterns.some((pattern) => matches(text, pattern ?? '')) : null;
    const starts = [...(fits === false ? [] : [state.copy()]), ...fallen];
    fallen = [];
    if (starts.length === 0) continue;
    const ran = flow.perhaps(() => settleStates(starts).flatMap((from) => flow.exec(item.body, from, source)));
    if (item.goesOn) {
      fallen = ran.filter((end) => end.way === 'on').map((end) => end.state);
      ends.push(...ran.filter((end) => end.way !== 'on'));
    } else ends.push(...ran);
    // What follows `;;&` is tried too.
    if (fits === true && !item.goesOn) isDecided = true;
  }
  ends.push(...fallen.map((from) => goesOn(from)));
  return settle(isDecided ? ends : [...ends, goesOn(state, true)]);
}

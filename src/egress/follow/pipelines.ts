import type { Node, Redirect, ScriptSource } from '../../shell/syntax.ts';
import { goesOn, settle } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import type { Flow } from '../detect/flow.ts';
import { commandName } from './follow-command.ts';
import type { ShellState } from '../values/shell-state.ts';
import { known, unknownValue } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** `a | b`: each in a shell of its own, with what the one before it writes. `! a`: the other outcome. */
export function followPipeline(
  node: Node & { kind: 'pipeline' },
  state: ShellState,
  source: ScriptSource,
  flow: Flow,
): End[] {
  const [only, ...others] = node.nodes;
  if (only === undefined) return [goesOn(state)];
  if (others.length === 0) {
    if (!node.negated) return flow.exec(only, state, source);
    const ends = flow.tested(() => flow.exec(only, state, source));
    return ends.map((end) => ({ ...end, outcome: end.outcome === null ? null : !end.outcome }));
  }
  let { piped } = state;
  const kept: End[] = [];
  for (const [index, child] of node.nodes.entries()) {
    const side = state.subshell();
    side.piped = piped;
    piped = output(child, side, source, flow);
    const isLast = index === node.nodes.length - 1;
    if (isLast && state.lastpipe) {
      const own = state.copy();
      own.piped = side.piped;
      kept.push(...flow.exec(child, own, source).map((end) => backTo(end, state.piped)));
    } else flow.exec({ kind: 'subshell', body: child }, side, source);
  }
  return settle([goesOn(state), ...kept]);
}

/** What a command of a pipeline writes: the words of an echo, a here-document that cat passes on; else it is not known. */
function output(node: Node, state: ShellState, source: ScriptSource, flow: Flow): readonly Value[] {
  const name = node.kind === 'command' ? commandName(node) : '';
  const isOwn = state.functions.has(name);
  if (node.kind === 'command' && /^(?:echo|printf)$/.test(name) && !isOwn && node.redirects.length === 0) {
    const [fields, ...others] = flow.evaluator.lists(node.words.slice(1), state, source);
    if (fields !== undefined && others.length === 0) return fields;
  }
  const bodies =
    node.kind === 'command'
      ? node.redirects.flatMap(({ body, parts }) => (body === null || parts.length > 0 ? [] : [body]))
      : [];
  if (
    name === 'cat' &&
    !isOwn &&
    node.kind === 'command' &&
    node.words.length === 1 &&
    bodies.length > 0 &&
    bodies.length === node.redirects.length
  )
    return bodies.map(({ start, end }) => known(source.text.slice(start, end)));
  return [unknownValue('$(standard input)')];
}

/** Follows a compound command whose standard input is redirected: what reads it there gets that. */
export function withInput(
  redirects: readonly Redirect[],
  state: ShellState,
  source: ScriptSource,
  follow: () => End[],
): End[] {
  const { piped } = state;
  const inputs = redirects.filter(({ operator }) => operator.startsWith('<'));
  const [input] = inputs;
  if (input === undefined) return follow();
  const { body } = input;
  const isText = inputs.length === 1 && input.parts.length === 0;
  state.piped = [
    isText && body !== null ? known(source.text.slice(body.start, body.end)) : unknownValue('$(standard input)'),
  ];
  return follow().map((end) => backTo(end, piped));
}

function backTo(end: End, piped: readonly Value[] | null): End {
  end.state.piped = piped;
  return end;
}

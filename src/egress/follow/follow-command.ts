import type { Command, Redirect, ScriptSource } from '../../shell/syntax.ts';
import { builtin, declare, DECLARING } from './builtins.ts';
import type { Call } from '../world/call.ts';
import { decideTest } from '../values/conditions.ts';
import { detect } from '../detect/detect.ts';
import { goesOn, settle } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import { isWord } from '../values/evaluate.ts';
import type { Flow } from '../detect/flow.ts';
import { followScript, isShell, onSearchPath } from '../detect/follow-script.ts';
import { followShell } from './follow-shell.ts';
import { baseName } from '../values/paths.ts';
import { separate } from './separate.ts';
import type { Exported, ShellFunction, ShellState } from '../values/shell-state.ts';
import { unwrap } from './unwrap.ts';
import type { Unwrapped } from './unwrap.ts';
import { merge } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** These keep what is assigned before them. Rule: POSIX shell, "Special Built-In Utilities"; bash does not unless asked to. */
const SPECIAL = /^(?:\.|source|eval|export|readonly|set|shift|unset|trap|exec|:)$/;

/** Only bash has these; another shell says that there is no such command, and goes on. */
const OF_BASH = /^(?:declare|typeset|source|let|mapfile|readarray|shopt|pushd|popd|builtin)$/;

/** Follows a command. What only bash knows may do nothing at all where the shell is not certainly bash. */
export function followCommand(node: Command, state: ShellState, source: ScriptSource, flow: Flow): End[] {
  if (state.isBash || !isOfBash(node)) return followPlain(node, state, source, flow);
  const unchanged = state.copy();
  return settle([...followPlain(node, state, source, flow), goesOn(unchanged)]);
}

/** `declare x=1`, `x+=1`, and `cd a &>log`, which runs beside the script elsewhere. */
function isOfBash(node: Command): boolean {
  return (
    node.words.slice(0, 2).some((word) => isWord(word) && OF_BASH.test(word.text)) ||
    node.assignments.some((assignment) => assignment.append || assignment.index.length > 0) ||
    node.redirects.some(({ operator }) => operator.startsWith('&>'))
  );
}

/** Carries out what a command does to the shell, follows what it calls, and shows everything else to the detectors. */
function followPlain(node: Command, state: ShellState, source: ScriptSource, flow: Flow): End[] {
  if (!flow.count(node, source)) return [goesOn(state)];
  for (const assignment of node.assignments) flow.inAssignment(assignment, state, source);
  for (const redirect of node.redirects) flow.inRedirect(redirect, state, source);
  if (node.words.length === 0) {
    for (const assignment of node.assignments) flow.evaluator.assign(assignment, state, source);
    return [goesOn(state)];
  }
  for (const word of node.words) {
    if (isWord(word)) flow.inWord(word, state, source);
    else flow.inAssignment(word, state, source);
  }
  const name = commandName(node);
  // Outside of functions bash refuses `local` and goes on, and sh ends.
  if (name === 'local' && state.locals === null) return [goesOn(state)];
  if (DECLARING.has(name)) return [goesOn(declare(name, node, state, source, flow))];
  const before = new Map(
    node.assignments.map(({ name: one }) => [one, { value: state.get(one), exported: state.exported.get(one) }]),
  );
  // `X=1 cmd $X`: the words are read before X changes; here they may be read after it too. Once only: `${X:=1}` sets X.
  const plain = flow.evaluator.lists(node.words, state, source);
  const decided = decideTest(plain, state);
  if (decided !== null) return [goesOn(state, decided)];
  for (const assignment of node.assignments) {
    flow.evaluator.assign(assignment, state, source);
    state.exported.set(assignment.name, 'yes');
  }
  const ways = separate(plain).flatMap((fields) => unwrap(fields, state));
  const ends = ways.flatMap((way) => followFields(way, node, ways.length === 1 ? state : state.copy(), source, flow));
  return settle(ends.map((end) => withoutAssignments(end, before, SPECIAL.test(name))));
}

/** After `X=1 cmd` the shell has its own X again; after some builtins it may keep the new one. */
function withoutAssignments(end: End, before: ReadonlyMap<string, Before>, mayKeep: boolean): End {
  const { state } = end;
  for (const [name, { value, exported }] of before) {
    if (mayKeep) {
      state.vars.set(name, merge([value, state.get(name)], name));
      state.exported.set(name, exported ?? 'maybe');
      continue;
    }
    if (value === undefined) state.unset(name);
    else state.vars.set(name, value);
    if (exported === undefined) state.exported.delete(name);
    else state.exported.set(name, exported);
  }
  return end;
}

/** A variable before `X=1 cmd`. */
interface Before {
  readonly value: Value | undefined;
  readonly exported: Exported | undefined;
}

/** The first word as it is written. */
export function commandName(command: Command): string {
  const [word] = command.words;
  return word !== undefined && isWord(word) ? word.text : '';
}

function followFields(
  { fields, state: own, isProgram, isOutside }: Unwrapped,
  node: Command,
  state: ShellState,
  source: ScriptSource,
  flow: Flow,
): End[] {
  const [called, ...args] = fields;
  if (called === undefined) return [goesOn(state)];
  const line = source.lineAt(node.words[0]?.start ?? node.start);
  const seen = own ?? state;
  const base = { source, command: node, targets: targetsOf(node, seen, source, flow), line, args };
  const names = called.choices ?? [called.text];
  const ends = names.flatMap((name) => {
    const [kept, at] = names.length === 1 ? [state, seen] : [state.copy(), seen.copy()];
    const sure = called.choices !== null;
    // `command git`, `sudo git`: the program, whatever function has its name; that function may be calling it.
    if (!isOutside) return dispatch({ ...base, name, state: kept }, { sure, isProgram }, flow);
    dispatch({ ...base, name, state: at }, { sure, isProgram }, flow);
    return [goesOn(kept)];
  });
  return settle(ends);
}

function targetsOf(node: Command, state: ShellState, source: ScriptSource, flow: Flow): Map<Redirect, Value> {
  const targets = new Map<Redirect, Value>();
  for (const redirect of node.redirects) {
    if (redirect.target !== null) targets.set(redirect, flow.evaluator.value(redirect.target, state, source));
  }
  return targets;
}

/** Builtins, functions and scripts are followed; the call's state is the shell's own. */
function dispatch(
  call: Call,
  { sure, isProgram }: { readonly sure: boolean; readonly isProgram: boolean },
  flow: Flow,
): End[] {
  const { name, state } = call;
  const defined = isProgram ? undefined : state.functions.get(name);
  const ends: End[] = [];
  for (const one of defined ?? []) if (one !== null) ends.push(...callFunction(call, one, state.copy(), flow));
  if (defined !== undefined && !defined.includes(null)) return settle(ends);
  return settle([...ends, ...callProgram(call, sure, flow)]);
}

function callProgram(call: Call, sure: boolean, flow: Flow): End[] {
  const { name, args, state } = call;
  const done = builtin(call, flow);
  if (done !== null) return done;
  const path = name.includes('/') ? name : onSearchPath(name, flow.site.world);
  if (path !== null && !name.includes('/') && followScript(call, { name: path, args, shell: null }, flow))
    return [goesOn(state)];
  if (isShell(baseName(name))) followShell(call, flow);
  else if (!name.includes('/') || !followScript(call, { name, args, shell: null }, flow))
    detect({ ...call, name: baseName(name), state: state.child(state.zero, state.positional) }, flow.site, sure);
  return [goesOn(state, name === 'true' || name === ':' ? true : name === 'false' ? false : null)];
}

function callFunction(call: Call, one: ShellFunction, state: ShellState, flow: Flow): End[] {
  const frame = state.copy();
  const ends = flow.once([call.name, one.key, JSON.stringify(call.args)].join('\0'), state, () => {
    const inner = frame.copy();
    inner.positional = call.args;
    inner.locals = new Map();
    inner.loops = 0;
    inner.callers++;
    return settle(
      flow.exec(one.body, inner, one.source).map((end): End => {
        if (end.way === 'exit') return end;
        end.state.leave(frame);
        return { ...end, way: 'on', levels: 0 };
      }),
    );
  });
  return ends ?? [goesOn(frame)];
}

import type { Command, Redirect, ScriptSource } from '../shell/syntax.ts';
import type { Call } from './call.ts';
import { decideTest } from './conditions.ts';
import { detect } from './detect.ts';
import { isWord } from './evaluate.ts';
import type { Flow, Outcome } from './flow.ts';
import { followFile, followScript, followShell, followText, isShell, onSearchPath } from './follow-script.ts';
import { baseName, resolvePath } from './paths.ts';
import type { ShellState } from './shell-state.ts';
import { unwrap } from './unwrap.ts';
import { certain } from './value.ts';
import type { Value } from './value.ts';

const DECLARING = new Set(['export', 'local', 'declare', 'readonly', 'typeset']);

/** Carries out what a command does to the shell, follows what it calls, and shows everything else to the detectors. */
export function followCommand(node: Command, state: ShellState, source: ScriptSource, flow: Flow): Outcome {
  if (!flow.count(node, source)) return null;
  for (const assignment of node.assignments) flow.inAssignment(assignment, state, source);
  for (const redirect of node.redirects) flow.inRedirect(redirect, state, source);
  if (node.words.length === 0) {
    for (const assignment of node.assignments) flow.evaluator.assign(assignment, state, source);
    return null;
  }
  for (const word of node.words) if (isWord(word)) flow.inWord(word, state, source);
  const decided = decideTest(node, flow.evaluator, state, source);
  if (decided !== null) return decided;

  const name = commandName(node);
  if (DECLARING.has(name)) {
    declare(name, node, state, source, flow);
    return null;
  }
  // `X=1 cmd`: only the command sees X. Where there is none, its state is the shell's.
  const own = node.assignments.length === 0 ? state : state.copy();
  for (const assignment of node.assignments) {
    flow.evaluator.assign(assignment, own, source);
    own.exported.add(assignment.name);
  }
  const [called, ...args] = unwrap(flow.fields(node.words, own, source), own);
  if (called === undefined) return null;
  const line = source.lineAt(node.words[0]?.start ?? node.start);
  const base = { source, command: node, targets: targetsOf(node, own, source, flow), state: own, line, args };
  for (const choice of called.choices ?? [called.text]) {
    dispatch({ ...base, name: choice }, called.choices !== null, state, flow);
  }
  if (called.text === 'true' || called.text === ':') return true;
  return called.text === 'false' ? false : null;
}

/** The first word as it is written. */
export function commandName(command: Command): string {
  const [word] = command.words;
  return word !== undefined && isWord(word) ? word.text : '';
}

function targetsOf(node: Command, state: ShellState, source: ScriptSource, flow: Flow): Map<Redirect, Value> {
  const targets = new Map<Redirect, Value>();
  for (const redirect of node.redirects) {
    if (redirect.target !== null) targets.set(redirect, flow.evaluator.value(redirect.target, state, source));
  }
  return targets;
}

function declare(name: string, node: Command, state: ShellState, source: ScriptSource, flow: Flow): void {
  for (const word of node.words.slice(1)) {
    if (isWord(word)) {
      if (name === 'export') state.exported.add(word.text);
      continue;
    }
    flow.inAssignment(word, state, source);
    flow.evaluator.assign(word, state, source);
    if (name === 'export') state.exported.add(word.name);
  }
}

/** Builtins, functions and scripts are followed. `shell`: the shell's own state, which `cd` and `shift` change. */
function dispatch(call: Call, sure: boolean, shell: ShellState, flow: Flow): void {
  const { name, args, state } = call;
  if (builtin(call, shell, flow)) return;
  const defined = state.functions.get(name);
  if (defined !== undefined) {
    flow.once(name, () => {
      const { positional } = state;
      state.positional = args;
      flow.exec(defined.body, state, defined.source);
      state.positional = positional;
    });
    return;
  }
  const path = name.includes('/') ? name : onSearchPath(name, flow.site.world);
  if (path !== null && !name.includes('/') && followScript(call, path, args, flow)) return;
  if (isShell(baseName(name))) followShell(call, shell, flow);
  else if (!name.includes('/') || !followScript(call, name, args, flow))
    detect({ ...call, name: baseName(name) }, flow.site, sure);
}

function builtin(call: Call, shell: ShellState, flow: Flow): boolean {
  const { args } = call;
  const [first] = args;
  switch (call.name) {
    case 'cd':
    case 'pushd':
      if (first !== undefined) shell.cwd = resolvePath(shell.cwd, first.text);
      return true;
    case 'shift':
      shell.positional = shell.positional.slice(Number(certain(first) ?? '1') || 1);
      return true;
    case 'set': {
      const dashes = args.findIndex((arg) => arg.text === '--');
      if (dashes !== -1) shell.positional = args.slice(dashes + 1);
      return true;
    }
    case 'unset':
      for (const arg of args) shell.vars.delete(arg.text);
      return true;
    case 'trap':
      if (first !== undefined) followText(call, first.text, certain(first) !== null, shell.copy(), flow);
      return true;
    case 'su':
    case 'runuser':
    case 'script': {
      const text = args[args.findIndex((arg) => /^(?:-[a-z]*c|--command)$/.test(arg.text)) + 1];
      if (text === undefined || text === first) return false;
      followText(call, text.text, certain(text) !== null, shell.copy(), flow);
      return true;
    }
    case '.':
    case 'source':
      followFile(call, flow);
      return true;
    case 'eval':
      followText(
        call,
        args.map((arg) => arg.text).join(' '),
        args.every((arg) => certain(arg) !== null),
        shell,
        flow,
      );
      return true;
    default:
      return false;
  }
}

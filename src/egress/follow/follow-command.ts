import type { Command, Redirect, ScriptSource } from '../../shell/syntax.ts';
import type { Call } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { decideTest } from '../values/conditions.ts';
import { detect } from '../detect/detect.ts';
import { isWord } from '../values/evaluate.ts';
import type { Flow, Outcome } from '../detect/flow.ts';
import { followFile, followScript, followText, isShell, onSearchPath } from '../detect/follow-script.ts';
import { followShell } from './follow-shell.ts';
import { baseName, resolvePath } from '../values/paths.ts';
import type { ShellState } from '../values/shell-state.ts';
import { unwrap } from './unwrap.ts';
import { certain, known, unknownValue } from '../values/value.ts';
import type { Value } from '../values/value.ts';

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
  own.functions = state.functions;
  for (const assignment of node.assignments) {
    flow.evaluator.assign(assignment, own, source);
    own.exported.add(assignment.name);
  }
  const fields = flow.fields(node.words, own, source);
  const [called, ...args] = unwrap(fields, own);
  if (called === undefined) return null;
  const line = source.lineAt(node.words[0]?.start ?? node.start);
  const base = { source, command: node, targets: targetsOf(node, own, source, flow), state: own, line, args };
  // `command git`, `sudo git`: the program, whatever function has its name; that function may be calling it.
  const isProgram = called !== fields[0];
  for (const choice of called.choices ?? [called.text]) {
    dispatch({ ...base, name: choice }, { sure: called.choices !== null, isProgram }, state, flow);
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
function dispatch(
  call: Call,
  { sure, isProgram }: { readonly sure: boolean; readonly isProgram: boolean },
  shell: ShellState,
  flow: Flow,
): void {
  const { name, args, state } = call;
  if (builtin(call, shell, flow)) return;
  const defined = isProgram ? undefined : state.functions.get(name);
  if (defined !== undefined) {
    flow.once([name, ...args.map((arg) => arg.text)].join(' '), () => {
      const { positional } = state;
      for (const one of defined) {
        if (one === null) continue;
        state.positional = args;
        flow.exec(one.body, state, one.source);
      }
      state.positional = positional;
    });
    if (!defined.includes(null)) return;
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
      const operands = setOperands(args);
      if (operands !== null) shell.positional = operands;
      return true;
    }
    case 'unset':
      for (const arg of args) {
        if (first?.text === '-f' || !shell.vars.delete(arg.text)) shell.functions.delete(arg.text);
      }
      return true;
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'getopts':
      forget(args, shell);
      return true;
    case 'printf':
      if (first?.text === '-v') forget(args.slice(1, 2), shell);
      return first?.text === '-v';
    case 'alias':
      if (args.some((arg) => /=.*\b(?:git|curl|wget|apt|apt-get|go|pip3?)\b/.test(arg.text)))
        unknownCall(call, flow.site, 'a new name for a command is not followed');
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

/** What `set` makes the parameters: all after `--`, or from the first word that is no option; null: it leaves them. Rule: bash(1). */
function setOperands(args: readonly Value[]): readonly Value[] | null {
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.text ?? '';
    if (text === '--' || text === '-') return args.slice(at + 1);
    if (!/^[-+]/.test(text)) return args.slice(at);
    if (/^[-+][a-zA-Z]*o$/.test(text)) at++;
  }
  return null;
}

/** These words name variables whose new values come from elsewhere; an option's value among them does no harm. */
function forget(names: readonly Value[], shell: ShellState): void {
  for (const { text } of [...names, known('OPTARG')]) {
    if (!/^[A-Za-z_]\w*$/.test(text) || (text === 'OPTARG' && shell.get(text) === undefined)) continue;
    shell.set(text, unknownValue(`\${${text}}`));
  }
}

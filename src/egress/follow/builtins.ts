import type { Command, ScriptSource } from '../../shell/syntax.ts';
import { changeFolder } from './change-folder.ts';
import type { Call } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { goesOn, settle } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import { isWord } from '../values/evaluate.ts';
import type { Flow } from '../detect/flow.ts';
import { followEval, followFile, followText, followTrapText } from '../detect/follow-script.ts';
import type { ShellState } from '../values/shell-state.ts';
import { certain, known, unknownFields } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** They assign what stands behind them. */
export const DECLARING: ReadonlySet<string> = new Set(['export', 'local', 'declare', 'readonly', 'typeset']);
const NAME = /^[A-Za-z_]\w*$/;

/** `export X`, `local x=1`, `declare -x "$name=…"`. */
export function declare(name: string, node: Command, state: ShellState, source: ScriptSource, flow: Flow): ShellState {
  const isLocal = name === 'local' || ((name === 'declare' || name === 'typeset') && state.locals !== null);
  const options = node.words.flatMap((word) => (isWord(word) && /^[-+]/.test(word.text) ? [word.text] : []));
  const has = (letter: string): boolean => options.some((option) => option.startsWith('-') && option.includes(letter));
  const exports = (name === 'export' && !has('n')) || (name !== 'export' && has('x'));
  const named = (variable: string): void => {
    if (isLocal && !has('g')) state.makeLocal(variable);
    if (exports && !has('f')) state.exported.set(variable, 'yes');
  };
  for (const word of node.words.slice(1)) {
    if (!isWord(word)) {
      named(word.name);
      flow.evaluator.assign(word, state, source);
      // `declare -n x=y`: x is another name for y; `declare -i`: the value is computed.
      if (has('n') && name !== 'export') state.forgetAll();
      if (has('i') || has('l') || has('u') || has('A')) state.forget(word.name);
      continue;
    }
    if (/^[-+]/.test(word.text)) continue;
    for (const field of flow.evaluator.lists([word], state, source).flat()) assignText(field, state, named);
  }
  if (name === 'export' && has('n')) for (const word of node.words) if (isWord(word)) state.exported.delete(word.text);
  return state;
}

/** A word that turns out to be `NAME` or `NAME=value`. */
function assignText(field: Value, state: ShellState, named: (variable: string) => void): void {
  for (const choice of field.choices ?? ['']) {
    const match = /^([A-Za-z_]\w*)(=)?([\s\S]*)$/.exec(choice);
    const variable = match?.[1];
    if (match === null || variable === undefined) {
      // Which variable it sets is not known.
      const written = /^([A-Za-z_]\w*)=/.exec(field.text)?.[1];
      if (written === undefined) state.forgetAll();
      else {
        named(written);
        state.forget(written);
      }
      continue;
    }
    const before = state.get(variable);
    named(variable);
    // bash unsets a local without a value, sh keeps what it had.
    if (
      match[2] === undefined &&
      state.locals?.has(variable) === true &&
      before !== undefined &&
      before.mayBeUnset !== true
    )
      state.vars.set(variable, {
        ...before,
        choices: before.choices === null ? null : [...new Set([...before.choices, ''])],
        fixed: false,
        mayBeUnset: true,
      });
    if (match[2] !== undefined) {
      if (field.choices?.length === 1) state.set(variable, { ...known(match[3] ?? ''), fixed: field.fixed });
      else state.forget(variable);
    }
  }
}

/** What a builtin does, or null where the call is none. */
export function builtin(call: Call, flow: Flow): End[] | null {
  const { args, state: shell } = call;
  const [first] = args;
  switch (call.name) {
    case 'cd':
    case 'chdir':
    case 'pushd':
    case 'popd':
      return changeFolder(call);
    case 'shift':
      return shift(first, shell);
    case 'set':
      set(args, shell);
      return [goesOn(shell)];
    case 'shopt':
      if (args.some((arg) => arg.text === 'lastpipe')) shell.lastpipe = true;
      return [goesOn(shell)];
    case 'unset':
      unset(args, shell);
      return [goesOn(shell)];
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'getopts':
    case 'let':
      forget(call.name, args, shell);
      return [goesOn(shell)];
    case 'printf':
      if (first?.text !== '-v') return null;
      forget(call.name, args.slice(1, 2), shell);
      return [goesOn(shell)];
    case 'alias':
      if (args.some((arg) => arg.choices === null || arg.text.includes('=')))
        unknownCall(call, flow.site, 'a new name for a command is not followed');
      return [goesOn(shell)];
    case 'trap':
      followTrapText(call, flow);
      return [goesOn(shell)];
    case 'exit':
    case 'return':
    case 'break':
    case 'continue':
      return leave(call);
    case 'su':
    case 'runuser':
    case 'script': {
      const text = args[args.findIndex((arg) => /^(?:-[a-z]*c|--command)$/.test(arg.text)) + 1];
      if (text === undefined || text === first) return null;
      followText(call, text, shell.child('/bin/sh', []), flow);
      return [goesOn(shell)];
    }
    case '.':
    case 'source':
      return followFile(call, flow);
    case 'eval':
      return followEval(call, flow);
    default:
      return null;
  }
}

/** `shift n`: bash keeps the parameters where there are fewer than n, sh ends. */
function shift(first: Value | undefined, shell: ShellState): End[] {
  const text = first === undefined ? '1' : certain(first);
  const count = text !== null && /^\d+$/.test(text) ? Number(text) : null;
  const { positional } = shell;
  if (positional === null) return [goesOn(shell)];
  if (count === null || positional.slice(0, count).some((value) => value.many === true)) {
    shell.positional = null;
    return [goesOn(shell)];
  }
  const isOpen = positional.some((value) => value.many === true);
  if (count > positional.length && !isOpen) return [goesOn(shell, false)];
  shell.positional = count > positional.length ? [unknownFields('$@')] : positional.slice(count);
  return [goesOn(shell, isOpen ? null : true)];
}

/** `set`: its operands are the parameters: all after `--`, or from the first word that is no option. Rule: bash(1). */
function set(args: readonly Value[], shell: ShellState): void {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === undefined) return;
    const { text } = arg;
    if (text === '--' || text === '-') {
      shell.positional = text === '-' && at === args.length - 1 ? shell.positional : args.slice(at + 1);
      return;
    }
    if (!/^[-+]/.test(text)) {
      // What is not known may be an option, or nothing.
      shell.positional = arg.choices === null ? null : args.slice(at);
      return;
    }
    const isOn = text.startsWith('-');
    const long = /^[-+][a-zA-Z]*o$/.test(text) ? (args[at + 1]?.text ?? '') : '';
    if (/^.[a-zA-Z]*e/.test(text) || long === 'errexit') shell.errexit = isOn;
    if (/^.[a-zA-Z]*a/.test(text) || long === 'allexport') shell.allexport = isOn ? 'yes' : null;
    if (long !== '') at++;
  }
}

function unset(args: readonly Value[], shell: ShellState): void {
  const [first] = args;
  for (const arg of args) {
    if (/^-[fvn]+$/.test(arg.text)) continue;
    if (arg.choices === null) {
      shell.forgetAll();
      continue;
    }
    for (const name of arg.choices) {
      const element = /^([A-Za-z_]\w*)\[/.exec(name)?.[1];
      if (element !== undefined) shell.forget(element);
      else if (first?.text === '-f' || (first?.text !== '-v' && !shell.vars.has(name))) shell.functions.delete(name);
      else if (arg.choices.length > 1) shell.forget(name);
      else shell.unset(name);
    }
  }
}

/** These words name variables whose new values come from elsewhere; an option's value among them does no harm. */
function forget(builtinName: string, names: readonly Value[], shell: ShellState): void {
  const own: Readonly<Record<string, readonly string[]>> = {
    read: ['REPLY'],
    mapfile: ['MAPFILE'],
    readarray: ['MAPFILE'],
    getopts: ['OPTARG', 'OPTIND'],
  };
  for (const name of own[builtinName] ?? []) shell.forget(name);
  for (const { text, choices } of names) {
    if (choices === null) shell.forgetAll();
    for (const choice of choices ?? [text]) {
      const name = /^[A-Za-z_]\w*/.exec(choice)?.[0] ?? '';
      if (builtinName === 'let') for (const [word] of choice.matchAll(/[A-Za-z_]\w*/g)) shell.forget(word);
      else if (NAME.test(choice) || choice.startsWith(`${name}[`)) shell.forget(name);
    }
  }
}

/** `exit`, `return`, `break`, `continue`. Where there is nothing to leave, bash says so and goes on, and sh ends. */
function leave(call: Call): End[] {
  const { name, args, state } = call;
  const number = certain(args[0]) ?? '';
  const outcome = args.length === 0 || !/^\d+$/.test(number) ? null : Number(number) === 0;
  if (name === 'exit') return [{ state, way: 'exit', levels: 0, outcome }];
  if (name === 'return') {
    const left: End = { state, way: 'return', levels: 0, outcome };
    return state.callers > 0 ? [left] : [{ ...left, state: state.copy() }, goesOn(state)];
  }
  if (name !== 'break' && name !== 'continue') return [goesOn(state)];
  const wanted = args.length === 0 ? '1' : number;
  const levels = /^[1-9]\d*$/.test(wanted)
    ? [Number(wanted)]
    : Array.from({ length: Math.max(1, state.loops) }, (_, n) => n + 1);
  const left = levels.map((level): End => ({
    state: state.copy(),
    way: name,
    levels: Math.min(level, Math.max(1, state.loops)),
    outcome: true,
  }));
  return settle(state.loops > 0 ? left : [...left, goesOn(state)]);
}

import type { Part, Redirect } from '../../shell/syntax.ts';
import type { Call } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import type { Flow } from '../detect/flow.ts';
import { followScript, followText } from '../detect/follow-script.ts';
import { baseName } from '../values/paths.ts';
import type { ShellState } from '../values/shell-state.ts';
import { concat, known } from '../values/value.ts';
import type { Value } from '../values/value.ts';
import { bodySource } from '../world/written-texts.ts';

/** Options of a shell whose value is the next word. Rule: bash(1), dash(1). */
const WITH_VALUE = /^(?:[-+][A-Za-z]*[oO]|--(?:rcfile|init-file))$/;

/** `sh -c 'text'`, `bash -o pipefail FILE …`, `bash <<EOF`, `… | sh -s`. */
export function followShell(call: Call, flow: Flow): void {
  const { args } = call;
  let at = 0;
  let [isText, isInput, isStrict] = [false, false, false];
  for (; at < args.length; at++) {
    const text = args[at]?.text ?? '';
    if (!/^[-+]/.test(text)) break;
    if (text === '-' || text === '--') {
      at++;
      break;
    }
    isText ||= /^-[A-Za-z]*c/.test(text);
    isInput ||= /^-[A-Za-z]*s/.test(text);
    isStrict ||= /^-[A-Za-z]*e/.test(text);
    if (WITH_VALUE.test(text)) at++;
  }
  const first = args[at];
  const child = (zero: string, positional: readonly Value[]): ShellState => {
    const state = call.state.child(zero, positional);
    state.errexit = isStrict;
    state.isBash = baseName(call.name) === 'bash';
    return state;
  };
  if (isText) {
    if (first !== undefined) followText(call, first, child(args[at + 1]?.text ?? call.name, args.slice(at + 2)), flow);
  } else if (first === undefined || isInput) followInput(call, child(call.name, args.slice(at)), flow);
  else if (first.choices === null) unknownCall(call, flow.site, `the script ${first.text} is not known`);
  else for (const choice of first.choices) followFile(call, choice, args.slice(at + 1), flow);
}

function followFile(call: Call, path: string, args: Call['args'], flow: Flow): void {
  const name = path.includes('/') ? path : `./${path}`;
  if (!followScript(call, { name, args, shell: baseName(call.name) }, flow))
    unknownCall(call, flow.site, `the script ${path} is not one of the tree`);
}

/** A shell without a file reads its standard input. */
function followInput(call: Call, state: ShellState, flow: Flow): void {
  const inputs = call.command.redirects.filter(({ operator }) => operator === '<' || operator.startsWith('<<'));
  for (const redirect of inputs) followRedirect(call, redirect, state, flow);
  const { piped } = call.state;
  if (inputs.length > 0 || piped === null) return;
  // printf and the echo of sh write \n as a line's end.
  const text = concat(piped.flatMap((value, index) => (index === 0 ? [value] : [known(' '), value])));
  const lines = text.choices?.map((choice) => choice.replaceAll('\\n', '\n')) ?? null;
  if (lines !== null)
    followText(call, { ...text, text: text.text.replaceAll('\\n', '\n'), choices: lines }, state, flow);
  else unknownCall(call, flow.site, `${call.name} runs what it reads, which is not known`);
}

function followRedirect(call: Call, redirect: Redirect, state: ShellState, flow: Flow): void {
  if (redirect.body !== null) {
    // A here-document that a shell reads: its commands have places of their own.
    const { body } = redirect;
    const source = bodySource(call.source, body);
    // What is not quoted is put in by this shell, with the variables that it has.
    for (const name of expandedNames(redirect.parts)) {
      const value = call.state.get(name);
      if (new RegExp(`\\b${name}=|\\b(?:read|for|unset)\\b[^\\n]*\\b${name}\\b`).test(source.text)) state.forget(name);
      else if (value !== undefined) state.set(name, value);
    }
    const outer = redirect.parts.length > 0 ? call.state.positional : state.positional;
    state.positional = outer;
    flow.once(`body ${String(body.start)} of ${source.file}`, state, () => {
      flow.runAlone(source, state);
      return [];
    });
    return;
  }
  const target = call.targets.get(redirect);
  if (target === undefined) return;
  if (redirect.operator === '<<<') followText(call, target, state, flow);
  else if (!target.text.startsWith('/dev/')) followFile(call, target.text, [], flow);
}

function expandedNames(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (part.kind === 'parameter' && /^\w+$/.test(part.name) ? [part.name] : []));
}

import type { Redirect } from '../../shell/syntax.ts';
import type { Call } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import type { Flow } from '../detect/flow.ts';
import { followScript, followText } from '../detect/follow-script.ts';
import type { ShellState } from '../values/shell-state.ts';
import { certain } from '../values/value.ts';
import { bodySource } from '../world/written-texts.ts';

/** Options of a shell whose value is the next word. Rule: bash(1), dash(1). */
const WITH_VALUE = /^(?:[-+][A-Za-z]*[oO]|--(?:rcfile|init-file))$/;

/** `sh -c 'text'`, `bash -o pipefail FILE …`, `bash <<EOF`, `… | sh -s`. */
export function followShell(call: Call, shell: ShellState, flow: Flow): void {
  const { args } = call;
  let at = 0;
  let isText = false;
  let isInput = false;
  for (; at < args.length; at++) {
    const text = args[at]?.text ?? '';
    if (!/^[-+]/.test(text)) break;
    if (text === '-' || text === '--') {
      at++;
      break;
    }
    isText ||= /^-[A-Za-z]*c/.test(text);
    isInput ||= /^-[A-Za-z]*s/.test(text);
    if (WITH_VALUE.test(text)) at++;
  }
  const first = args[at];
  if (isText) {
    if (first === undefined) return;
    const state = shell.copy();
    state.zero = args[at + 1]?.text ?? state.zero;
    state.positional = args.slice(at + 2);
    followText(call, first.text, certain(first) !== null, state, flow);
  } else if (first === undefined || isInput) {
    const state = shell.copy();
    state.positional = args.slice(at);
    followInput(call, state, flow);
  } else {
    for (const choice of first.choices ?? [first.text]) followFile(call, choice, args.slice(at + 1), flow);
  }
}

function followFile(call: Call, path: string, args: Call['args'], flow: Flow): void {
  if (!followScript(call, path.includes('/') ? path : `./${path}`, args, flow))
    unknownCall(call, flow.site, `the script ${path} is not one of the tree`);
}

/** A shell without a file reads its standard input. */
function followInput(call: Call, state: ShellState, flow: Flow): void {
  const inputs = call.command.redirects.filter(({ operator }) => operator === '<' || operator.startsWith('<<'));
  for (const redirect of inputs) followRedirect(call, redirect, state, flow);
  const { piped } = call.state;
  if (inputs.length > 0 || piped === null) return;
  // printf and the echo of sh write \n as a line's end.
  const text = piped.map((value) => value.text.replaceAll('\\n', '\n')).join(' ');
  if (piped.every((value) => certain(value) !== null)) followText(call, text, true, state, flow);
  else unknownCall(call, flow.site, `${call.name} runs what it reads, which is not known`);
}

function followRedirect(call: Call, redirect: Redirect, state: ShellState, flow: Flow): void {
  if (redirect.body !== null) {
    // A here-document that a shell reads: its commands have places of their own.
    const { body } = redirect;
    const source = bodySource(call.source, body);
    flow.once(`body ${String(body.start)} of ${source.file}`, () => {
      flow.run(source, state);
    });
    return;
  }
  const target = call.targets.get(redirect);
  if (target === undefined) return;
  if (redirect.operator === '<<<') followText(call, target.text, certain(target) !== null, state, flow);
  else if (!target.text.startsWith('/dev/')) followFile(call, target.text, [], flow);
}

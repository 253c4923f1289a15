import type { ShellState } from '../values/shell-state.ts';
import { concat, known, oneOf, unknownValue } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** Commands that run another one: options whose value is the next word, and how many operands come before it. */
const WRAPPERS: ReadonlyMap<string, { readonly withValue: RegExp; readonly operands: number }> = new Map([
  [
    'sudo',
    {
      withValue: /^(?:-[ughpCDRTrt]|--(?:user|group|host|prompt|close-from|chdir|chroot|command-timeout|role|type))$/,
      operands: 0,
    },
  ],
  ['doas', { withValue: /^-[uCa]$/, operands: 0 }],
  ['gosu', { withValue: /^$/, operands: 1 }],
  ['su-exec', { withValue: /^$/, operands: 1 }],
  ['runuser', { withValue: /^-[ugGs]$/, operands: 0 }],
  ['setpriv', { withValue: /^--(?:[re]?[ug]id|groups|inh-caps|ambient-caps|bounding-set|securebits)$/, operands: 0 }],
  ['env', { withValue: /^(?:-[uC]|--(?:unset|chdir))$/, operands: 0 }],
  ['exec', { withValue: /^-a$/, operands: 0 }],
  ['command', { withValue: /^$/, operands: 0 }],
  ['builtin', { withValue: /^$/, operands: 0 }],
  ['nohup', { withValue: /^$/, operands: 0 }],
  ['time', { withValue: /^-[fo]$/, operands: 0 }],
  ['nice', { withValue: /^-n$/, operands: 0 }],
  ['ionice', { withValue: /^-[cn]$/, operands: 0 }],
  ['stdbuf', { withValue: /^-[ioe]$/, operands: 0 }],
  ['setarch', { withValue: /^$/, operands: 1 }],
  ['linux32', { withValue: /^$/, operands: 0 }],
  ['linux64', { withValue: /^$/, operands: 0 }],
  ['timeout', { withValue: /^(?:-[ks]|--(?:kill-after|signal))$/, operands: 1 }],
  ['setsid', { withValue: /^$/, operands: 0 }],
  ['flock', { withValue: /^-[wE]$/, operands: 1 }],
  ['taskset', { withValue: /^$/, operands: 1 }],
  ['chroot', { withValue: /^$/, operands: 1 }],
  ['fakeroot', { withValue: /^-[ilsb]$/, operands: 0 }],
  ['busybox', { withValue: /^$/, operands: 0 }],
  ['xargs', { withValue: /^-[IinPdELsa]$/, operands: 0 }],
  ['eatmydata', { withValue: /^$/, operands: 0 }],
]);

const SPLIT_STRING = /^(?:-v?S|--split-string(?:=|$))/;

/** The command behind `sudo`, `env X=1`, `timeout 60`, `xargs`, …; assignments of env go into the state. `command -v x` runs nothing. */
export function unwrap(fields: readonly Value[], state: ShellState): readonly Value[] {
  let rest = fields;
  for (;;) {
    const [first] = rest;
    if (first?.text === 'find') return afterExec(rest) ?? rest;
    const wrapper = WRAPPERS.get(first?.text ?? '');
    if (first === undefined || wrapper === undefined) return rest;
    let at = 1;
    let hole: string | null = null;
    for (; at < rest.length; at++) {
      const text = rest[at]?.text ?? '';
      if (first.text === 'command' && /^-[vV]$/.test(text)) return [];
      if (text === '--') {
        at++;
        break;
      }
      // `runuser -c TEXT`: followed where the text is known to be one.
      if (first.text === 'runuser' && text === '-c') return rest;
      if (first.text === 'env' && SPLIT_STRING.test(text)) {
        rest = [first, ...splitString(rest.slice(at))];
        at = 0;
        continue;
      }
      if (text.startsWith('-')) {
        if (first.text === 'xargs' && text.startsWith('-I')) hole = text.slice(2) || (rest[at + 1]?.text ?? '');
        if (wrapper.withValue.test(text)) at++;
        continue;
      }
      const assignment = first.text === 'env' ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) : null;
      if (assignment === null) break;
      state.set(assignment[1] ?? '', known(assignment[2] ?? ''));
      state.exported.add(assignment[1] ?? '');
    }
    rest = rest.slice(at + wrapper.operands);
    if (first.text === 'xargs' && rest.length > 0) rest = withInput(rest, hole, state);
  }
}

/** `env -S 'git clone …'`: the words of the string, then what follows it. In: from that option on. */
function splitString([option, ...after]: readonly Value[]): readonly Value[] {
  const attached = (option?.text ?? '').replace(SPLIT_STRING, '');
  const [text, ...others] = attached === '' ? after : [known(attached), ...after];
  if (text === undefined) return others;
  if (text.choices === null) return [text, ...others];
  const words = text.text.split(/\s+/).filter((word) => word !== '');
  return [...words.map((word) => known(word)), ...others];
}

/** The command of `find … -exec COMMAND ;`, or null. */
function afterExec(fields: readonly Value[]): readonly Value[] | null {
  const start = fields.findIndex((field) => /^-(?:exec|ok)(?:dir)?$/.test(field.text));
  if (start === -1) return null;
  const rest = fields.slice(start + 1);
  const end = rest.findIndex((field) => field.text === ';' || field.text === '+');
  return end === -1 ? rest : rest.slice(0, end);
}

/** What xargs reads becomes arguments: at the end, or wherever the hole of `-I` stands. */
function withInput(fields: readonly Value[], hole: string | null, state: ShellState): readonly Value[] {
  const input = inputWords(state.piped);
  if (hole === null || hole === '') return [...fields, ...input];
  const all = input.flatMap((value) => value.choices ?? []);
  const item = input.some((value) => value.choices === null) ? unknownValue(hole) : oneOf(all, hole);
  return fields.map((field) =>
    field.text.includes(hole)
      ? concat(field.text.split(hole).flatMap((piece, index) => (index === 0 ? [known(piece)] : [item, known(piece)])))
      : field,
  );
}

function inputWords(piped: readonly Value[] | null): Value[] {
  if (piped === null) return [unknownValue('$(standard input)')];
  return piped.flatMap((value) =>
    value.choices?.length === 1 && !/\s|\\n/.test(value.text)
      ? [value]
      : value.choices === null
        ? [value]
        : value.choices
            .flatMap((choice) => choice.split(/(?:\s|\\n)+/).filter((word) => word !== ''))
            .map((word) => known(word)),
  );
}

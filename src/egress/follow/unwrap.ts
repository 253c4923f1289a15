import { resolvePath } from '../values/paths.ts';
import type { ShellState } from '../values/shell-state.ts';
import { concat, known, oneOf, unknownFields, unknownValue } from '../values/value.ts';
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

/** A command as it is run in the end. */
export interface Unwrapped {
  readonly fields: readonly Value[];
  /** What it sees, where that is not the shell's own state. */
  readonly state: ShellState | null;
  /** Functions are not looked at. */
  readonly isProgram: boolean;
  /** It runs in a process of its own: builtins do not change the shell. */
  readonly isOutside: boolean;
}

/** These run a builtin in the shell itself. */
const INSIDE = new Set(['command', 'builtin', 'time']);

/**
 * The commands behind `sudo`, `env X=1`, `timeout 60`, `xargs`, …: several where xargs runs one for each word. None behind
 * `command -v x`.
 */
export function unwrap(given: readonly Value[], shell: ShellState): Unwrapped[] {
  let fields = given;
  let state: ShellState | null = null;
  let [isProgram, isOutside] = [false, false];
  for (;;) {
    const [first] = fields;
    const name = first?.text ?? '';
    if (name === 'find') {
      const inner = afterExec(fields);
      return inner.length === 0
        ? [{ fields, state, isProgram, isOutside }]
        : inner.map((one) => ({ fields: one, state, isProgram: true, isOutside: true }));
    }
    const wrapper =
      first?.choices?.length === 1 && (isProgram || !shell.functions.has(name)) ? WRAPPERS.get(name) : undefined;
    if (wrapper === undefined) return [{ fields, state, isProgram, isOutside }];
    const step = behind(fields, wrapper, name);
    if (step === null) return [{ fields: name === 'runuser' ? fields : [], state, isProgram, isOutside }];
    isProgram ||= name !== 'time';
    isOutside ||= !INSIDE.has(name);
    if (step.assigned.length > 0 || step.folder !== null) {
      state ??= shell.copy();
      for (const [variable, value] of step.assigned) {
        state.set(variable, value);
        state.exported.set(variable, 'yes');
      }
      if (step.folder !== null) state.cwd = resolvePath(state.cwd, step.folder);
    }
    fields = step.rest;
    if (name === 'xargs' && fields.length > 0)
      return withInput(fields, step, shell).flatMap((one) =>
        unwrap(one, state ?? shell).map((inner) => ({ ...inner, isProgram: true, isOutside: true })),
      );
  }
}

interface Step {
  readonly rest: readonly Value[];
  readonly assigned: readonly [string, Value][];
  /** `env -C DIR`. */
  readonly folder: string | null;
  /** xargs: the word of `-I`, and how many words one command gets. */
  readonly hole: string | null;
  readonly each: number | null;
}

/** One wrapper taken away, with what it says; null where it runs nothing of what follows, or keeps its own rule. */
function behind(fields: readonly Value[], wrapper: { withValue: RegExp; operands: number }, name: string): Step | null {
  let rest = fields;
  let at = 1;
  let hole: string | null = null;
  let folder: string | null = null;
  let each: number | null = null;
  const assigned: [string, Value][] = [];
  for (; at < rest.length; at++) {
    const text = rest[at]?.text ?? '';
    const next = rest[at + 1]?.text ?? '';
    if (name === 'command' && /^-[vV]$/.test(text)) return null;
    if (text === '--') {
      at++;
      break;
    }
    // `runuser -c TEXT`: followed where the text is known to be one.
    if (name === 'runuser' && text === '-c') return null;
    if (name === 'env' && SPLIT_STRING.test(text)) {
      rest = [...rest.slice(0, 1), ...splitString(rest.slice(at))];
      at = 0;
      continue;
    }
    if (text.startsWith('-')) {
      if (name === 'xargs' && text.startsWith('-I')) hole = text.slice(2) || next;
      const count = name === 'xargs' ? /^-(?:n|L)(\d*)$/.exec(text) : null;
      if (count !== null) each = Number(count[1] === '' ? next : count[1]) || 1;
      const chdir = name === 'env' ? /^--chdir=(.+)$/.exec(text)?.[1] : undefined;
      if (chdir !== undefined) folder = chdir;
      if (name === 'env' && (text === '-C' || text === '--chdir')) folder = next;
      if (wrapper.withValue.test(text)) at++;
      continue;
    }
    const assignment = name === 'env' ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) : null;
    if (assignment === null) break;
    const value = rest[at];
    const prefix = `${assignment[1] ?? ''}=`.length;
    assigned.push([
      assignment[1] ?? '',
      {
        text: assignment[2] ?? '',
        choices: value?.choices?.map((choice) => choice.slice(prefix)) ?? null,
        fixed: false,
        origin: null,
      },
    ]);
  }
  return { rest: rest.slice(at + wrapper.operands), assigned, folder, hole, each };
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

/** The commands of `find … -exec COMMAND ;`. What is found is not known. */
function afterExec(fields: readonly Value[]): Value[][] {
  const commands: Value[][] = [];
  for (let at = 0; at < fields.length; at++) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(fields[at]?.text ?? '')) continue;
    const rest = fields.slice(at + 1);
    const end = rest.findIndex((field) => field.text === ';' || field.text === '+');
    const command = end === -1 ? rest : rest.slice(0, end);
    commands.push(command.map((field) => (field.text.includes('{}') ? unknownValue(field.text) : field)));
    at += command.length;
  }
  return commands;
}

/** What xargs reads becomes arguments: at the end, or wherever the hole of `-I` stands; in one command, or in one for each few words. */
function withInput(fields: readonly Value[], { hole, each }: Step, state: ShellState): (readonly Value[])[] {
  const input = inputWords(state.piped);
  if (hole === null || hole === '') {
    if (each === null) return [[...fields, ...input]];
    if (input.some((value) => value.many === true)) return [[...fields, ...input]];
    return Array.from({ length: Math.ceil(input.length / each) }, (_, turn) => [
      ...fields,
      ...input.slice(turn * each, (turn + 1) * each),
    ]);
  }
  const all = input.flatMap((value) => value.choices ?? []);
  const item = input.some((value) => value.choices === null) ? unknownValue(hole) : oneOf(all, hole);
  return [
    fields.map((field) =>
      field.text.includes(hole)
        ? concat(
            field.text.split(hole).flatMap((piece, index) => (index === 0 ? [known(piece)] : [item, known(piece)])),
          )
        : field,
    ),
  ];
}

function inputWords(piped: readonly Value[] | null): Value[] {
  if (piped === null) return [unknownFields('$(standard input)')];
  return piped.flatMap((value) =>
    value.choices?.length === 1 && !/\s|\\n/.test(value.text)
      ? [value]
      : value.choices === null
        ? [{ ...value, many: true as const }]
        : value.choices
            .flatMap((choice) => choice.split(/(?:\s|\\n)+/).filter((word) => word !== ''))
            .map((word) => known(word)),
  );
}

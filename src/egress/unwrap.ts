import type { ShellState } from './shell-state.ts';
import { known } from './value.ts';
import type { Value } from './value.ts';

/** Commands that run another one: options whose value is the next word, and how many operands come before it. */
const WRAPPERS: ReadonlyMap<string, { readonly withValue: RegExp; readonly operands: number }> = new Map([
  ['sudo', { withValue: /^-[ughpCDRTrt]$/, operands: 0 }],
  ['env', { withValue: /^-[uCS]$/, operands: 0 }],
  ['exec', { withValue: /^-a$/, operands: 0 }],
  ['command', { withValue: /^$/, operands: 0 }],
  ['builtin', { withValue: /^$/, operands: 0 }],
  ['nohup', { withValue: /^$/, operands: 0 }],
  ['time', { withValue: /^-[fo]$/, operands: 0 }],
  ['nice', { withValue: /^-n$/, operands: 0 }],
  ['ionice', { withValue: /^-[cn]$/, operands: 0 }],
  ['stdbuf', { withValue: /^-[ioe]$/, operands: 0 }],
  ['setarch', { withValue: /^$/, operands: 1 }],
  ['timeout', { withValue: /^-[ks]$/, operands: 1 }],
  ['chroot', { withValue: /^$/, operands: 1 }],
  ['xargs', { withValue: /^-[IinPdELsa]$/, operands: 0 }],
  ['eatmydata', { withValue: /^$/, operands: 0 }],
]);

/** The command behind `sudo`, `env X=1`, `timeout 60`, …; assignments of env go into the state. `command -v x` runs nothing. */
export function unwrap(fields: readonly Value[], state: ShellState): readonly Value[] {
  let rest = fields;
  for (;;) {
    const [first] = rest;
    const wrapper = WRAPPERS.get(first?.text ?? '');
    if (first === undefined || wrapper === undefined) return rest;
    let at = 1;
    for (; at < rest.length; at++) {
      const text = rest[at]?.text ?? '';
      if (first.text === 'command' && /^-[vV]$/.test(text)) return [];
      if (text.startsWith('-')) {
        if (wrapper.withValue.test(text)) at++;
        continue;
      }
      const assignment = first.text === 'env' ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) : null;
      if (assignment === null) break;
      state.set(assignment[1] ?? '', known(assignment[2] ?? ''));
      state.exported.add(assignment[1] ?? '');
    }
    rest = rest.slice(at + wrapper.operands);
  }
}

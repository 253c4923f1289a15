import type { Node, ScriptSource } from '../../shell/syntax.ts';
import { merge } from './value.ts';
import type { Value } from './value.ts';

export interface ShellFunction {
  readonly body: Node;
  readonly source: ScriptSource;
}

interface StateSeed {
  readonly vars: ReadonlyMap<string, Value>;
  readonly cwd: string;
  readonly zero?: string;
  readonly positional?: readonly Value[];
  readonly functions?: ReadonlyMap<string, readonly (ShellFunction | null)[]>;
  readonly arrays?: ReadonlyMap<string, readonly Value[]>;
  readonly exported?: ReadonlySet<string>;
}

/** What a shell knows at one point of a script. */
export class ShellState {
  vars: Map<string, Value>;
  arrays: Map<string, readonly Value[]>;
  /** Every definition that a name may have here; null among them: it may have none. */
  functions: Map<string, readonly (ShellFunction | null)[]>;
  positional: readonly Value[];
  /** `$0`, as a path in the container. */
  zero: string;
  /** An absolute path, or a text that starts with what is not known (`$(mktemp -d)/src`). */
  cwd: string;
  /** Names that child processes see. */
  exported: Set<string>;
  /** What `echo … |` feeds to the next command of a pipeline. */
  piped: readonly Value[] | null = null;

  constructor(from: StateSeed) {
    this.vars = new Map(from.vars);
    this.arrays = new Map(from.arrays ?? []);
    this.functions = new Map(from.functions ?? []);
    this.positional = from.positional ?? [];
    this.zero = from.zero ?? '/bin/sh';
    this.cwd = from.cwd;
    this.exported = new Set(from.exported ?? from.vars.keys());
  }

  copy(): ShellState {
    return new ShellState(this);
  }

  /** A variable that the shell's user cannot see the value of before the build is not here: it is undefined. */
  get(name: string): Value | undefined {
    return this.vars.get(name);
  }

  set(name: string, value: Value): void {
    this.vars.set(name, value);
    this.arrays.delete(name);
  }

  /** The variables that have another value than before. */
  changedSince(before: ShellState): string[] {
    return [...this.vars].flatMap(([name, value]) => {
      const old = before.vars.get(name);
      const same = old === value || (old?.text === value.text && old.choices?.join('\0') === value.choices?.join('\0'));
      return same ? [] : [name];
    });
  }

  /** The variables that a child process starts with. */
  environment(): Map<string, Value> {
    return new Map([...this.vars].filter(([name]) => this.exported.has(name)));
  }

  /** Continues after branches of which one was taken; each ended in one of `ends`. */
  join(ends: readonly ShellState[]): void {
    const [first] = ends;
    if (first === undefined) return;
    const names = new Set(ends.flatMap((end) => [...end.vars.keys()]));
    const vars = new Map<string, Value>();
    for (const name of names) {
      const values = ends.flatMap((end) => end.vars.get(name) ?? []);
      // Set in some branches only: before, the environment may have had it.
      const value = merge(values, name);
      vars.set(name, values.length === ends.length ? value : { ...value, fixed: false });
    }
    this.vars = vars;
    const defined = new Set(ends.flatMap((end) => [...end.functions.keys()]));
    for (const name of defined) {
      this.functions.set(name, [...new Set(ends.flatMap((end) => end.functions.get(name) ?? [null]))]);
    }
    for (const end of ends) for (const name of end.exported) this.exported.add(name);
    for (const end of ends) {
      for (const [name, array] of end.arrays) {
        const all = [...(this.arrays.get(name) ?? []), ...array];
        this.arrays.set(
          name,
          ends.length === 1 ? array : [...new Map(all.map((value) => [value.text, value])).values()],
        );
      }
    }
    this.positional = first.positional;
    if (ends.every((end) => end.cwd === first.cwd)) this.cwd = first.cwd;
    else this.cwd = ends.find((end) => end.cwd !== this.cwd)?.cwd ?? this.cwd;
  }
}

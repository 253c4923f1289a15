import type { Node, ScriptSource } from '../../shell/syntax.ts';
import { Table } from './table.ts';
import { known, unknownValue } from './value.ts';
import type { Value } from './value.ts';

export interface ShellFunction {
  readonly body: Node;
  readonly source: ScriptSource;
  /** Its text and place: equal for the same definition, however often it is followed. */
  readonly key: string;
}

/** Child processes see the variable, or they may. */
export type Exported = 'yes' | 'maybe';

interface StateSeed {
  readonly vars: Table<Value>;
  readonly cwd: string;
  readonly zero?: string;
  readonly positional?: readonly Value[] | null;
  readonly functions?: Table<readonly (ShellFunction | null)[]>;
  readonly arrays?: Table<readonly Value[]>;
  readonly exported?: Table<Exported>;
  readonly piped?: readonly Value[] | null;
  readonly folders?: readonly string[];
  readonly previous?: string | null;
  readonly locals?: ReadonlyMap<string, Value | undefined> | null;
  readonly errexit?: boolean;
  readonly allexport?: Exported | null;
  readonly lastpipe?: boolean;
  readonly isBash?: boolean;
  readonly loops?: number;
  readonly callers?: number;
  readonly traps?: ReadonlyMap<string, ScriptSource>;
}

/** What a shell knows at one point of a script, on one of the ways that lead there. */
export class ShellState {
  vars: Table<Value>;
  arrays: Table<readonly Value[]>;
  /** Every definition that a name may have here; null among them: it may have none. */
  functions: Table<readonly (ShellFunction | null)[]>;
  /** null: any parameters, in any number. */
  positional: readonly Value[] | null;
  /** `$0`, as a path in the container. */
  zero: string;
  /** An absolute path, or a text that starts with what is not known (`$(mktemp -d)/src`). */
  cwd: string;
  /** Where `cd -` leads; null: not known. */
  previous: string | null;
  /** What `pushd` left. */
  folders: readonly string[];
  exported: Table<Exported>;
  /** What standard input holds: what `echo … |` feeds to the next command of a pipeline. null: that of the build. */
  piped: readonly Value[] | null;
  /** What the variables of `local` had before the function; null outside of functions. */
  locals: ReadonlyMap<string, Value | undefined> | null;
  /** `set -e`, `set -a`, `shopt -s lastpipe`: true where it is certain, save lastpipe, which is true where it may be. */
  errexit: boolean;
  allexport: Exported | null;
  lastpipe: boolean;
  /** The shell is certainly bash; else it may be one that has none of bash's own commands. */
  isBash: boolean;
  /** Loops around this place, and functions and sourced files: `break` and `return` need one. */
  loops: number;
  callers: number;
  /** What runs when the shell ends, by its text. */
  traps: ReadonlyMap<string, ScriptSource>;

  constructor(from: StateSeed) {
    this.vars = from.vars.copy();
    this.arrays = from.arrays?.copy() ?? new Table();
    this.functions = from.functions?.copy() ?? new Table();
    this.positional = from.positional === undefined ? [] : from.positional;
    this.zero = from.zero ?? '/bin/sh';
    this.cwd = from.cwd;
    this.previous = from.previous ?? null;
    this.folders = from.folders ?? [];
    this.exported = from.exported?.copy() ?? allExported(from.vars);
    this.piped = from.piped ?? null;
    this.locals = from.locals ?? null;
    this.errexit = from.errexit ?? false;
    this.allexport = from.allexport ?? null;
    this.lastpipe = from.lastpipe ?? false;
    this.isBash = from.isBash ?? false;
    this.loops = from.loops ?? 0;
    this.callers = from.callers ?? 0;
    this.traps = from.traps ?? new Map();
  }

  copy(): ShellState {
    return new ShellState(this);
  }

  /** The state of a process that this shell starts: it gets the exported variables, the directory and standard input. */
  child(zero: string, positional: readonly Value[] | null): ShellState {
    return new ShellState({ vars: this.environment(), cwd: this.cwd, zero, positional, piped: this.piped });
  }

  /** A subshell: all is known there, but no loop or caller around it can be left. */
  subshell(): ShellState {
    const inner = this.copy();
    inner.traps = new Map();
    return inner;
  }

  /** A variable that the shell's user cannot see the value of before the build is not here: it is undefined. */
  get(name: string): Value | undefined {
    return this.vars.get(name);
  }

  set(name: string, value: Value): void {
    const { mayBeUnset, ...rest } = value;
    this.vars.set(name, mayBeUnset === true ? rest : value);
    this.arrays.delete(name);
    if (this.allexport !== null && this.exported.get(name) !== 'yes') this.exported.set(name, this.allexport);
  }

  /** An array. Its name alone stands for its first element; one without elements is as a variable that is not set. */
  setArray(name: string, items: readonly Value[]): void {
    const [first] = items;
    if (first === undefined) this.vars.set(name, { ...known(''), mayBeUnset: true });
    else this.set(name, first);
    this.arrays.set(name, items);
  }

  unset(name: string): void {
    this.vars.delete(name);
    this.arrays.delete(name);
    this.exported.delete(name);
  }

  /** The variable holds what is not in the text. */
  forget(name: string): void {
    this.set(name, unknownValue(`\${${name}}`));
  }

  /** Something set variables whose names are not known: none of them holds what it held. */
  forgetAll(): void {
    for (const name of [...this.vars.names()]) this.forget(name);
  }

  /** Makes a variable local to the function: its value comes back at the end. Outside of functions it changes nothing. */
  makeLocal(name: string): void {
    if (this.locals !== null && !this.locals.has(name))
      this.locals = new Map([...this.locals, [name, this.vars.get(name)]]);
  }

  /** Ends a function: local variables have again what they had, `frame` is the caller's. */
  leave(frame: ShellState): void {
    for (const [name, value] of this.locals ?? []) {
      this.arrays.delete(name);
      if (value === undefined) this.vars.delete(name);
      else this.vars.set(name, value);
      const array = frame.arrays.get(name);
      if (array !== undefined) this.arrays.set(name, array);
    }
    this.locals = frame.locals;
    this.positional = frame.positional;
    this.loops = frame.loops;
    this.callers = frame.callers;
  }

  /** The variables that a child process starts with. */
  environment(): Table<Value> {
    const seen = new Table<Value>();
    for (const [name, value] of this.vars) {
      const exported = this.exported.get(name);
      if (exported === 'yes') seen.set(name, value);
      else if (exported === 'maybe') seen.set(name, { ...value, fixed: false, mayBeUnset: true });
    }
    return seen;
  }
}

function allExported(vars: Table<Value>): Table<Exported> {
  const all = new Table<Exported>();
  for (const name of vars.names()) all.set(name, 'yes');
  return all;
}

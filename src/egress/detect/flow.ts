import type { Node, Script, ScriptSource, Word, Assignment, Redirect } from '../../shell/syntax.ts';
import type { Site } from '../world/call.ts';
import type { Evaluator } from '../values/evaluate.ts';
import type { End, Outcome } from '../values/ends.ts';
import type { ShellState } from '../values/shell-state.ts';

/** What the parts that follow a script need of each other. A state that is given away may be changed. */
export interface Flow {
  readonly site: Site;
  readonly evaluator: Evaluator;
  /** Reads a script and follows it in this shell. Throws exit 4 where it cannot be read. */
  run(source: ScriptSource, state: ShellState): End[];
  /** The same in a process of its own, to its end. */
  runAlone(source: ScriptSource, state: ShellState): void;
  exec(node: Node, state: ShellState, source: ScriptSource): End[];
  /** Follows something by its name, unless it is being followed already from the same state; null: it is. */
  once(name: string, state: ShellState, follow: () => End[]): End[] | null;
  /** Counts a command; false when there were too many. */
  count(command: { readonly start: number; readonly end: number }, source: ScriptSource): boolean;
  /** Follows what may run, where `set -e` does not end the shell: a condition. */
  tested<T>(follow: () => T): T;
  /** Follows what may not run: what it writes does not take the place of what was there. */
  perhaps<T>(follow: () => T): T;
  /** Commands inside `$( … )`, `<( … )` and here-documents reach out as others do. */
  inWord(word: Word, state: ShellState, source: ScriptSource): void;
  inAssignment(assignment: Assignment, state: ShellState, source: ScriptSource): void;
  inRedirect(redirect: Redirect, state: ShellState, source: ScriptSource): void;
  inScript(script: Script, state: ShellState, source: ScriptSource): void;
}

export type { Outcome };

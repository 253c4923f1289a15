import type { Node, Script, ScriptSource, Word, Assignment, Redirect } from '../../shell/syntax.ts';
import type { Site } from '../world/call.ts';
import type { Evaluator } from '../values/evaluate.ts';
import type { ShellState } from '../values/shell-state.ts';
import type { Value } from '../values/value.ts';

/** true or false where the text alone decides how a command ends, else null. */
export type Outcome = boolean | null;

/** What the parts that follow a script need of each other. */
export interface Flow {
  readonly site: Site;
  readonly evaluator: Evaluator;
  /** Reads a script and follows it. Throws exit 4 where it cannot be read. */
  run(source: ScriptSource, state: ShellState): void;
  exec(node: Node, state: ShellState, source: ScriptSource): Outcome;
  /** Follows something by its name, unless it is being followed already. */
  once(name: string, follow: () => void): void;
  /** Counts a command; false when there were too many. */
  count(command: { readonly start: number; readonly end: number }, source: ScriptSource): boolean;
  /** The fields of a command's words. */
  fields(words: readonly (Word | Assignment)[], state: ShellState, source: ScriptSource): Value[];
  /** Commands inside `$( … )`, `<( … )` and here-documents reach out as others do. */
  inWord(word: Word, state: ShellState, source: ScriptSource): void;
  inAssignment(assignment: Assignment, state: ShellState, source: ScriptSource): void;
  inRedirect(redirect: Redirect, state: ShellState, source: ScriptSource): void;
  inScript(script: Script, state: ShellState, source: ScriptSource): void;
}

import { MobyBuildError } from '../errors.ts';
import type { Assignment, Dockerfile, Instruction, Range, Stage } from './text/dockerfile.ts';
import { expand } from './text/expand.ts';
import { platformArgs } from './platform-args.ts';
import { dockerfileSyntaxError } from './text/syntax-error.ts';

/** What the build is made for: it decides the values of ARGs. */
export interface BuildEnvironment {
  readonly arch: string;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
}

/** A variable's value and the text in the Dockerfile that gives it; null where a build argument or BuildKit does. */
export interface Variable {
  readonly value: string;
  readonly source: Range | null;
}

/** Build arguments that are known without an ARG. Rule: buildkit dockerfile2llb/convert.go (`isPredefinedArg`…). */
const PREDEFINED = /^(https?|ftp|no|all)_proxy$/i;

/** The variables at one place of a stage. Of ARG and ENV the last one wins; a name stands in one of the two maps. */
export class Scope {
  readonly args: Map<string, Variable>;
  readonly env: Map<string, Variable>;

  constructor(args: ReadonlyMap<string, Variable> = new Map(), env: ReadonlyMap<string, Variable> = new Map()) {
    this.args = new Map(args);
    this.env = new Map(env);
  }

  variable(name: string): Variable | undefined {
    return this.env.get(name) ?? this.args.get(name);
  }

  copy(): Scope {
    return new Scope(this.args, this.env);
  }
}

/** The variables of a Dockerfile for one build: those that FROM sees, and what ARG and ENV do to a stage's scope. */
export class Variables {
  readonly #dockerfile: Dockerfile;
  readonly #globals: Scope;
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #platform: ReadonlyMap<string, string>;

  constructor(dockerfile: Dockerfile, environment: BuildEnvironment) {
    this.#dockerfile = dockerfile;
    this.#buildArgs = new Map(Object.entries(environment.buildArgs ?? {}));
    this.#platform = platformArgs(environment.arch);
    this.#globals = new Scope(
      [...this.#platform].reduce(
        (map, [name, value]) => map.set(name, { value, source: null }),
        new Map<string, Variable>(),
      ),
    );
    for (const instruction of dockerfile.globals) {
      for (const assignment of instruction.assignments) this.#declareGlobal(assignment, instruction);
    }
  }

  /** What FROM sees. */
  get globals(): Scope {
    return this.#globals;
  }

  /** The scope in which a stage starts. A stage inherits variables of the stage it is built on; an image's own ENV is not known here. */
  start(parent: Scope | null): Scope {
    const scope = parent?.copy() ?? new Scope();
    for (const [name, value] of this.#buildArgs)
      if (PREDEFINED.test(name)) scope.args.set(name, { value, source: null });
    return scope;
  }

  /** Applies ARG or ENV to a stage's scope; other instructions change nothing. */
  apply(scope: Scope, instruction: Instruction): void {
    // All values of one ENV see the variables from before it: `ENV a=1 b=$a` (Dockerfile reference, "Environment replacement").
    const before = instruction.keyword === 'ENV' ? scope.copy() : scope;
    for (const assignment of instruction.assignments) {
      if (instruction.keyword === 'ENV') {
        const name = this.#expand(assignment.name, before, instruction);
        scope.args.delete(name);
        scope.env.set(name, {
          value: this.#expand(assignment.value?.text ?? '', before, instruction),
          source: assignment.inner,
        });
        continue;
      }
      const variable = this.#declared(assignment, scope, instruction);
      if (variable === null) continue;
      // Rule: dockerfile2llb/convert.go (`dispatchArg`) puts it into the same environment as ENV (`d.state.AddEnv`).
      scope.env.delete(assignment.name);
      scope.args.set(assignment.name, variable);
    }
  }

  /** Expands a word of `instruction` in a scope. Throws exit 4 with the line. */
  expand(word: string, scope: Scope, instruction: Instruction): string {
    return this.#expand(word, scope, instruction);
  }

  /** The image or stage name that a stage's FROM gives. */
  fromName(stage: Stage): string {
    return this.#expand(stage.image.text, this.#globals, stage.from);
  }

  #declareGlobal(assignment: Assignment, instruction: Instruction): void {
    const given = this.#buildArgs.get(assignment.name);
    if (given !== undefined) this.#globals.args.set(assignment.name, { value: given, source: null });
    else if (assignment.value !== null) {
      const value = this.#expand(assignment.value.text, this.#globals, instruction);
      this.#globals.args.set(assignment.name, { value, source: assignment.inner });
    }
  }

  /** `ARG X` takes a build argument, else its own default, else the global one, else the platform's; without any of them X stays unset. */
  #declared(assignment: Assignment, scope: Scope, instruction: Instruction): Variable | null {
    const given = this.#buildArgs.get(assignment.name);
    if (given !== undefined) return { value: given, source: null };
    if (assignment.value !== null)
      return { value: this.#expand(assignment.value.text, scope, instruction), source: assignment.inner };
    return this.#globals.args.get(assignment.name) ?? null;
  }

  #expand(word: string, scope: Scope, instruction: Instruction): string {
    try {
      return expand(word, (name) => scope.variable(name)?.value, this.#dockerfile.escape);
    } catch (error) {
      if (!(error instanceof MobyBuildError)) throw error;
      throw dockerfileSyntaxError(this.#dockerfile.file, instruction.line, error.message, error);
    }
  }
}

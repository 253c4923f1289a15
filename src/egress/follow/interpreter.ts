import { matches } from '../../dockerfile/text/glob-pattern.ts';
import { parseShell } from '../../shell/parse.ts';
import type { Assignment, Node, Part, Redirect, Script, ScriptSource, Word } from '../../shell/syntax.ts';
import type { Site } from '../world/call.ts';
import { Evaluator, isWord } from '../values/evaluate.ts';
import type { Flow, Outcome } from '../detect/flow.ts';
import { commandName, followCommand } from './follow-command.ts';
import type { ShellState } from '../values/shell-state.ts';
import { certain, known, oneOf, unknownValue } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** More commands than any moby script runs; what needs more is told as unknown. */
const MAX_COMMANDS = 20_000;
const MAX_DEPTH = 24;
const MAX_PASSES = 8;

/**
 * Follows a script without running it: every branch that a machine could take, into functions, sourced files and scripts
 * of the tree, with the variables that are known on the way. What it finds goes to the site's points.
 */
export class Interpreter implements Flow {
  readonly site: Site;
  readonly evaluator: Evaluator;
  #commands = 0;
  readonly #active: string[] = [];
  /** The command that is being followed. */
  #last: { readonly file: string; readonly line: number; readonly text: string } | null = null;

  constructor(site: Site) {
    this.site = site;
    this.evaluator = new Evaluator(site.arch);
  }

  run(source: ScriptSource, state: ShellState): void {
    this.exec(parseShell(source).body, state, source);
  }

  exec(node: Node, state: ShellState, source: ScriptSource): Outcome {
    switch (node.kind) {
      case 'command':
        return followCommand(node, state, source, this);
      case 'sequence': {
        let last: Outcome = null;
        for (const child of node.nodes) last = this.exec(child, state, source);
        return last;
      }
      case 'and-or':
        return this.#andOr(node, state, source);
      case 'pipeline':
        return this.#pipeline(node, state, source);
      case 'subshell':
        this.exec(node.body, state.copy(), source);
        return null;
      case 'if':
        this.#if(node, state, source);
        return null;
      case 'case':
        this.#case(node, state, source);
        return null;
      case 'for':
        this.#for(node, state, source);
        return null;
      case 'while':
        this.#repeat(state, () => {
          if (this.exec(node.test, state, source) === node.until) return false;
          this.exec(node.body, state, source);
          return true;
        });
        return null;
      case 'function':
        state.functions.set(node.name, [{ body: node.body, source }]);
        return null;
      case 'test':
        for (const word of node.words) this.inWord(word, state, source);
        return null;
      case 'arithmetic':
        for (const part of node.parts) this.#inPart(part, state, source);
        return null;
      case 'redirected':
        for (const redirect of node.redirects) this.inRedirect(redirect, state, source);
        return this.exec(node.body, state, source);
    }
  }

  once(name: string, follow: () => void): void {
    if (this.#active.includes(name)) return;
    if (this.#active.length >= MAX_DEPTH) {
      if (this.#last !== null)
        this.site.points.unknown({ ...this.#last, reason: 'what it calls lies too deep to be followed' });
      return;
    }
    this.#active.push(name);
    follow();
    this.#active.pop();
  }

  count(command: { readonly start: number; readonly end: number }, source: ScriptSource): boolean {
    this.#commands++;
    const text = source.text.slice(command.start, command.end);
    this.#last = { file: source.file, line: source.lineAt(command.start), text };
    if (this.#commands === MAX_COMMANDS + 1) {
      const reason = `more than ${String(MAX_COMMANDS)} commands would have to be followed`;
      this.site.points.unknown({ ...this.#last, reason });
    }
    return this.#commands <= MAX_COMMANDS;
  }

  fields(words: readonly (Word | Assignment)[], state: ShellState, source: ScriptSource): Value[] {
    return words.flatMap((word) =>
      isWord(word) ? this.evaluator.fields(word, state, source) : [known(source.text.slice(word.start, word.end))],
    );
  }

  inWord(word: Word, state: ShellState, source: ScriptSource): void {
    for (const part of word.parts) this.#inPart(part, state, source);
  }

  inAssignment(assignment: Assignment, state: ShellState, source: ScriptSource): void {
    for (const part of assignment.index) this.#inPart(part, state, source);
    for (const word of isWord(assignment.value) ? [assignment.value] : assignment.value)
      this.inWord(word, state, source);
  }

  inRedirect(redirect: Redirect, state: ShellState, source: ScriptSource): void {
    const text = source.text.slice(redirect.start, redirect.end);
    // Rule: bash(1), "Redirection": these names open a connection.
    const target = redirect.target === null ? '' : this.evaluator.value(redirect.target, state, source).text;
    if (!this.site.offline && /^\/dev\/(?:tcp|udp)\//.test(target)) {
      const line = source.lineAt(redirect.start);
      this.site.points.unknown({ file: source.file, line, text, reason: 'it opens a network connection' });
    }
    if (redirect.target !== null) this.inWord(redirect.target, state, source);
    for (const part of redirect.parts) this.#inPart(part, state, source);
  }

  inScript(script: Script, state: ShellState, source: ScriptSource): void {
    this.exec(script.body, state.copy(), source);
  }

  #inPart(part: Part, state: ShellState, source: ScriptSource): void {
    if ((part.kind === 'command' || part.kind === 'other') && part.body !== null)
      this.inScript(part.body, state, source);
    if (part.kind === 'other') for (const inside of part.inside) this.#inPart(inside, state, source);
    if (part.kind !== 'parameter') return;
    const { operand = null, others = [] } = part.operation ?? {};
    for (const word of [...part.inside, ...(operand === null ? [] : [operand]), ...others])
      this.inWord(word, state, source);
  }

  #andOr(node: Node & { kind: 'and-or' }, state: ShellState, source: ScriptSource): Outcome {
    let outcome: Outcome = null;
    let afterTest = false;
    for (const [index, child] of node.nodes.entries()) {
      const operator = index === 0 ? null : node.operators[index - 1];
      if ((operator === '&&' && outcome === false) || (operator === '||' && outcome === true)) continue;
      // `cmd1 && cmd2`: a build goes on only where cmd1 worked. What follows `||` or a test may not run.
      const maybe = operator !== null && outcome === null && (operator === '||' || afterTest);
      if (maybe) {
        const branch = state.copy();
        this.exec(child, branch, source);
        state.join([state.copy(), branch]);
        outcome = null;
      } else outcome = this.exec(child, state, source);
      afterTest =
        child.kind === 'test' ||
        child.kind === 'arithmetic' ||
        (child.kind === 'command' && /^(?:\[|test)$/.test(commandName(child)));
    }
    return outcome;
  }

  #pipeline(node: Node & { kind: 'pipeline' }, state: ShellState, source: ScriptSource): Outcome {
    const [only] = node.nodes;
    if (node.nodes.length === 1 && only !== undefined) {
      const outcome = this.exec(only, state, source);
      return outcome === null ? null : outcome !== node.negated;
    }
    let piped: readonly Value[] | null = null;
    for (const child of node.nodes) {
      const side = state.copy();
      side.piped = piped;
      this.exec(child, side, source);
      piped = this.#output(child, side, source);
    }
    return null;
  }

  /** What a command of a pipeline writes: the words of an echo, a here-document that cat passes on; else it is not known. */
  #output(node: Node, state: ShellState, source: ScriptSource): readonly Value[] {
    const name = node.kind === 'command' ? commandName(node) : '';
    if (node.kind === 'command' && /^(?:echo|printf)$/.test(name))
      return this.fields(node.words.slice(1), state, source);
    const bodies = node.kind === 'command' ? node.redirects.flatMap(({ body }) => body ?? []) : [];
    if (name === 'cat' && node.kind === 'command' && node.words.length === 1 && bodies.length > 0)
      return bodies.map(({ start, end }) => known(source.text.slice(start, end)));
    return [unknownValue('$(standard input)')];
  }

  #if(node: Node & { kind: 'if' }, state: ShellState, source: ScriptSource): void {
    const ends: ShellState[] = [];
    for (const branch of node.branches) {
      const outcome = this.exec(branch.test, state, source);
      if (outcome === false) continue;
      const end = state.copy();
      this.exec(branch.body, end, source);
      ends.push(end);
      if (outcome === true) {
        state.join(ends);
        return;
      }
    }
    const last = state.copy();
    if (node.otherwise !== null) this.exec(node.otherwise, last, source);
    state.join([...ends, last]);
  }

  #case(node: Node & { kind: 'case' }, state: ShellState, source: ScriptSource): void {
    this.inWord(node.word, state, source);
    const value = this.evaluator.value(node.word, state, source);
    const text = value.fixed && !node.items.some(({ goesOn }) => goesOn) ? certain(value) : null;
    const ends: ShellState[] = [];
    for (const item of node.items) {
      const patterns = item.patterns.map((pattern) => certain(this.evaluator.value(pattern, state, source)));
      const undecided = text === null || patterns.includes(null);
      const fits = undecided ? null : patterns.some((pattern) => matches(text, pattern ?? ''));
      if (fits === false) continue;
      const end = state.copy();
      this.exec(item.body, end, source);
      ends.push(end);
      if (fits === true) {
        state.join(ends);
        return;
      }
    }
    state.join([...ends, state.copy()]);
  }

  #for(node: Node & { kind: 'for' }, state: ShellState, source: ScriptSource): void {
    for (const word of node.words ?? []) this.inWord(word, state, source);
    const values =
      node.words === null ? state.positional : node.words.flatMap((word) => this.evaluator.fields(word, state, source));
    // A list that only the environment leaves empty may hold something in another build.
    const mayHold = (node.words ?? []).some((word) => !this.evaluator.value(word, state, source).fixed);
    const [only = mayHold ? unknownValue(`\${${node.name}}`) : undefined, ...others] = values;
    if (only === undefined) return;
    if (others.length === 0) state.set(node.name, only);
    else {
      const written = `\${${node.name}}`;
      const all = values.flatMap((value) => value.choices ?? []);
      const open = values.some((value) => value.choices === null);
      state.set(node.name, open ? unknownValue(written) : oneOf(all, written));
    }
    this.#repeat(state, () => {
      this.exec(node.body, state, source);
      return true;
    });
  }

  /** A body runs again with what it left, until nothing changes; what never settles counts as not known. `follow`: whether it ran. */
  #repeat(state: ShellState, follow: () => boolean): void {
    for (let pass = 1; ; pass++) {
      const before = state.copy();
      if (!follow() || pass > MAX_PASSES) return;
      const changed = state.changedSince(before);
      const moved = texts(state.positional) !== texts(before.positional);
      if (changed.length === 0 && !moved) return;
      if (pass < MAX_PASSES) continue;
      for (const name of changed) state.set(name, unknownValue(`\${${name}}`));
      if (moved) state.positional = [unknownValue('$1')];
    }
  }
}

function texts(values: readonly Value[]): string {
  return values.map((value) => value.text).join('\0');
}

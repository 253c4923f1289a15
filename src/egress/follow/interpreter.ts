import { parseShell } from '../../shell/parse.ts';
import type { Assignment, Node, Part, Redirect, Script, ScriptSource, Word } from '../../shell/syntax.ts';
import { followAndOr, followCase, followIf } from './branches.ts';
import type { Site } from '../world/call.ts';
import { goesOn, inTurn } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import { Evaluator, isWord } from '../values/evaluate.ts';
import type { Flow } from '../detect/flow.ts';
import { followCommand } from './follow-command.ts';
import { join, sameState } from '../values/join-states.ts';
import { followFor, followWhile } from './loops.ts';
import { followTrap } from '../detect/follow-script.ts';
import { followPipeline, withInput } from './pipelines.ts';
import type { ShellState } from '../values/shell-state.ts';

/** More commands than any moby script runs; what needs more is told as unknown. */
const MAX_COMMANDS = 20_000;
const MAX_DEPTH = 24;
/** How often a function that calls itself is followed until it leaves nothing new. */
const MAX_ROUNDS = 8;

interface Active {
  readonly name: string;
  readonly state: ShellState;
  /** How it has ended so far: what a call of itself goes on with. */
  ends: readonly End[];
  /** How often it was called while it was being followed. */
  calls: number;
}

/**
 * Follows a script without running it: every branch that a machine could take, into functions, sourced files and scripts
 * of the tree, with the variables that are known on the way. What it finds goes to the site's points.
 */
export class Interpreter implements Flow {
  readonly site: Site;
  readonly evaluator: Evaluator;
  #commands = 0;
  #conditions = 0;
  readonly #active: Active[] = [];
  /** The command that is being followed. */
  #last: { readonly file: string; readonly line: number; readonly text: string } | null = null;

  constructor(site: Site) {
    this.site = site;
    this.evaluator = new Evaluator(site);
  }

  run(source: ScriptSource, state: ShellState): End[] {
    return this.exec(parseShell(source).body, state, source);
  }

  runAlone(source: ScriptSource, state: ShellState): void {
    this.#finish(this.run(source, state));
  }

  exec(node: Node, state: ShellState, source: ScriptSource): End[] {
    switch (node.kind) {
      case 'command':
        return followCommand(node, state, source, this).map((end) => this.#died(end));
      case 'sequence':
        return inTurn(node.nodes, state, (child, from) => this.exec(child, from, source));
      case 'and-or':
        return followAndOr(node, state, source, this);
      case 'pipeline':
        return followPipeline(node, state, source, this);
      case 'subshell':
        this.#finish(this.exec(node.body, state.subshell(), source));
        return [goesOn(state)];
      case 'if':
        return followIf(node, state, source, this);
      case 'case':
        return followCase(node, state, source, this);
      case 'for':
        return followFor(node, state, source, this);
      case 'while':
        return followWhile(node, state, source, this);
      case 'function': {
        const key = `${source.file} ${String(node.start)} ${source.text.slice(node.start, node.end)}`;
        state.functions.set(node.name, [{ body: node.body, source, key }]);
        return [goesOn(state, true)];
      }
      case 'test':
        for (const word of node.words) this.inWord(word, state, source);
        return [goesOn(state)];
      case 'arithmetic':
        for (const part of node.parts) this.#inPart(part, state, source);
        for (const name of node.assigns) state.forget(name);
        return [goesOn(state)];
      case 'redirected':
        for (const redirect of node.redirects) this.inRedirect(redirect, state, source);
        return withInput(node.redirects, state, source, () => this.exec(node.body, state, source));
    }
  }

  once(name: string, state: ShellState, follow: () => End[]): End[] | null {
    const running = this.#active.find((active) => active.name === name && sameState(active.state, state));
    if (running !== undefined) {
      running.calls++;
      return running.ends.map((end) => ({ ...end, state: end.state.copy() }));
    }
    if (this.#active.length >= MAX_DEPTH) {
      if (this.#last !== null)
        this.site.points.unknown({ ...this.#last, reason: 'what it calls lies too deep to be followed' });
      return null;
    }
    const active: Active = { name, state: state.copy(), ends: [], calls: 0 };
    this.#active.push(active);
    try {
      return this.#untilNothingNew(active, follow);
    } finally {
      this.#active.pop();
    }
  }

  /** A function that calls itself from the same state goes on with whatever it may end with. */
  #untilNothingNew(active: Active, follow: () => End[]): End[] {
    for (let round = 1; ; round++) {
      const calls = active.calls;
      const ends = follow();
      if (active.calls === calls || sameEnds(ends, active.ends)) return ends;
      if (round === MAX_ROUNDS) {
        if (this.#last !== null)
          this.site.points.unknown({ ...this.#last, reason: 'what it leaves is never the same' });
        return ends;
      }
      active.ends = ends.map((end) => ({ ...end, state: end.state.copy() }));
    }
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

  tested<T>(follow: () => T): T {
    this.#conditions++;
    try {
      return follow();
    } finally {
      this.#conditions--;
    }
  }

  /** `set -e`: a command that certainly failed ends the shell, unless it was a condition. */
  #died(end: End): End {
    const isFatal = end.way === 'on' && end.outcome === false && end.state.errexit && this.#conditions === 0;
    return isFatal ? { ...end, way: 'exit' } : end;
  }

  perhaps<T>(follow: () => T): T {
    this.site.world.branches++;
    try {
      return follow();
    } finally {
      this.site.world.branches--;
    }
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
    const target = redirect.target === null ? null : this.evaluator.value(redirect.target, state, source);
    const isNetwork = [target?.text ?? '', ...(target?.choices ?? [])].some((name) =>
      /^\/dev\/(?:tcp|udp)\//.test(name),
    );
    if (!this.site.offline && isNetwork) {
      const line = source.lineAt(redirect.start);
      this.site.points.unknown({ file: source.file, line, text, reason: 'it opens a network connection' });
    }
    if (redirect.target !== null) this.inWord(redirect.target, state, source);
    for (const part of redirect.parts) this.#inPart(part, state, source);
  }

  inScript(script: Script, state: ShellState, source: ScriptSource): void {
    const inner = state.subshell();
    // Rule: bash(1), "Command substitution": bash takes -e away there, sh does not.
    inner.errexit = false;
    this.#finish(this.exec(script.body, inner, source));
  }

  /** What a shell still runs when it ends: its traps, at whatever moment. */
  #finish(ends: readonly End[]): void {
    const traps = new Map(ends.flatMap((end) => [...end.state.traps]));
    if (traps.size === 0) return;
    const last = join(ends.map((end) => end.state.copy()));
    last.traps = new Map();
    for (const trap of traps.values()) followTrap(trap, last.copy(), this);
  }

  #inPart(part: Part, state: ShellState, source: ScriptSource): void {
    if ((part.kind === 'command' || part.kind === 'other') && part.body !== null)
      this.inScript(part.body, state, source);
    if (part.kind === 'other') {
      for (const inside of part.inside) this.#inPart(inside, state, source);
      for (const name of part.assigns) state.forget(name);
    }
    if (part.kind !== 'parameter') return;
    const { operand = null, others = [] } = part.operation ?? {};
    for (const word of [...part.inside, ...(operand === null ? [] : [operand]), ...others])
      this.inWord(word, state, source);
  }
}

function sameEnds(ends: readonly End[], others: readonly End[]): boolean {
  const same = (one: End, other: End | undefined): boolean =>
    other !== undefined && one.way === other.way && sameState(one.state, other.state);
  return ends.length === others.length && ends.every((end, index) => same(end, others[index]));
}

import { matches } from '../dockerfile/glob-pattern.ts';
import { parseShell } from '../shell/parse.ts';
import { fileSource } from '../shell/source.ts';
import type { Assignment, Command, Node, Part, Redirect, ScriptSource, Word } from '../shell/syntax.ts';
import type { Call, Site } from './call.ts';
import { unknownCall } from './call.ts';
import { decideTest } from './conditions.ts';
import { detect } from './detect.ts';
import { detectFrozenImages } from './detect-others.ts';
import { submodules } from './detect-git.ts';
import { Evaluator, isWord } from './evaluate.ts';
import { baseName, dirName, resolvePath } from './paths.ts';
import { repositoryFacts } from './repositories.ts';
import { ShellState } from './shell-state.ts';
import { unwrap } from './unwrap.ts';
import { certain, known, oneOf, unknownValue } from './value.ts';
import type { Value } from './value.ts';

/** More commands than any moby script runs; a script that needs more is told as unknown. */
const MAX_COMMANDS = 50_000;
const MAX_DEPTH = 24;
const DECLARING = new Set(['export', 'local', 'declare', 'readonly', 'typeset']);
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash']);

/** true or false where the text alone decides how a command ends, else null. */
type Outcome = boolean | null;

/**
 * Follows a script without running it: every branch that a machine could take, into functions, sourced files and scripts
 * of the tree, with the variables that are known on the way. What it finds goes to the site's points.
 */
export class Interpreter {
  readonly #site: Site;
  readonly #evaluator: Evaluator;
  #commands = 0;
  #depth = 0;
  readonly #active: string[] = [];

  constructor(site: Site) {
    this.#site = site;
    this.#evaluator = new Evaluator(site.arch);
  }

  /** Follows a script from its start. Throws exit 4 where it cannot be read. */
  run(source: ScriptSource, state: ShellState): void {
    this.#exec(parseShell(source).body, state, source);
  }

  #exec(node: Node, state: ShellState, source: ScriptSource): Outcome {
    switch (node.kind) {
      case 'command':
        return this.#command(node, state, source);
      case 'sequence': {
        let last: Outcome = null;
        for (const child of node.nodes) last = this.#exec(child, state, source);
        return last;
      }
      case 'and-or':
        return this.#andOr(node, state, source);
      case 'pipeline':
        return this.#pipeline(node, state, source);
      case 'subshell':
        this.#exec(node.body, state.copy(), source);
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
      case 'while': {
        this.#exec(node.test, state, source);
        this.#exec(node.body, state, source);
        return null;
      }
      case 'function':
        state.functions.set(node.name, { body: node.body, source });
        return null;
      case 'test':
        for (const word of node.words) this.#substitutions(word, state, source);
        return null;
      case 'redirected':
        for (const redirect of node.redirects) if (redirect.target !== null) this.#substitutions(redirect.target, state, source);
        return this.#exec(node.body, state, source);
    }
  }

  #andOr(node: Node & { kind: 'and-or' }, state: ShellState, source: ScriptSource): Outcome {
    let outcome: Outcome = null;
    let afterTest = false;
    for (const [index, child] of node.nodes.entries()) {
      const operator = index === 0 ? null : node.operators[index - 1];
      if ((operator === '&&' && outcome === false) || (operator === '||' && outcome === true)) continue;
      const maybe = operator !== null && outcome === null && (operator === '||' || afterTest);
      if (maybe) {
        const branch = state.copy();
        this.#exec(child, branch, source);
        state.join([state.copy(), branch]);
        outcome = null;
      } else outcome = this.#exec(child, state, source);
      afterTest = isTest(child);
    }
    return outcome;
  }

  #pipeline(node: Node & { kind: 'pipeline' }, state: ShellState, source: ScriptSource): Outcome {
    const [only] = node.nodes;
    if (node.nodes.length === 1 && only !== undefined) {
      const outcome = this.#exec(only, state, source);
      return outcome === null ? null : outcome !== node.negated;
    }
    let piped: readonly Value[] | null = null;
    for (const child of node.nodes) {
      const side = state.copy();
      side.piped = piped;
      this.#exec(child, side, source);
      piped = child.kind === 'command' && /^(?:echo|printf)$/.test(nameOf(child)) ? this.#fields(child.words.slice(1), side, source) : null;
    }
    return null;
  }

  #if(node: Node & { kind: 'if' }, state: ShellState, source: ScriptSource): void {
    const ends: ShellState[] = [];
    for (const branch of node.branches) {
      const outcome = this.#exec(branch.test, state, source);
      if (outcome === false) continue;
      const end = state.copy();
      this.#exec(branch.body, end, source);
      ends.push(end);
      if (outcome === true) {
        state.join(ends);
        return;
      }
    }
    const last = state.copy();
    if (node.otherwise !== null) this.#exec(node.otherwise, last, source);
    state.join([...ends, last]);
  }

  #case(node: Node & { kind: 'case' }, state: ShellState, source: ScriptSource): void {
    this.#substitutions(node.word, state, source);
    const value = this.#evaluator.value(node.word, state, source);
    const text = value.fixed ? certain(value) : null;
    const ends: ShellState[] = [];
    for (const item of node.items) {
      const patterns = item.patterns.map((pattern) => certain(this.#evaluator.value(pattern, state, source)));
      const fits = text === null || patterns.includes(null) ? null : patterns.some((pattern) => matches(text, pattern ?? ''));
      if (fits === false) continue;
      const end = state.copy();
      this.#exec(item.body, end, source);
      ends.push(end);
      if (fits === true) {
        state.join(ends);
        return;
      }
    }
    if (text === null || ends.length === 0) ends.push(state.copy());
    state.join(ends);
  }

  #for(node: Node & { kind: 'for' }, state: ShellState, source: ScriptSource): void {
    for (const word of node.words ?? []) this.#substitutions(word, state, source);
    const values = node.words === null ? state.positional : node.words.flatMap((word) => this.#evaluator.fields(word, state, source));
    const [only, ...others] = values;
    if (only === undefined) return;
    if (others.length === 0) state.set(node.name, only);
    else {
      const written = `\${${node.name}}`;
      const all = values.flatMap((value) => value.choices ?? []);
      state.set(node.name, values.some((value) => value.choices === null) ? unknownValue(written) : oneOf(all, written));
    }
    this.#exec(node.body, state, source);
  }

  #command(node: Command, state: ShellState, source: ScriptSource): Outcome {
    if (++this.#commands > MAX_COMMANDS) {
      if (this.#commands === MAX_COMMANDS + 1) this.#site.points.unknown({ file: source.file, line: source.lineAt(node.start), text: source.text.slice(node.start, node.end), reason: 'the script is too long to be followed' });
      return null;
    }
    for (const assignment of node.assignments) this.#inAssignment(assignment, state, source);
    if (node.words.length === 0) {
      for (const assignment of node.assignments) this.#evaluator.assign(assignment, state, source);
      return null;
    }
    const targets = new Map<Redirect, Value>();
    for (const redirect of node.redirects) {
      if (redirect.target === null) continue;
      this.#substitutions(redirect.target, state, source);
      targets.set(redirect, this.#evaluator.value(redirect.target, state, source));
    }
    for (const word of node.words) if (isWord(word)) this.#substitutions(word, state, source);
    const decided = decideTest(node, this.#evaluator, state, source);
    if (decided !== null) return decided;

    const name = nameOf(node);
    if (DECLARING.has(name)) {
      this.#declare(name, node, state, source);
      return null;
    }
    // `X=1 cmd`: only the command sees X. Where there is none, its state is the shell's.
    const inner = node.assignments.length === 0 ? state : state.copy();
    for (const assignment of node.assignments) {
      this.#evaluator.assign(assignment, inner, source);
      inner.exported.add(assignment.name);
    }
    const fields = unwrap(this.#fields(node.words, state, source), inner);
    const [called, ...args] = fields;
    if (called === undefined) return null;
    const base = { source, command: node, targets, state: inner, line: source.lineAt(node.words[0]?.start ?? node.start) };
    const outcome: Outcome = called.text === 'true' || called.text === ':' ? true : called.text === 'false' ? false : null;
    for (const choice of called.choices ?? [called.text]) this.#dispatch({ ...base, name: choice, args }, called.choices !== null, state);
    return outcome;
  }

  /** Builtins, functions and scripts are followed; everything else goes to the detectors. */
  #dispatch(call: Call, certainName: boolean, shell: ShellState): void {
    const { name, args, state, source } = call;
    const [first] = args;
    switch (name) {
      case 'cd':
      case 'pushd':
        if (first !== undefined) shell.cwd = resolvePath(shell.cwd, first.text);
        return;
      case 'shift':
        shell.positional = shell.positional.slice(Number(certain(first) ?? '1') || 1);
        return;
      case 'set': {
        const dashes = args.findIndex((arg) => arg.text === '--');
        if (dashes !== -1) shell.positional = args.slice(dashes + 1);
        return;
      }
      case 'unset':
        for (const arg of args) shell.vars.delete(arg.text);
        return;
      case '.':
      case 'source':
        this.#source(call);
        return;
      case 'eval':
        this.#text(call, args.map((arg) => arg.text).join(' '), args.every((arg) => arg.choices?.length === 1), shell);
        return;
      default:
    }
    const defined = state.functions.get(name);
    if (defined !== undefined) {
      this.#call(name, () => {
        const inside = state === shell ? shell : state;
        const { positional } = inside;
        inside.positional = args;
        this.#exec(defined.body, inside, defined.source);
        inside.positional = positional;
      });
      return;
    }
    if (SHELLS.has(baseName(name))) {
      this.#shell(call, shell);
      return;
    }
    if (name.includes('/') && this.#script(call, name, args)) return;
    detect({ ...call, name: baseName(name) }, this.#site, certainName);
    void source;
  }

  /** `. FILE`: in the same shell, for every file that it may be. */
  #source(call: Call): void {
    const [file, ...args] = call.args;
    if (file === undefined) return;
    if (file.choices === null) {
      unknownCall(call, this.#site, `the file ${file.text} is not known`);
      return;
    }
    for (const choice of file.choices) {
      const path = resolvePath(call.state.cwd, choice);
      const found = this.#site.world.find(path);
      if (found.kind === 'missing' && this.#site.world.isTreeFolder(dirName(found.path))) unknownCall(call, this.#site, `${found.path} is not in the tree`);
      if (found.kind !== 'file') continue;
      this.#call(found.path, () => {
        const { state } = call;
        const { positional, zero } = state;
        if (args.length > 0) state.positional = args;
        state.zero = path;
        this.#file(found.path, state);
        state.positional = positional;
        state.zero = zero;
      });
    }
  }

  /** A path that is run. Out: whether it was a script of the tree or of a fetched repository. */
  #script(call: Call, name: string, args: readonly Value[]): boolean {
    const { world } = this.#site;
    const path = resolvePath(call.state.cwd, name);
    const found = world.find(path);
    if (found.kind === 'checkout') {
      if (repositoryFacts(found.checkout.url).submodules?.script === baseName(name)) submodules(call, this.#site, found.folder);
      return true;
    }
    if (found.kind === 'missing') {
      if (!/\.(?:sh|bash|installer)$/.test(name) || !world.isTreeFolder(dirName(found.path))) return false;
      unknownCall(call, this.#site, `${found.path} is not in the tree`);
      return true;
    }
    if (found.kind === 'outside') return false;
    if (/^download-frozen-image.*\.sh$/.test(baseName(found.path))) {
      detectFrozenImages(call, this.#site, found.path);
      return true;
    }
    this.#call(found.path, () => {
      this.#file(found.path, new ShellState({ vars: call.state.environment(), cwd: call.state.cwd, zero: path, positional: args }));
    });
    return true;
  }

  #file(path: string, state: ShellState): void {
    const text = this.#site.world.tree.get(path)?.text ?? '';
    const interpreter = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(text);
    const program = baseName(interpreter?.[1] ?? '/bin/sh') === 'env' ? (interpreter?.[2] ?? '') : baseName(interpreter?.[1] ?? '/bin/sh');
    if (!SHELLS.has(program)) {
      this.#site.points.unknown({ file: path, line: 1, text: text.split('\n')[0] ?? '', reason: `it runs with ${program}, which is not followed` });
      return;
    }
    this.run(fileSource(path, text), state);
  }

  /** `sh -c 'text'`, `bash FILE …`, `bash <<EOF`. */
  #shell(call: Call, shell: ShellState): void {
    const { args } = call;
    const at = args.findIndex((arg) => !/^[-+]/.test(arg.text) || /^-[a-z]*c$/.test(arg.text));
    const first = args[at];
    if (first === undefined) {
      for (const redirect of call.command.redirects) {
        if (redirect.body !== null) this.#text(call, call.source.text.slice(redirect.body.start, redirect.body.end), true, shell);
      }
      return;
    }
    if (first.text.startsWith('-')) {
      const text = args[at + 1];
      if (text !== undefined) this.#text(call, text.text, text.choices?.length === 1, shell.copy());
      return;
    }
    const known = first.choices !== null && first.choices.every((choice) => this.#script(call, choice.includes('/') ? choice : `./${choice}`, args.slice(at + 1)));
    if (!known) detect({ ...call, name: baseName(call.name) }, this.#site, true);
  }

  /** Script text inside a script: found commands stand on the line of the whole, without an anchor. */
  #text(call: Call, text: string, isKnown: boolean, state: ShellState): void {
    if (!isKnown) {
      if (/\b(?:git|curl|wget|apt-get|go|pip3?)\b|:\/\//.test(text)) unknownCall(call, this.#site, 'the text that it runs is not known');
      return;
    }
    const { source, line } = call;
    const home = source.range(call.command.start, call.command.start);
    this.#call(`text ${text}`, () => {
      this.run({ file: source.file, text, range: () => home, lineAt: () => line }, state);
    });
  }

  /** Guards against recursion. */
  #call(name: string, follow: () => void): void {
    if (this.#depth >= MAX_DEPTH || this.#active.includes(name)) return;
    this.#depth++;
    this.#active.push(name);
    follow();
    this.#active.pop();
    this.#depth--;
  }

  #declare(name: string, node: Command, state: ShellState, source: ScriptSource): void {
    for (const word of node.words.slice(1)) {
      if (!isWord(word)) {
        this.#inAssignment(word, state, source);
        this.#evaluator.assign(word, state, source);
        if (name === 'export') state.exported.add(word.name);
      } else if (name === 'export') state.exported.add(word.text);
    }
  }

  #fields(words: readonly (Word | Assignment)[], state: ShellState, source: ScriptSource): Value[] {
    return words.flatMap((word) => (isWord(word) ? this.#evaluator.fields(word, state, source) : [known(source.text.slice(word.start, word.end))]));
  }

  #inAssignment(assignment: Assignment, state: ShellState, source: ScriptSource): void {
    for (const word of isWord(assignment.value) ? [assignment.value] : assignment.value) this.#substitutions(word, state, source);
  }

  /** Commands inside `$( … )` and `<( … )` reach out as others do. */
  #substitutions(word: Word, state: ShellState, source: ScriptSource): void {
    for (const part of word.parts) this.#substitution(part, state, source);
  }

  #substitution(part: Part, state: ShellState, source: ScriptSource): void {
    if ((part.kind === 'command' || part.kind === 'other') && part.body !== null) this.#exec(part.body.body, state.copy(), source);
    if (part.kind === 'parameter' && part.operation?.operand != null) this.#substitutions(part.operation.operand, state, source);
  }
}

function nameOf(command: Command): string {
  const [word] = command.words;
  return word !== undefined && isWord(word) ? word.text : '';
}

function isTest(node: Node): boolean {
  return node.kind === 'test' || (node.kind === 'command' && /^(?:\[|test)$/.test(nameOf(node)));
}

import { matchPrefix, matchSuffix } from '../../dockerfile/text/glob-pattern.ts';
import type { Assignment, Node, Part, Script, ScriptSource, Word } from '../../shell/syntax.ts';
import { machineAnswer } from './machine.ts';
import { baseName, dirName, resolvePath } from './paths.ts';
import type { ShellState } from './shell-state.ts';
import { certain, concat, known, mapChoices, oneOf, unknownValue } from './value.ts';
import type { Origin, Value } from './value.ts';

/** Reads words without running anything: variables that are known are put in, a few harmless commands are answered. */
export class Evaluator {
  readonly #arch: string;

  constructor(arch: string) {
    this.#arch = arch;
  }

  /** The fields that a word becomes: none for an empty unquoted variable, several for `"$@"` or an array. */
  fields(word: Word, state: ShellState, source: ScriptSource): Value[] {
    const [only, ...others] = word.parts;
    if (only?.kind === 'parameter' && others.length === 0) {
      const list = this.#list(only, state);
      if (list !== null) return [...list];
      const value = this.value(word, state, source);
      if (only.quote !== 'none') return [value];
      const text = certain(value);
      if (text === null) return [value];
      const pieces = text.split(/\s+/).filter((piece) => piece !== '');
      return pieces.length === 1 ? [value] : pieces.map((piece) => known(piece, null, value.fixed));
    }
    return [this.value(word, state, source)];
  }

  /** A word as one string. */
  value(word: Word, state: ShellState, source: ScriptSource): Value {
    const values = word.parts.map((part) => this.#part(part, state, source));
    const whole = values.length === 0 ? known('') : concat(values);
    return { ...whole, origin: this.#origin(word, values, source) };
  }

  /** Carries out an assignment. */
  assign(assignment: Assignment, state: ShellState, source: ScriptSource): void {
    if (isWord(assignment.value)) {
      const value = this.value(assignment.value, state, source);
      const before = assignment.append ? state.get(assignment.name) : undefined;
      state.set(assignment.name, before === undefined ? value : concat([before, value]));
      return;
    }
    const items = assignment.value.flatMap((item) => this.fields(item, state, source));
    const before = assignment.append ? (state.arrays.get(assignment.name) ?? []) : [];
    const all = [...before, ...items];
    state.set(assignment.name, all[0] ?? known(''));
    state.arrays.set(assignment.name, all);
  }

  #list(part: Part & { kind: 'parameter' }, state: ShellState): readonly Value[] | null {
    if (part.operation !== null || part.prefix !== '') return null;
    if (part.name === '@' || (part.name === '*' && part.quote === 'none')) return state.positional;
    if (part.index !== '@' && part.index !== '*') return null;
    const array = state.arrays.get(part.name);
    if (array !== undefined) return array;
    const scalar = state.get(part.name);
    return scalar === undefined ? [] : [scalar];
  }

  #part(part: Part, state: ShellState, source: ScriptSource): Value {
    const written = source.text.slice(part.span.start, part.span.end);
    if (part.kind === 'literal') return known(part.value.replaceAll('\\\n', ''));
    if (part.kind === 'parameter') return this.#parameter(part, state, source, written);
    return part.kind === 'command' ? this.#substitution(part.body, state, source, written) : unknownValue(written);
  }

  #parameter(part: Part & { kind: 'parameter' }, state: ShellState, source: ScriptSource, written: string): Value {
    const value = this.#variable(part, state);
    const operator = part.operation?.operator ?? '';
    const operand = part.operation?.operand ?? null;
    if (operator === '')
      return value === undefined
        ? unknownValue(written)
        : value.choices !== null && value.choices.length > 1
          ? { ...value, text: written }
          : value;
    const other = operand === null ? known('') : this.value(operand, state, source);
    const empty = value === undefined || (operator.startsWith(':') && certain(value) === '');
    switch (operator) {
      case '-':
      case ':-':
      case '=':
      case ':=': {
        const chosen = empty ? { ...other, fixed: false } : value;
        if (operator.endsWith('=') && empty) state.set(part.name, chosen);
        return chosen;
      }
      case '+':
      case ':+':
        return empty ? { ...known(''), fixed: false } : other;
      case '?':
      case ':?':
        return value ?? unknownValue(written);
      case '#':
      case '##':
      case '%':
      case '%%': {
        const pattern = certain(other);
        if (pattern === null || value === undefined) return unknownValue(written);
        const cut = operator.startsWith('#') ? matchPrefix : matchSuffix;
        return mapChoices(value, written, (text) => cut(text, pattern, operator.length === 2));
      }
      default:
        return unknownValue(written);
    }
  }

  #variable(part: Part & { kind: 'parameter' }, state: ShellState): Value | undefined {
    if (part.prefix === '#')
      return part.name === '' || part.name === '@' ? known(String(state.positional.length)) : undefined;
    if (part.prefix === '!') return undefined;
    const { name } = part;
    if (name === '#') return known(String(state.positional.length));
    if (name === '0') return known(state.zero);
    if (name === 'BASH_SOURCE') return known(state.zero);
    if (name === 'PWD') return known(state.cwd, null, false);
    if (name === '@' || name === '*')
      return concat(state.positional.flatMap((value, index) => (index === 0 ? [value] : [known(' '), value])));
    if (/^[1-9][0-9]*$/.test(name)) return state.positional[Number(name) - 1] ?? known('');
    return state.get(name);
  }

  /** The output of `$( … )`, for the commands that scripts use to find their folder, the platform, or one of two words. */
  #substitution(script: Script, state: ShellState, source: ScriptSource, written: string): Value {
    const outputs: Value[] = [];
    const inner = state.copy();
    if (!this.#collect(script.body, inner, source, outputs)) return unknownValue(written);
    const [only, ...others] = outputs;
    if (only === undefined) return unknownValue(written);
    if (others.length === 0) return { ...only, origin: null };
    return outputs.some((value) => value.choices === null)
      ? unknownValue(written)
      : oneOf(
          outputs.flatMap((value) => value.choices ?? []),
          written,
        );
  }

  #collect(node: Node, state: ShellState, source: ScriptSource, outputs: Value[]): boolean {
    if (node.kind === 'sequence')
      return node.nodes.length === 1 && node.nodes.every((child) => this.#collect(child, state, source, outputs));
    if (node.kind === 'and-or') return node.nodes.every((child) => this.#collect(child, state, source, outputs));
    if (node.kind === 'test' || node.kind === 'arithmetic') return true;
    if (node.kind !== 'command') return false;
    const fields = node.words.flatMap((word) => (isWord(word) ? this.fields(word, state, source) : []));
    const name = certain(fields[0]);
    if (name === null) return false;
    if (name === '[' || name === 'test' || name === ':') return true;
    const output = this.#answer(name, fields.slice(1), state);
    if (name === 'cd') return true;
    if (output === null) return false;
    outputs.push(output);
    return true;
  }

  #answer(name: string, args: readonly Value[], state: ShellState): Value | null {
    const [first] = args;
    const text = first?.text ?? '';
    switch (name) {
      case 'cd':
        state.cwd = resolvePath(state.cwd, text);
        return null;
      case 'pwd':
        return known(state.cwd, null, false);
      case 'echo':
        return text === '-n'
          ? concat(args.slice(1))
          : concat(args.flatMap((arg, index) => (index === 0 ? [arg] : [known(' '), arg])));
      case 'dirname':
        return first === undefined ? null : mapChoices(first, `$(dirname ${text})`, dirName);
      case 'basename':
        return first === undefined ? null : mapChoices(first, `$(basename ${text})`, baseName);
      case 'realpath':
        return first === undefined ? null : mapChoices(first, text, (path) => resolvePath(state.cwd, path));
      default: {
        const words = args.map((arg) => certain(arg));
        if (words.includes(null)) return null;
        const answer = machineAnswer([name, ...words.map((word) => word ?? '')], this.#arch);
        return answer === null ? null : known(answer, null, false);
      }
    }
  }

  /** Where the start of the word stands: in the word itself, or where its first variable got its value. */
  #origin(word: Word, values: readonly Value[], source: ScriptSource): Origin | null {
    const [first] = word.parts;
    if (first === undefined) return null;
    if (first.kind === 'parameter') return values[0]?.origin ?? null;
    if (first.kind !== 'literal' || word.quote === 'mixed') return null;
    return {
      file: source.file,
      ...source.range(word.inner.start, word.inner.end),
      line: source.lineAt(word.inner.start),
      quote: word.quote,
      place: 'script',
    };
  }
}

export function isWord(value: Word | Assignment | readonly Word[]): value is Word {
  return 'parts' in value;
}

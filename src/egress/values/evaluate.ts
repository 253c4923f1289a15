import { matchPrefix, matchSuffix } from '../../dockerfile/text/glob-pattern.ts';
import type { Assignment, Node, Part, Redirect, Script, ScriptSource, Word } from '../../shell/syntax.ts';
import { machineAnswer, type Machine } from './machine.ts';
import { baseName, dirName, resolvePath } from './paths.ts';
import type { ShellState } from './shell-state.ts';
import { combine, joined, splitFields, splits } from './split-fields.ts';
import { certain, concat, known, mapChoices, oneOf, unknownFields, unknownValue } from './value.ts';
import { whereSet, withDefault } from './value.ts';
import type { Origin, Value } from './value.ts';

/** Reads words without running anything: variables that are known are put in, a few harmless commands are answered. */
export class Evaluator {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The fields that words become, once for each way: none for an empty unquoted variable, several for `"$@"` or an array. */
  lists(words: readonly (Word | Assignment)[], state: ShellState, source: ScriptSource): Value[][] {
    const ways = words.map((word): Value[][] =>
      isWord(word) ? this.#fields(word, state, source) : [[this.#written(word, state, source)]],
    );
    return combine(ways);
  }

  /** An assignment that is an argument: `make X=$y`. */
  #written(assignment: Assignment, state: ShellState, source: ScriptSource): Value {
    const text = source.text.slice(assignment.start, assignment.end);
    if (!isWord(assignment.value)) return unknownValue(text);
    const value = this.value(assignment.value, state, source);
    const origin = null;
    const name = `${assignment.name}=`;
    return { ...concat([known(name), value]), origin, text: value.choices === null ? text : `${name}${value.text}` };
  }

  #fields(word: Word, state: ShellState, source: ScriptSource): Value[][] {
    const [only, ...others] = word.parts;
    if (only?.kind === 'parameter' && others.length === 0) {
      const list = this.#list(only, state, source);
      if (list !== null) return [[...list]];
    } else if (word.parts.some((part) => part.kind === 'parameter' && this.#list(part, state, source) !== null))
      return [[unknownFields(word.text)]];
    const isOpen = (part: Part): boolean => part.quote === 'none' && part.kind !== 'literal';
    const values = this.#parts(word, state, source);
    const whole = this.#whole(word, values, source);
    if (!word.parts.some(isOpen)) return [[whole]];
    const pieces = word.parts.map((part, index) => ({ value: values[index] ?? known(''), splits: isOpen(part) }));
    return splitFields(pieces, whole, state.get('IFS'));
  }

  /** A word as one string. */
  value(word: Word, state: ShellState, source: ScriptSource): Value {
    return this.#whole(word, this.#parts(word, state, source), source);
  }

  #whole(word: Word, values: readonly Value[], source: ScriptSource): Value {
    const whole = values.length === 0 ? known('') : concat(values);
    return { ...whole, origin: this.#origin(word, values, source) };
  }

  /** Carries out an assignment. */
  assign(assignment: Assignment, state: ShellState, source: ScriptSource): void {
    const { name } = assignment;
    if (isWord(assignment.value)) {
      const value = this.value(assignment.value, state, source);
      if (assignment.index.length > 0 || (assignment.append && state.arrays.has(name))) {
        // An array of which one element changed.
        state.forget(name);
        return;
      }
      const before = state.get(name);
      if (assignment.append && before === undefined) state.forget(name);
      else state.set(name, assignment.append && before !== undefined ? concat([before, value]) : value);
      return;
    }
    const [items = [], ...others] = this.lists(assignment.value, state, source);
    const before = assignment.append ? (state.arrays.get(name) ?? (state.get(name) === undefined ? [] : null)) : [];
    if (others.length > 0 || before === null || items.some((item) => item.many === true)) {
      state.forget(name);
      return;
    }
    state.setArray(name, [...before, ...items]);
  }

  /** The fields of `"$@"`, an array, or a part of it; null for another word. */
  #list(part: Part & { kind: 'parameter' }, state: ShellState, source: ScriptSource): readonly Value[] | null {
    if (part.prefix === '#') return null;
    const isAll = part.name === '@' || (part.name === '*' && part.quote === 'none');
    const isArray = part.index === '@' || (part.index === '*' && part.quote === 'none');
    if (!isAll && !isArray) return null;
    const unknown = unknownFields(source.text.slice(part.span.start, part.span.end));
    const scalar = state.get(part.name);
    const all = isAll ? state.positional : (state.arrays.get(part.name) ?? (scalar === undefined ? [] : null));
    const { operator = '', operand = null, others = [] } = part.operation ?? {};
    if (all === null || part.prefix !== '') return [unknown];
    const list = part.quote === 'none' && all.some((value) => splits(value, state.get('IFS'))) ? null : all;
    if (operator === '') return list ?? [unknown];
    const [from = null, count = null] = others.map((word) => certain(this.value(word, state, source)));
    if (operator === '+' && list !== null) return list.length === 0 ? [] : [unknown];
    // `"${@:-x}"`; one empty parameter counts as none there.
    if (/^:?-$/.test(operator) && list !== null && list.every((value) => value.many !== true)) {
      const isEmpty = list.length === 0 || (list.length === 1 && certain(list[0]) === '');
      const isOpen = list.length === 1 && list[0]?.choices?.includes('') !== false && certain(list[0]) === null;
      const [fields = [], ...ways] = operand === null ? [] : this.#fields(operand, state, source);
      if (isOpen || ways.length > 0) return [unknown];
      return isEmpty ? fields.map((field) => ({ ...field, fixed: false })) : list;
    }
    if (operator !== 'slice' || list === null || from === null || !/^\d+$/.test(from)) return [unknown];
    if (others.length > 1 && (count === null || !/^\d+$/.test(count))) return [unknown];
    const start = isAll ? Number(from) - 1 : Number(from);
    if (start < 0) return [unknown];
    return list.slice(start, count === null ? undefined : start + Number(count));
  }

  #parts(word: Word, state: ShellState, source: ScriptSource): Value[] {
    return word.parts.map((part) => this.#part(part, state, source));
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
    if (operator === '' || operator === '?' || operator === ':?')
      return value === undefined
        ? unknownValue(written)
        : value.choices !== null && value.choices.length > 1
          ? { ...value, text: written }
          : value;
    const other = operand === null ? known('') : this.value(operand, state, source);
    switch (operator) {
      case '-':
      case ':-':
      case '=':
      case ':=': {
        const chosen = withDefault(value, other, operator.startsWith(':'), written);
        if (operator.endsWith('=') && part.index === null) state.set(part.name, chosen);
        return chosen;
      }
      case '+':
      case ':+':
        return whereSet(value, other, operator === ':+', written);
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
    const { positional } = state;
    const { name } = part;
    const isAll = name === '@' || name === '*';
    if (part.prefix === '!') return undefined;
    if (name === '#' || (part.prefix === '#' && (name === '' || isAll)))
      return positional === null || positional.some((value) => value.many === true)
        ? undefined
        : known(String(positional.length));
    if (part.prefix === '#') return undefined;
    if (name === '0') return known(state.zero);
    if (name === 'BASH_SOURCE') return known(state.zero);
    if (name === 'PWD') return known(state.cwd, null, false);
    if (isAll && positional === null) return undefined;
    if (isAll) return joined(positional ?? [], state.get('IFS'));
    if (/^[1-9][0-9]*$/.test(name)) {
      // Not known is not the same as not there: `${1:-x}` may be more than x.
      if (positional === null || positional.slice(0, Number(name)).some((value) => value.many === true))
        return { ...unknownValue(`$${name}`), mayBeUnset: true };
      // A parameter that is not there is empty, and `${1-x}` is x.
      return positional[Number(name) - 1] ?? { ...known(''), mayBeUnset: true };
    }
    const array = state.arrays.get(name);
    if (part.index === null || (array === undefined && part.index === '0')) return state.get(name);
    if (array === undefined) return unknownValue(name);
    if (part.index === '@' || part.index === '*') return joined(array, state.get('IFS'));
    return /^\d+$/.test(part.index) ? array[Number(part.index)] : undefined;
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

  /** Finds what `node` may print; false where that cannot be told. */
  #collect(node: Node, state: ShellState, source: ScriptSource, outputs: Value[]): boolean {
    if (node.kind === 'sequence') {
      const [only, ...others] = node.nodes;
      return only !== undefined && others.length === 0 && this.#collect(only, state, source, outputs);
    }
    if (node.kind === 'and-or') {
      let [hasPrinted, hasMoved] = [false, false];
      for (const [index, child] of node.nodes.entries()) {
        // Behind ||, an output takes the place of the one before; behind && it follows it, and a directory that was left may not be.
        const isOr = index > 0 && node.operators[index - 1] === '||';
        const [count, cwd] = [outputs.length, state.cwd];
        if (!this.#collect(child, state, source, outputs)) return false;
        if (outputs.length > count && hasPrinted && !isOr) return false;
        if ((state.cwd !== cwd || hasMoved) && isOr) return false;
        hasPrinted ||= outputs.length > count && !node.operators.slice(index).includes('||');
        hasMoved ||= state.cwd !== cwd;
      }
      return true;
    }
    if (node.kind === 'test' || node.kind === 'arithmetic') return true;
    if (node.kind !== 'command' || node.redirects.some((redirect) => !isErrors(redirect, source))) return false;
    const [fields = [], ...others] = this.lists(node.words, state, source);
    const name = certain(fields[0]);
    if (name === null || others.length > 0 || state.functions.has(name)) return false;
    if (name === '[' || name === 'test' || name === ':') return true;
    if (name === 'cd' && (fields.length !== 2 || fields[1]?.text.startsWith('-') === true)) return false;
    const output = this.#answer(name, fields.slice(1), state);
    if (name === 'cd') return true;
    if (output === null) return false;
    outputs.push(output);
    return true;
  }

  #answer(name: string, args: readonly Value[], state: ShellState): Value | null {
    const [first] = args;
    const text = first?.text ?? '';
    if (/^(?:cd|realpath|dirname|basename)$/.test(name) && args.some((arg) => arg.many === true)) return null;
    switch (name) {
      case 'cd':
        state.cwd = resolvePath(state.cwd, text);
        return null;
      case 'pwd':
        return known(state.cwd, null, false);
      case 'echo':
        if (args.some((arg) => arg.many === true) || text.includes('\\') || /^-(?!n$)[a-zA-Z]+$/.test(text))
          return null;
        return joined(text === '-n' ? args.slice(1) : args, undefined);
      case 'dirname':
        return first === undefined ? null : mapChoices(first, `$(dirname ${text})`, dirName);
      case 'basename':
        return first === undefined ? null : mapChoices(first, `$(basename ${text})`, baseName);
      case 'realpath':
        return first === undefined ? null : mapChoices(first, text, (path) => resolvePath(state.cwd, path));
      default: {
        const words = args.map((arg) => certain(arg));
        if (words.includes(null)) return null;
        const answer = machineAnswer([name, ...words.map((word) => word ?? '')], this.#machine);
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

/** `2>/dev/null`: what is printed stays what it is. */
function isErrors(redirect: Redirect, source: ScriptSource): boolean {
  return source.text.startsWith('2>', redirect.start);
}

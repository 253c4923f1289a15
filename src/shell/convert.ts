import type * as unbash from 'unbash';
import type { Assignment, Command, Node, Redirect, Script, Word } from './syntax.ts';
import type { ConvertScript, Shift } from './words.ts';
import { arithmeticParts, assignedNames, convertPart, convertWord } from './words.ts';

/** unbash's tree into ours. Errors inside substitutions go to `onError`. */
export function convertScript(parsed: unbash.Script, onError: (message: string, offset: number) => void): Script {
  const converter = new Converter(onError);
  return converter.script(parsed, (span) => ({ start: span.pos, end: span.end }));
}

class Converter {
  readonly #onError: (message: string, offset: number) => void;

  readonly #convert: ConvertScript = (script, shift) => this.script(script, shift);

  constructor(onError: (message: string, offset: number) => void) {
    this.#onError = onError;
  }

  script(parsed: unbash.Script & { readonly errors?: readonly unbash.ParseError[] | undefined }, shift: Shift): Script {
    for (const error of parsed.errors ?? [])
      this.#onError(error.message, shift({ pos: error.pos, end: error.pos }).start);
    return { body: this.#sequence(parsed.commands, shift) };
  }

  #sequence(statements: readonly unbash.Statement[], shift: Shift): Node {
    const nodes = statements.map((statement): Node => {
      const node = this.#node(statement.command, shift);
      return statement.background === true ? { kind: 'subshell', body: node } : node;
    });
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'sequence', nodes };
  }

  #list(list: unbash.CompoundList, shift: Shift): Node {
    return this.#sequence(list.commands, shift);
  }

  #node(node: unbash.PipelineNode | unbash.AndOr | unbash.CompoundList, shift: Shift): Node {
    switch (node.type) {
      case 'AndOr':
        return {
          kind: 'and-or',
          nodes: node.commands.map((child) => this.#node(child, shift)),
          operators: node.operators,
        };
      case 'Pipeline':
        return {
          kind: 'pipeline',
          nodes: node.commands.map((child) => this.#node(child, shift)),
          negated: node.prefixes.some((prefix) => prefix.type === 'Negation'),
        };
      case 'Command':
        return this.#command(node, shift);
      case 'Redirected':
        return {
          kind: 'redirected',
          body: this.#node(node.command, shift),
          redirects: node.redirects.map((item) => this.#redirect(item, shift)),
        };
      case 'Function':
        return { kind: 'function', ...shift(node), name: node.name.value, body: this.#node(node.body, shift) };
      case 'Coproc':
        return { kind: 'subshell', body: this.#node(node.body, shift) };
      case 'CompoundList':
        return this.#list(node, shift);
      case 'If': {
        const branches = [node, ...node.elif].map((branch) => ({
          test: this.#list(branch.clause, shift),
          body: this.#list(branch.then, shift),
        }));
        return { kind: 'if', branches, otherwise: node.else === undefined ? null : this.#list(node.else, shift) };
      }
      case 'For':
      case 'Select':
        return {
          kind: 'for',
          name: node.name.value,
          words: node.wordlist?.map((word) => this.#word(word, shift)) ?? null,
          select: node.type === 'Select',
          body: this.#list(node.body, shift),
        };
      case 'ArithmeticFor':
        return this.#arithmeticFor(node, shift);
      case 'While':
        return {
          kind: 'while',
          until: node.kind === 'until',
          test: this.#list(node.clause, shift),
          body: this.#list(node.body, shift),
        };
      case 'Subshell':
        return { kind: 'subshell', body: this.#list(node.body, shift) };
      case 'BraceGroup':
        return this.#list(node.body, shift);
      case 'Case':
        return this.#case(node, shift);
      case 'TestCommand':
        return { kind: 'test', words: this.#testWords(node.expression, shift) };
      case 'ArithmeticCommand':
        return this.#arithmetic(node.expression, shift);
    }
  }

  #arithmeticFor(node: unbash.ArithmeticFor, shift: Shift): Node {
    // What the update changes may have changed before each turn, also after `continue`.
    const test = this.#arithmetic(node.test, shift, node.update);
    const nodes = [this.#list(node.body, shift), this.#arithmetic(node.update, shift)];
    const loop: Node = { kind: 'while', until: false, test, body: { kind: 'sequence', nodes } };
    return { kind: 'sequence', nodes: [this.#arithmetic(node.initialize, shift), loop] };
  }

  #case(node: unbash.Case, shift: Shift): Node {
    return {
      kind: 'case',
      word: this.#word(node.word, shift),
      items: node.items.map((item) => ({
        patterns: item.pattern.map((word) => this.#word(word, shift)),
        body: this.#list(item.body, shift),
        goesOn: item.terminator === ';&' || item.terminator === ';;&',
      })),
    };
  }

  #arithmetic(
    expression: unbash.ArithmeticExpression | undefined,
    shift: Shift,
    later?: unbash.ArithmeticExpression,
  ): Node {
    return {
      kind: 'arithmetic',
      parts: arithmeticParts(expression, shift, this.#convert),
      assigns: [...assignedNames(expression), ...assignedNames(later)],
    };
  }

  #command(node: unbash.Command, shift: Shift): Command {
    const redirects: Redirect[] = [];
    const assignments: Assignment[] = [];
    const words: (Word | Assignment)[] = node.name === undefined ? [] : [this.#word(node.name, shift)];
    for (const item of node.prefix) {
      if (item.type === 'Assignment') assignments.push(this.#assignment(item, shift));
      else redirects.push(this.#redirect(item, shift));
    }
    for (const item of node.suffix) {
      if (item.type === 'Assignment') words.push(this.#assignment(item, shift));
      else if (item.type === 'Word') words.push(this.#word(item, shift));
      else redirects.push(this.#redirect(item, shift));
    }
    return { kind: 'command', ...shift(node), assignments, words, redirects };
  }

  #word(word: unbash.Word, shift: Shift): Word {
    return convertWord(word, shift, this.#convert);
  }

  #assignment(node: unbash.Assignment, shift: Shift): Assignment {
    const value =
      node.value.type === 'ArrayValue'
        ? node.value.elements.map((word) => this.#word(word, shift))
        : this.#word(node.value, shift);
    const index = node.index === undefined ? [] : this.#word(node.index, shift).parts;
    return { ...shift(node), name: node.name, append: node.append === true, index, value };
  }

  #redirect(node: unbash.Redirection, shift: Shift): Redirect {
    if (node.type === 'HereDoc') {
      // bash only warns, and takes the rest of the script for text; what would run there is not to be guessed.
      if (node.closing === undefined) this.#onError('a here-document is not ended', shift(node).start);
      const parts = (node.body.parts ?? []).flatMap((part) => convertPart(part, 'double', shift, this.#convert));
      return { ...shift(node), operator: node.operator, target: null, body: shift(node.body), parts };
    }
    const target = node.target === undefined ? null : this.#word(node.target, shift);
    return { ...shift(node), operator: node.operator, target, body: null, parts: [] };
  }

  #testWords(expression: unbash.TestExpression, shift: Shift): Word[] {
    switch (expression.type) {
      case 'TestUnary':
        return [this.#word(expression.operand, shift)];
      case 'TestBinary':
        return [this.#word(expression.left, shift), this.#word(expression.right, shift)];
      case 'TestLogical':
        return expression.operands.flatMap((operand) => this.#testWords(operand, shift));
      case 'TestNot':
        return this.#testWords(expression.operand, shift);
      case 'TestGroup':
        return this.#testWords(expression.expression, shift);
    }
  }
}

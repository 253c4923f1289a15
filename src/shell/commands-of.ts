import type { Assignment, Command, Node, Part, Word } from './syntax.ts';

/** All simple commands of a script in the order of the text, also those in functions, branches and substitutions. Pure. */
export function commandsOf(node: Node): Command[] {
  switch (node.kind) {
    case 'command': {
      const parts = [...node.assignments, ...node.words].flatMap(partsOf);
      const targets = node.redirects.flatMap((redirect) => [...(redirect.target?.parts ?? []), ...redirect.parts]);
      return [node, ...[...parts, ...targets].flatMap(inPart)];
    }
    case 'sequence':
    case 'and-or':
    case 'pipeline':
      return node.nodes.flatMap(commandsOf);
    case 'if':
      return [
        ...node.branches.flatMap(({ test, body }) => [...commandsOf(test), ...commandsOf(body)]),
        ...(node.otherwise === null ? [] : commandsOf(node.otherwise)),
      ];
    case 'case':
      return [...node.word.parts.flatMap(inPart), ...node.items.flatMap((item) => commandsOf(item.body))];
    case 'for':
      return [...(node.words ?? []).flatMap((word) => word.parts.flatMap(inPart)), ...commandsOf(node.body)];
    case 'while':
      return [...commandsOf(node.test), ...commandsOf(node.body)];
    case 'test':
      return node.words.flatMap((word) => word.parts.flatMap(inPart));
    case 'arithmetic':
      return node.parts.flatMap(inPart);
    case 'subshell':
    case 'function':
    case 'redirected':
      return commandsOf(node.body);
  }
}

function partsOf(item: Word | Assignment): readonly Part[] {
  if ('parts' in item) return item.parts;
  return 'parts' in item.value ? item.value.parts : item.value.flatMap((word) => word.parts);
}

function inPart(part: Part): Command[] {
  if (part.kind === 'literal') return [];
  if (part.kind === 'parameter') {
    const { operand = null, others = [] } = part.operation ?? {};
    const words = [...part.inside, ...(operand === null ? [] : [operand]), ...others];
    return words.flatMap((word) => word.parts.flatMap(inPart));
  }
  const body = part.body === null ? [] : commandsOf(part.body.body);
  return part.kind === 'other' ? [...body, ...part.inside.flatMap(inPart)] : body;
}

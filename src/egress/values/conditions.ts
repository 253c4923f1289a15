import type { ShellState } from './shell-state.ts';
import { certain } from './value.ts';
import type { Value } from './value.ts';

/**
 * Decides `[ … ]` and `test …` where the text alone decides it: on literals and on the parameters of the call at hand, never on
 * what the machine or the environment says, because another machine takes the other branch and its network use counts too.
 * In: the fields of a command, once for each way. Out: true, false, or null where both may be, or where it is another command.
 */
export function decideTest(ways: readonly (readonly Value[])[], state: ShellState): boolean | null {
  const outcomes = new Set(ways.map((fields) => outcomeOf(fields, state)));
  const [only = null, ...others] = outcomes;
  return others.length > 0 ? null : only;
}

function outcomeOf([name, ...rest]: readonly Value[], state: ShellState): boolean | null {
  const called = certain(name);
  if ((called !== '[' && called !== 'test') || state.functions.has(called)) return null;
  if (rest.some((value) => value.many === true)) return null;
  const args = called === '[' && certain(rest.at(-1)) === ']' ? rest.slice(0, -1) : rest;
  const negated = certain(args[0]) === '!';
  const result = decide(negated ? args.slice(1) : args);
  return result === null ? null : result !== negated;
}

function decide(args: readonly Value[]): boolean | null {
  const texts = args.map((value) => (value.fixed ? certain(value) : null));
  const [first, second, third] = texts;
  if (args.length === 1 && typeof first === 'string') return first !== '';
  if (args.length === 2 && typeof second === 'string') {
    if (first === '-z') return second === '';
    return first === '-n' ? second !== '' : null;
  }
  if (args.length !== 3 || typeof first !== 'string' || typeof second !== 'string' || typeof third !== 'string')
    return null;
  switch (second) {
    case '=':
    case '==':
      return first === third;
    case '!=':
      return first !== third;
    case '-eq':
      return Number(first) === Number(third);
    case '-ne':
      return Number(first) !== Number(third);
    case '-lt':
      return Number(first) < Number(third);
    case '-le':
      return Number(first) <= Number(third);
    case '-gt':
      return Number(first) > Number(third);
    case '-ge':
      return Number(first) >= Number(third);
    default:
      return null;
  }
}

import type { Value } from '../values/value.ts';

/** More ways to read one command than this are not followed one by one. */
const MAX_WAYS = 32;

/**
 * Lists of fields in which whatever decides how a command is read is one text: its name, its verbs and its options.
 * In: lists of fields, some with several choices. Out: more lists; a field with too many choices is not known.
 */
export function separate(lists: readonly (readonly Value[])[]): Value[][] {
  return lists.flatMap((fields) => {
    let ways: Value[][] = [[]];
    for (const [index, field] of fields.entries()) {
      const options = decides(field, index) ? choicesOf(field, ways.length * lists.length) : [field];
      ways = ways.flatMap((way) => options.map((option) => [...way, option]));
    }
    return ways;
  });
}

/** A word, an option or nothing at all; a URL or a path is data, and stays one value with several choices. */
function decides({ choices }: Value, index: number): boolean {
  if (choices === null || choices.length < 2) return false;
  return index === 0 || choices.some((choice) => choice === '' || /^-|^[\w-]+$/.test(choice));
}

function choicesOf(field: Value, ways: number): Value[] {
  const { choices } = field;
  if (choices === null) return [field];
  if (choices.length * ways > MAX_WAYS) return [{ ...field, choices: null }];
  return choices.map((choice) => ({ text: choice, choices: [choice], fixed: field.fixed, origin: field.origin }));
}

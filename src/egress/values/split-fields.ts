import { certain, concat, known, unknownFields } from './value.ts';
import type { Value } from './value.ts';

/** More ways of splitting than this are not followed. */
const MAX_WAYS = 64;

/** A part of a word: its value, and whether the shell splits it (it is expanded and not quoted). */
interface Piece {
  readonly value: Value;
  readonly splits: boolean;
}

/** Whether the value becomes other than one field when it is not quoted. `ifs`: the variable IFS, undefined where it is as ever. */
export function splits(value: Value, ifs: Value | undefined): boolean {
  const separators = separatorsOf(ifs);
  if (separators === null) return true;
  return value.choices?.some((choice) => choice === '' || hasAny(choice, separators)) ?? false;
}

/**
 * The fields that a word becomes, once for each way that its parts can be.
 * In: its parts in order; the whole word as one value, which it stays where nothing is split.
 * Rule: POSIX shell, "Field Splitting".
 */
export function splitFields(pieces: readonly Piece[], whole: Value, ifs: Value | undefined): Value[][] {
  const separators = separatorsOf(ifs);
  if (separators === null) return [[unknownFields(whole.text)]];
  const isOpen = pieces.some((piece) => piece.splits && piece.value.choices === null);
  if (isOpen) return [[{ ...whole, many: true }]];
  const affected = pieces.filter((piece) => piece.splits && splits(piece.value, ifs));
  if (affected.length === 0) return [[whole]];
  const ways = affected.reduce((count, { value }) => count * (value.choices?.length ?? 1), 1);
  if (ways > MAX_WAYS) return [[unknownFields(whole.text)]];
  let open: Fields[] = [{ done: [], last: null }];
  for (const piece of pieces) {
    const isSplit = affected.includes(piece);
    const texts = isSplit ? (piece.value.choices ?? []) : [null];
    open = open.flatMap((fields) =>
      texts.map((text) =>
        text === null
          ? glued(fields, piece.value)
          : addPieces(fields, text, separators, {
              origin: pieces.length === 1 ? piece.value.origin : null,
              fixed: piece.value.fixed,
            }),
      ),
    );
  }
  return open.map(({ done, last }) => (last === null ? [...done] : [...done, last]));
}

/** Fields that are ended, and the one that the next part goes on with. */
interface Fields {
  readonly done: readonly Value[];
  readonly last: Value | null;
}

function glued(fields: Fields, value: Value): Fields {
  return { done: fields.done, last: fields.last === null ? { ...value, origin: null } : concat([fields.last, value]) };
}

function addPieces(
  fields: Fields,
  text: string,
  separators: string,
  { origin, fixed }: { readonly origin: Value['origin']; readonly fixed: boolean },
): Fields {
  let current = fields;
  const flush = (): void => {
    if (current.last !== null) current = { done: [...current.done, current.last], last: null };
  };
  const parts = cut(text, separators);
  for (const part of parts) {
    if (part === null) flush();
    else current = glued(current, known(part, null, fixed));
  }
  const only = parts.filter((part) => part !== null);
  if (only.length === 1 && current.last !== null && fields.last === null)
    return { ...current, last: { ...current.last, origin } };
  return current;
}

/** A text in fields; null stands for a separator. Characters that are no white space end even an empty field. */
function cut(text: string, separators: string): (string | null)[] {
  const out: (string | null)[] = [];
  let field = '';
  let hasField = false;
  for (const char of text) {
    if (!separators.includes(char)) {
      field += char;
      hasField = true;
      continue;
    }
    const isSpace = /\s/.test(char);
    if (hasField || !isSpace) out.push(field);
    out.push(null);
    [field, hasField] = ['', false];
  }
  if (hasField) out.push(field);
  return out;
}

/** null where IFS itself is not known. */
function separatorsOf(ifs: Value | undefined): string | null {
  return ifs === undefined ? ' \t\n' : certain(ifs);
}

function hasAny(text: string, characters: string): boolean {
  return Array.from(characters).some((char) => text.includes(char));
}

/** `"$*"`: all fields as one text. */
export function joined(values: readonly Value[], ifs: Value | undefined): Value {
  const separators = separatorsOf(ifs);
  if (separators === null) return { ...known(''), choices: null, fixed: false };
  const between = known(separators.slice(0, 1));
  if (values.length === 0) return known('');
  return concat(values.flatMap((value, index) => (index === 0 ? [value] : [between, value])));
}

/** Whole lists from the ways of their parts; too many ways count as fields that are not known. */
export function combine(ways: readonly (readonly (readonly Value[])[])[]): Value[][] {
  const count = ways.reduce((product, way) => product * way.length, 1);
  let lists: Value[][] = [[]];
  for (const way of ways) {
    const options = count > MAX_WAYS && way.length > 1 ? [[unknownFields(way.flat()[0]?.text ?? '')]] : way;
    lists = lists.flatMap((list) => options.map((option) => [...list, ...option]));
  }
  return lists;
}

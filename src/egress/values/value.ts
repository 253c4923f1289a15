import type { Quote } from '../../shell/syntax.ts';

/** The text that an edit would change to change a value. */
export interface Origin {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly quote: Quote;
  /** `dockerfile`: an ARG's or ENV's value; `script`: a word or an assignment of a script. */
  readonly place: 'dockerfile' | 'script';
}

/** What is known of a string while a script is followed without being run. */
export interface Value {
  /** For people: what is known is put in, the rest stays as it is written (`cmd/${f}`). */
  readonly text: string;
  /** Every string that it may be, or null where that cannot be told. */
  readonly choices: readonly string[] | null;
  /** It follows from the text alone, not from the machine, the environment or a loop: a condition on it can be decided. */
  readonly fixed: boolean;
  readonly origin: Origin | null;
  /** A variable that may not be set; '' is among its choices then. */
  readonly mayBeUnset?: true;
  /** Not one field but any number of them: an unquoted word, or a list, that is not known. */
  readonly many?: true;
}

/** More alternatives than this are not followed. */
const MAX_CHOICES = 64;
/** No URL or path is longer; a script can make a string that doubles in a loop. */
const MAX_TEXT = 20_000;

export function known(text: string, origin: Origin | null = null, fixed = true): Value {
  return { text, choices: [text], fixed, origin };
}

export function unknownValue(text: string): Value {
  return { text, choices: null, fixed: false, origin: null };
}

/** Any number of fields. */
export function unknownFields(text: string): Value {
  return { ...unknownValue(text), many: true };
}

/** Whether two variables hold the same; undefined is one that is not set. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  return (
    one.text === other.text &&
    one.mayBeUnset === other.mayBeUnset &&
    one.choices?.join('\0') === other.choices?.join('\0')
  );
}

/** One of several strings; `written` is how the script says it. */
export function oneOf(choices: readonly string[], written: string): Value {
  const distinct = [...new Set(choices)];
  const [only] = distinct;
  if (distinct.length === 1 && only !== undefined) return { text: only, choices: distinct, fixed: false, origin: null };
  return distinct.length > MAX_CHOICES || distinct.length === 0
    ? unknownValue(written)
    : { text: written, choices: distinct, fixed: false, origin: null };
}

/** The string, where it is the only one possible. */
export function certain(value: Value | undefined): string | null {
  return value?.choices?.length === 1 ? (value.choices[0] ?? null) : null;
}

export function concat(values: readonly Value[]): Value {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0) return only;
  const text = values.map((value) => value.text).join('');
  if (text.length > MAX_TEXT) return unknownValue(`${text.slice(0, 100)}…`);
  let choices: string[] | null = [''];
  for (const value of values) {
    if (choices === null || value.choices === null || choices.length * value.choices.length > MAX_CHOICES)
      choices = null;
    else choices = choices.flatMap((left) => (value.choices ?? []).map((right) => left + right));
  }
  return {
    text,
    choices,
    fixed: values.every((value) => value.fixed),
    origin: only?.origin ?? null,
  };
}

/** What a variable may be after branches of which one was taken; undefined: it may not be set. */
export function merge(values: readonly (Value | undefined)[], name: string): Value {
  const set = values.filter((value) => value !== undefined);
  const [first] = set;
  const written = `\${${name}}`;
  const isUnset = set.length < values.length || set.some((value) => value.mayBeUnset === true);
  if (first === undefined) return unknownValue(written);
  const isSame = set.every((value) => sameValue(value, first));
  if (isSame && !isUnset) return { ...first, fixed: set.every((value) => value.fixed) };
  if (set.some((value) => value.choices === null))
    return { ...unknownValue(written), ...(isUnset ? ({ mayBeUnset: true } as const) : {}) };
  const all = set.flatMap((value) => value.choices ?? []);
  if (!isUnset) return oneOf(all, written);
  const filled = new Set(all.filter((choice) => choice !== ''));
  const whole = oneOf([...all, ''], written);
  // One text, or none: an edit of that text changes all that it can be.
  const only =
    filled.size === 1 ? set.find((value) => value.choices?.includes([...filled][0] ?? '') === true) : undefined;
  return { ...whole, fixed: false, origin: only?.origin ?? null, mayBeUnset: true };
}

/** `${x-d}`, and `${x:-d}` where `orEmpty`. `value` is undefined where nothing sets x. */
export function withDefault(value: Value | undefined, other: Value, orEmpty: boolean, written: string): Value {
  if (value === undefined) return { ...other, fixed: false };
  const isEmpty = orEmpty && value.choices?.includes('') === true;
  if (!isEmpty && value.mayBeUnset !== true) return value;
  if (value.choices === null) return unknownValue(written);
  const own = value.choices.filter((choice) => choice !== '' || !orEmpty);
  // Of one that may not be set, '' stands for that; it may be set to '' as well.
  if (own.length === 0) return { ...other, fixed: other.fixed && value.fixed };
  return other.choices === null ? unknownValue(written) : oneOf([...own, ...other.choices], written);
}

/** `${x+d}`, and `${x:+d}` where `orEmpty`. */
export function whereSet(value: Value | undefined, other: Value, orEmpty: boolean, written: string): Value {
  if (value === undefined) return { ...known(''), fixed: false };
  const mayBeEmpty = value.mayBeUnset === true || (orEmpty && (value.choices === null || value.choices.includes('')));
  const mayBeFull = value.choices === null || !orEmpty || value.choices.some((choice) => choice !== '');
  if (!mayBeEmpty) return other;
  if (!mayBeFull) return { ...known(''), fixed: value.fixed };
  return other.choices === null ? unknownValue(written) : oneOf([...other.choices, ''], written);
}

/** Applies `change` to every string that the value may be; null from it means that it cannot be told. */
export function mapChoices(value: Value, written: string, change: (text: string) => string | null): Value {
  const changed = value.choices?.map(change) ?? [null];
  const all = changed.filter((text) => text !== null);
  return all.length < changed.length ? unknownValue(written) : { ...oneOf(all, written), fixed: value.fixed };
}

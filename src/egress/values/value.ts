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

/** What a variable may be after branches of which one was taken. */
export function merge(values: readonly Value[], name: string): Value {
  const [first] = values;
  if (
    first !== undefined &&
    values.every(
      (value) =>
        value === first || (value.text === first.text && value.choices?.join('\0') === first.choices?.join('\0')),
    )
  ) {
    return { ...first, fixed: values.every((value) => value.fixed) };
  }
  const written = `\${${name}}`;
  const all = values.flatMap((value) => value.choices ?? []);
  return values.some((value) => value.choices === null) ? unknownValue(written) : oneOf(all, written);
}

/** Applies `change` to every string that the value may be; null from it means that it cannot be told. */
export function mapChoices(value: Value, written: string, change: (text: string) => string | null): Value {
  const changed = value.choices?.map(change) ?? [null];
  const all = changed.filter((text) => text !== null);
  return all.length < changed.length ? unknownValue(written) : { ...oneOf(all, written), fixed: value.fixed };
}

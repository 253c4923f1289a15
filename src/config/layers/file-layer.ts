import { readYamlFile } from '../../system/yaml-file.ts';
import type { Layer, Problem, RawValue } from './layer.ts';
import { suggestion } from '../nearest.ts';
import type { PathBase } from '../options/option.ts';
import { OPTION_NAMES, optionByFlag, specOf, type OptionName } from '../options/options.ts';
import { BOOLEAN_EXPECTED, entriesOf, readBoolean, readPairs } from './words.ts';

const FILE_OPTIONS = OPTION_NAMES.filter((name) => specOf(name).inFile);

/**
 * What a config file says.
 *
 * @param text the file's bytes
 * @param shown the file's name in messages: `moby-build.yaml`
 */
export function fileLayer(text: string | Uint8Array, shown: string, base: PathBase): Layer {
  const { value, problems: unreadable, place } = readYamlFile(text, shown);
  const layer = (values: readonly RawValue[], problems: readonly Problem[]): Layer => ({
    origin: 'file',
    base,
    values,
    problems,
  });
  if (unreadable.length > 0) return layer([], unreadable);
  // An empty file, or one with nothing but comments.
  if (value === null || value === '') return layer([], []);
  if (typeof value !== 'object' || Array.isArray(value))
    return layer([], [{ where: shown, message: 'must be a mapping of option names to values' }]);
  const values: RawValue[] = [];
  const problems: Problem[] = [];
  for (const [key, entry] of Object.entries(value)) {
    // `$schema` is how editors find the JSON Schema.
    if (key === '$schema') continue;
    const where = (path: readonly PropertyKey[]) => {
      const full = [key, ...path];
      return `${place(full)} ${full.map(String).join('.')}`;
    };
    const option = FILE_OPTIONS.find((name) => name === key);
    if (option === undefined) problems.push({ where: where([]), message: unknownName(key) });
    else readEntry(option, entry, where, values, problems);
  }
  return layer(values, problems);
}

function readEntry(
  option: OptionName,
  value: unknown,
  where: RawValue['where'],
  values: RawValue[],
  problems: Problem[],
): void {
  const spec = specOf(option);
  const problem = (message: string, path: readonly PropertyKey[] = []) =>
    problems.push({ where: where(path), message });
  const add = (read: unknown) => values.push({ option, value: read, where });
  // A key without a value is one that somebody meant to fill in.
  if (value === '' || value === null) {
    problem(`needs a value: ${exampleOf(option)}`);
    return;
  }
  switch (spec.form) {
    case 'boolean': {
      const read = typeof value === 'string' ? readBoolean(value) : null;
      if (read === null) problem(BOOLEAN_EXPECTED);
      else add(read);
      break;
    }
    case 'value':
      if (typeof value === 'string') add(value);
      else problem(`must be one value: ${exampleOf(option)}`);
      break;
    case 'list': {
      // One entry needs no brackets.
      const entries: unknown = typeof value === 'string' ? entriesOf(spec, [value]) : value;
      if (isTexts(entries)) add(entries);
      else problem(`must be a list of texts: ${exampleOf(option)}`);
      break;
    }
    case 'pairs': {
      // As on the line, and one below the other: a text or a list of NAME=VALUE.
      const texts: unknown = typeof value === 'string' ? [value] : value;
      if (isTexts(texts)) {
        const pairs = readPairs(texts, spec.placeholder);
        pairs.problems.forEach((message) => problem(`${message}; in a file: ${exampleOf(option)}`));
        if (pairs.problems.length === 0) add(pairs.values);
        break;
      }
      const odd = Object.entries(value as object).find(([, each]) => typeof each !== 'string');
      if (Array.isArray(value)) problem(`must be a mapping: ${exampleOf(option)}`);
      else if (odd !== undefined) problem('must be one value', [odd[0]]);
      else add(value);
      break;
    }
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** How the option is written in a file: `without: [NAME]`, `mirrors: {KIND: VALUE}`. */
function exampleOf(option: OptionName): string {
  const { form, placeholder } = specOf(option);
  const [name = '', value = ''] = placeholder.split('=');
  return `${option}: ${{ boolean: 'true', value: placeholder, list: `[${placeholder}]`, pairs: `{${name}: ${value}}` }[form]}`;
}

function unknownName(key: string): string {
  const name = OPTION_NAMES.find((entry) => entry === key);
  if (name !== undefined) return `can only be given on the line, as --${specOf(name).flag}`;
  const flag = key.replace(/^--/u, '');
  const off = flag.replace(/^no-?(?=\w)/u, '');
  const byFlag = optionOf(flag);
  if (byFlag !== null) return specOf(byFlag).inFile ? `is no option here; write ${byFlag}` : unknownName(byFlag);
  // `no-probe`, `noProbe`
  const turned = off === flag ? null : optionOf(off.charAt(0).toLowerCase() + off.slice(1));
  if (turned !== null && specOf(turned).form === 'boolean') return `is no option here; write ${turned}: false`;
  return `is no option${suggestion(key, FILE_OPTIONS)}`;
}

/** By its flag, another name of it, or its key. */
function optionOf(word: string): OptionName | null {
  return optionByFlag(word) ?? OPTION_NAMES.find((name) => name === word) ?? null;
}

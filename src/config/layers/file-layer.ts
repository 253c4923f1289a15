import { readYamlFile } from '../../system/yaml-file.ts';
import type { Layer, Problem, RawValue } from './layer.ts';
import { suggestion } from '../nearest.ts';
import type { PathBase } from '../options/option.ts';
import { OPTION_NAMES, specOf, type OptionName } from '../options/options.ts';
import { BOOLEAN_EXPECTED, readBoolean } from './words.ts';

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
  const { form } = specOf(option);
  if (form !== 'boolean') {
    // One entry needs no brackets.
    const entries = form === 'list' && typeof value === 'string' && value !== '' ? [value] : value;
    values.push({ option, value: entries, where });
    return;
  }
  const read = typeof value === 'string' ? readBoolean(value) : null;
  if (read === null) problems.push({ where: where([]), message: BOOLEAN_EXPECTED });
  else values.push({ option, value: read, where });
}

function unknownName(key: string): string {
  const name = OPTION_NAMES.find((entry) => entry === key);
  if (name !== undefined) return `can only be given on the line, as --${specOf(name).flag}`;
  const byFlag = FILE_OPTIONS.find((entry) => specOf(entry).flag === key.replace(/^--/u, ''));
  if (byFlag !== undefined) return `is no option here; write ${byFlag}`;
  return `is no option${suggestion(key, FILE_OPTIONS)}`;
}

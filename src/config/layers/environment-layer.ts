import type { Layer, Problem, RawValue } from './layer.ts';
import { nearest } from '../nearest.ts';
import { environmentName, type PathBase } from '../options/option.ts';
import { flagsOf, OPTION_NAMES, specOf, type OptionName } from '../options/options.ts';
import { BOOLEAN_EXPECTED, entriesOf, readBoolean, readPairs } from './words.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the `MOBY_BUILD_*` variables say. Lists and pairs are separated by white space (`MOBY_BUILD_MIRROR="git=… apt=…"`); an
 * entry that must hold a space needs a flag or the config file. An empty variable counts as not set.
 */
export function environmentLayer(env: Environment, base: PathBase): Layer {
  const values: RawValue[] = [];
  const problems: Problem[] = [];
  for (const option of OPTION_NAMES) {
    const set = variablesOf(option).filter(({ name }) => (env[name] ?? '') !== '');
    for (const { name, off } of set.slice(1))
      problems.push({
        where: name,
        message: `says the same as ${set[0]?.name ?? ''}; set ${off ? 'that' : 'one'} only`,
      });
    const [first] = set;
    if (first !== undefined) readVariable(option, first, env[first.name] ?? '', values, problems);
  }
  return { origin: 'environment', base, values, problems };
}

/** A variable that sets an option. */
interface Variable {
  readonly name: string;
  /** `MOBY_BUILD_NO_PROBE=1` turns off. */
  readonly off: boolean;
}

/** The variables of an option: by its flag, by its other names, and for a switch also with NO. */
function variablesOf(option: OptionName): readonly Variable[] {
  const names = flagsOf(option).map((flag) => ({ name: environmentName(flag), off: false }));
  const { form, flag } = specOf(option);
  return form === 'boolean' ? [...names, { name: environmentName(`no-${flag}`), off: true }] : names;
}

function readVariable(
  option: OptionName,
  { name, off }: Variable,
  text: string,
  values: RawValue[],
  problems: Problem[],
): void {
  const spec = specOf(option);
  const add = (value: unknown) =>
    values.push({ option, value, where: (path) => [name, ...path.map(String)].join(' ') });
  const entries = text.split(/\s+/u).filter((entry) => entry !== '');
  switch (spec.form) {
    case 'value':
      add(text);
      break;
    case 'list':
      add(entriesOf(spec, entries));
      break;
    case 'boolean': {
      const value = readBoolean(text);
      if (value === null) problems.push({ where: name, message: BOOLEAN_EXPECTED });
      else add(value !== off);
      break;
    }
    case 'pairs': {
      const pairs = readPairs(entries, spec.placeholder);
      problems.push(...pairs.problems.map((message) => ({ where: name, message })));
      add(pairs.values);
      break;
    }
  }
}

/** Variables that start with MOBY_BUILD_ and mean nothing: a typo there is silent otherwise. Each with the nearest name that means something. */
export function strayVariables(
  env: Environment,
): readonly { readonly name: string; readonly nearest: string | null }[] {
  const known = OPTION_NAMES.flatMap((option) => variablesOf(option).map(({ name }) => name));
  const suffixes = known.map((name) => name.slice(PREFIX.length).toLowerCase());
  return Object.keys(env)
    .filter((name) => name.toUpperCase().startsWith(PREFIX) && !known.includes(name))
    .map((name) => {
      const found = nearest(name.slice(PREFIX.length).replaceAll('-', '_'), suffixes);
      return { name, nearest: found === null ? null : `${PREFIX}${found.toUpperCase()}` };
    });
}

const PREFIX = environmentName('');

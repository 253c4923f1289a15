import type { Layer, Problem, RawValue } from './layer.ts';
import { nearest } from '../nearest.ts';
import { environmentName, type PathBase } from '../options/option.ts';
import { OPTION_NAMES, specOf } from '../options/options.ts';
import { BOOLEAN_EXPECTED, readBoolean, readPairs } from './words.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the `MOBY_BUILD_*` variables say. Lists and pairs are separated by white space (`MOBY_BUILD_MIRROR="git=… apt=…"`); an
 * entry that must hold a space needs a flag or the config file. An empty variable counts as not set.
 */
export function environmentLayer(env: Environment, base: PathBase): Layer {
  const values: RawValue[] = [];
  const problems: Problem[] = [];
  for (const option of OPTION_NAMES) {
    const spec = specOf(option);
    const name = environmentName(spec.flag);
    const text = env[name];
    if (text === undefined || text === '') continue;
    const add = (value: unknown) =>
      values.push({ option, value, where: (path) => [name, ...path.map(String)].join(' ') });
    const entries = text.split(/\s+/u).filter((entry) => entry !== '');
    switch (spec.form) {
      case 'value':
        add(text);
        break;
      case 'list':
        add(entries);
        break;
      case 'boolean': {
        const value = readBoolean(text);
        if (value === null) problems.push({ where: name, message: BOOLEAN_EXPECTED });
        else add(value);
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
  return { origin: 'environment', base, values, problems };
}

/** Variables that start with MOBY_BUILD_ and mean nothing: a typo there is silent otherwise. Each with the nearest name that means something. */
export function strayVariables(
  env: Environment,
): readonly { readonly name: string; readonly nearest: string | null }[] {
  const known = OPTION_NAMES.map((option) => environmentName(specOf(option).flag));
  return Object.keys(env)
    .filter((name) => name.startsWith('MOBY_BUILD_') && !known.includes(name))
    .map((name) => {
      const suffixes = known.map((entry) => entry.slice('MOBY_BUILD_'.length).toLowerCase());
      const found = nearest(name.slice('MOBY_BUILD_'.length), suffixes);
      return { name, nearest: found === null ? null : `MOBY_BUILD_${found.toUpperCase()}` };
    });
}

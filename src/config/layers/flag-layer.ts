import type { Layer, Problem, RawValue } from './layer.ts';
import { suggestion } from '../nearest.ts';
import type { CommandName, PathBase } from '../options/option.ts';
import { OPTION_NAMES, optionByFlag, specOf, spelled, type OptionName } from '../options/options.ts';
import { readPairs } from './words.ts';

/** The flags that every command has besides its options. */
const EVERYWHERE = ['help', 'version'];

/**
 * What the flags say.
 *
 * @param flags by name without dashes, as the line parser gives them: string, boolean, or an array where a flag came more than once
 */
export function flagLayer(flags: Readonly<Record<string, unknown>>, command: CommandName, base: PathBase): Layer {
  const values: RawValue[] = [];
  const problems: Problem[] = [];
  for (const [flag, given] of Object.entries(flags)) {
    const option = optionByFlag(flag);
    if (option === null) {
      const all = [...OPTION_NAMES.map((name) => spelled(name).slice(2)), ...EVERYWHERE];
      problems.push({
        where: flag.length === 1 ? `-${flag}` : `--${flag}`,
        message: `is no option${suggestion(flag, all, '--')}`,
      });
    } else if (!specOf(option).commands.includes(command)) {
      problems.push({
        where: `--${flag}`,
        message: `is no option of ${command}; it belongs to ${specOf(option).commands.join(', ')}`,
      });
    } else {
      readFlag(option, given, values, problems);
    }
  }
  return { origin: 'flag', base, values, problems };
}

function readFlag(option: OptionName, given: unknown, values: RawValue[], problems: Problem[]): void {
  const spec = specOf(option);
  const name = spelled(option);
  const entries = (Array.isArray(given) ? given : [given]) as readonly unknown[];
  const problem = (message: string) => problems.push({ where: name, message });
  if (spec.form === 'boolean') {
    // The last one counts: `--json --no-json` is how a script takes back what an alias says.
    const last = entries.at(-1);
    if (typeof last === 'boolean') values.push({ option, value: last, where: () => name });
    else problem('takes no value but true or false');
    return;
  }
  const texts = entries.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
  if (texts.length < entries.length) {
    problem(`needs a value: ${name} ${spec.placeholder} (${name}=… where it starts with a dash)`);
    return;
  }
  if (spec.form === 'list') {
    values.push({ option, value: texts, where: () => name });
  } else if (spec.form === 'pairs') {
    const pairs = readPairs(texts, spec.placeholder);
    pairs.problems.forEach(problem);
    values.push({ option, value: pairs.values, where: (path) => [name, ...path.map(String)].join(' ') });
  } else if (texts.length > 1) {
    problem('is given more than once');
  } else {
    values.push({ option, value: texts[0], where: () => name });
  }
}

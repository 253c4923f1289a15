import { descriptionInFile, OPTION_GROUPS } from '../options/option.ts';
import { OPTION_NAMES, specOf, type OptionName } from '../options/options.ts';
import type { Say } from './help-page.ts';
import { wrapped } from '../../wrapped.ts';

/** Width of comments. */
const WIDTH = 98;

/**
 * A configuration file with every key that one may have: those of `given` set, each of the others as a comment. Pure.
 *
 * @param given valid values by key
 * @param say gives a sentence in the language of the comments
 */
export function configText(given: Readonly<Record<string, unknown>>, say: Say): string {
  const sections = OPTION_GROUPS.map((group) => {
    const names = OPTION_NAMES.filter((name) => specOf(name).group === group && specOf(name).inFile);
    return [`# ${say(group)}`, '', ...names.flatMap((name) => [...entryOf(name, given, say), ''])].join('\n');
  });
  const head = [
    ...comment(say('Settings of moby-build. A flag wins over a MOBY_BUILD_ variable, a variable over this file.')),
    ...comment(say('`moby-build config show` says what each comes to, and `moby-build config schema` has the form.')),
    '',
  ];
  return `${[...head, ...sections].join('\n').trimEnd()}\n`;
}

function comment(text: string): readonly string[] {
  return wrapped(text, WIDTH).map((line) => `# ${line}`);
}

function entryOf(name: OptionName, given: Readonly<Record<string, unknown>>, say: Say): readonly string[] {
  const set = Object.hasOwn(given, name);
  // JSON is YAML: quoted, so that no value is read as anything else.
  const line = set ? `${name}: ${JSON.stringify(given[name])}` : `#${name}: ${exampleOf(name)}`;
  return [...comment(descriptionInFile(specOf(name), say)), line];
}

function exampleOf(name: OptionName): string {
  const { form, fallback, fallbackText, placeholder } = specOf(name);
  if (['string', 'number', 'boolean'].includes(typeof fallback) && fallbackText === undefined) return String(fallback);
  const [key = '', value = ''] = placeholder.split('=');
  return { boolean: 'false', value: placeholder, list: `[${placeholder}]`, pairs: `{${key}: ${value}}` }[form];
}

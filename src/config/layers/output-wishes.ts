import { LANGUAGES, type Language } from '../../names.ts';
import { environmentName } from '../options/option.ts';
import type { Environment } from './environment-layer.ts';
import { readBoolean } from './words.ts';

/** What of a run's form must be known even where the line cannot be parsed: an error has to come out as the caller wants it. */
export function outputWishes(
  argv: readonly string[],
  env: Environment,
): { readonly json: boolean; readonly color: 'auto' | 'always' | 'never'; readonly lang: 'auto' | Language } {
  const before = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const wish = (name: 'color' | 'lang'): string | undefined => {
    const at = before.lastIndexOf(`--${name}`);
    const word = before.findLast((each) => each.startsWith(`--${name}=`))?.slice(`--${name}=`.length);
    return word ?? (at < 0 ? env[environmentName(name)] : before[at + 1]);
  };
  const color = wish('color');
  const lang = LANGUAGES.find((each) => each === wish('lang')) ?? 'auto';
  const flag = before.findLast((word) => /^--(?:no-)?json(?:=|$)/u.test(word));
  const json = flag === undefined ? readBoolean(env[environmentName('json')] ?? '') === true : wantsJson(flag);
  return { json, color: color === 'always' || color === 'never' ? color : 'auto', lang };
}

/** `--json`, `--no-json=false`, `--json=yes`. */
function wantsJson(flag: string): boolean {
  const [name = '', value] = flag.split('=');
  const said = value === undefined ? true : readBoolean(value);
  return said !== null && said !== name.startsWith('--no-');
}

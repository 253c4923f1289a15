import { environmentName } from '../options/option.ts';
import type { Environment } from './environment-layer.ts';
import { readBoolean } from './words.ts';

/** What of a run's form must be known even where the line cannot be parsed: an error has to come out as the caller wants it. */
export function outputWishes(
  argv: readonly string[],
  env: Environment,
): { readonly json: boolean; readonly color: 'auto' | 'always' | 'never' } {
  const before = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const at = before.lastIndexOf('--color');
  const color =
    before.findLast((word) => word.startsWith('--color='))?.slice('--color='.length) ??
    (at < 0 ? undefined : before[at + 1]);
  const wish = color ?? env[environmentName('color')];
  const flag = before.findLast((word) => /^--(?:no-)?json(?:=|$)/u.test(word));
  const json = flag === undefined ? readBoolean(env[environmentName('json')] ?? '') === true : wantsJson(flag);
  return { json, color: wish === 'always' || wish === 'never' ? wish : 'auto' };
}

/** `--json`, `--no-json=false`, `--json=yes`. */
function wantsJson(flag: string): boolean {
  const [name = '', value] = flag.split('=');
  const said = value === undefined ? true : readBoolean(value);
  return said !== null && said !== name.startsWith('--no-');
}

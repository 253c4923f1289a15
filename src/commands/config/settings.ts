import type { CommandLine } from '../../config/layers/parse.ts';
import { OPTION_NAMES, specOf, type OptionName } from '../../config/options/options.ts';
import type { Profile } from '../../mirrors/catalogue/profile.ts';
import { mirrorKeyText } from '../../names.ts';
import { redact } from '../../system/redact.ts';
import type { ConfigShowDocument } from './document.ts';

type Setting = ConfigShowDocument['values'][number];

/** Every value of a run and who said it, in the order of the table; mirrors that no flag names are the profile's. Pure. */
export function settingsOf(
  line: CommandLine,
  profile: Pick<Profile, 'name' | 'mirrors' | 'parts'>,
): readonly Setting[] {
  const given = OPTION_NAMES.flatMap((name) => settingsOfOption(line, name));
  const own = Object.keys(line.options.mirrors);
  const parts = (profile.parts ?? []).map(({ values, ...key }) => [mirrorKeyText(key), values] as const);
  const ofProfile = [...Object.entries(profile.mirrors), ...parts]
    .filter(([kind]) => !own.includes(kind))
    .map(([kind, values]): Setting => {
      return { key: `mirrors.${kind}`, value: shown(values), origin: 'profile', place: profile.name };
    });
  return [...given, ...ofProfile];
}

function settingsOfOption({ options, origins, places }: CommandLine, name: OptionName): readonly Setting[] {
  const value: unknown = options[name];
  if (specOf(name).form !== 'pairs') {
    const shownValue = name === 'source' ? sourceText(options.source) : value;
    return [{ key: name, value: shown(shownValue), origin: origins[name], place: places.get(name)?.place ?? null }];
  }
  const entries = Object.entries(value as Readonly<Record<string, string>>);
  if (entries.length === 0) return [{ key: name, value: {}, origin: 'default', place: null }];
  // Each entry is its own: one may come from a flag, the next from a file.
  const named = redact(value) as Readonly<Record<string, string>>;
  return entries.map(([entry]) => {
    const said = places.get(`${name}.${entry}`);
    return {
      key: `${name}.${entry}`,
      value: named[entry] ?? '',
      origin: said?.origin ?? origins[name],
      place: said?.place ?? null,
    };
  });
}

function sourceText(source: CommandLine['options']['source']): string {
  return source.kind === 'url' ? source.url : source.path;
}

function shown(value: unknown): Setting['value'] {
  return redact(value) as Setting['value'];
}

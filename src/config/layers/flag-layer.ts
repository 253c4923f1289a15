import type { Layer, Problem, RawValue } from './layer.ts';
import { suggestion } from '../nearest.ts';
import { RUNNING, TAKE_OPTIONS, type CommandName, type PathBase } from '../options/option.ts';
import type { SplitLine } from './command-line.ts';
import {
  commandsOf,
  isTaken,
  OPTION_NAMES,
  optionByFlag,
  specOf,
  spelled,
  type OptionName,
} from '../options/options.ts';
import { entriesOf, readPairs } from './words.ts';

/** The flags that every command has besides its options. */
const EVERYWHERE = ['help', 'version'];

/** What people call an option who know it from another program, where the words themselves are far apart. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  architecture: 'arch',
  cpu: 'arch',
  tag: 'ref',
  branch: 'ref',
  release: 'ref',
  'moby-version': 'ref',
  repo: 'source',
  repository: 'source',
  url: 'source',
  directory: 'source',
  output: 'out',
  dest: 'out',
  cacert: 'ca',
  cert: 'ca',
  certificate: 'ca',
  'registry-mirror': 'mirror',
  proxy: 'mirror',
  force: 'yes',
  silent: 'quiet',
  debug: 'verbose',
  platforms: 'arch',
};

/** What the flags say. */
export function flagLayer(
  { flags, unknown, command, words }: Pick<SplitLine, 'flags' | 'unknown' | 'command' | 'words'>,
  base: PathBase,
): Layer {
  const values: RawValue[] = [];
  const problems: Problem[] = unknown.map((flag) => ({ where: flag, message: `is no option${meantBy(flag)}` }));
  const said = new Map<OptionName, string>();
  for (const [flag, given] of Object.entries(flags)) {
    const option = optionByFlag(flag);
    if (option === null) throw new Error(`--${flag} is in no table`);
    const earlier = said.get(option);
    said.set(option, flag);
    if (earlier !== undefined) {
      problems.push({ where: `--${flag}`, message: `is another name of --${earlier}, which is given too` });
    } else if (!isTaken(option, command)) {
      problems.push({
        where: given === false ? `--no-${flag}` : `--${flag}`,
        message: `is no option of ${command}; it belongs to ${commandsOf(option).join(', ')}`,
      });
    } else if (isLeftOut(option, command, words)) {
      problems.push({ where: `--${flag}`, message: `is no option of ${command} ${words[0] ?? ''}` });
    } else {
      readFlag(command, option, flag, given, values, problems);
    }
  }
  for (const [option, flag] of said) {
    const { several } = specOf(option);
    const other = several === undefined || !takesSeveral(command, several) ? undefined : said.get(several);
    if (other !== undefined)
      problems.push({ where: `--${flag}`, message: `is given beside --${other}; name all in one of the two` });
  }
  return { origin: 'flag', base, values, problems };
}

/** `bundle ls --ref`: an option that another word of the command takes. */
function isLeftOut(option: OptionName, command: CommandName, [action = '']: readonly string[]): boolean {
  const usual = TAKE_OPTIONS[command];
  const taking = specOf(option).actions ?? usual;
  return (
    usual !== undefined &&
    taking !== undefined &&
    !taking.includes(action) &&
    !RUNNING.every((each) => isTaken(option, each))
  );
}

/** `; did you mean --ref?` for `--rfe`, `-ref` and `--tag`. */
function meantBy(written: string): string {
  const name = written.replace(/^-+/u, '').toLowerCase();
  const all = [...OPTION_NAMES.map((option) => spelled(option).slice(2)), ...EVERYWHERE];
  const known = Object.hasOwn(OTHER_WORDS, name) ? OTHER_WORDS[name] : undefined;
  const begun = name.length === 1 ? all.filter((flag) => flag.startsWith(name)) : [];
  const [meant = known] = begun.length === 1 ? begun : [];
  return meant === undefined ? suggestion(name, all, '--') : `; did you mean --${meant}?`;
}

/** `config` takes every option, and has no builds. */
function takesSeveral(command: CommandName, list: OptionName): boolean {
  return command !== 'config' && isTaken(list, command);
}

/** What makes one value a list of refs: a pattern, a range, or what is left out. */
const NAMES_SEVERAL = /[*?]|^!|\.\./u;

/** `--ref A --ref B`, `--arch A,B` of a command that makes several builds: the entries of its list; null: there is one, of one build. */
function severalOf(command: CommandName, option: OptionName, texts: readonly string[]): readonly string[] | null {
  const { several } = specOf(option);
  if (several === undefined || !takesSeveral(command, several)) return null;
  const entries = entriesOf(specOf(several), texts);
  return entries.length > 1 || (option === 'ref' && entries.some((entry) => NAMES_SEVERAL.test(entry)))
    ? entries
    : null;
}

function readFlag(
  command: CommandName,
  option: OptionName,
  flag: string,
  given: unknown,
  values: RawValue[],
  problems: Problem[],
): void {
  const spec = specOf(option);
  const name = flag === spec.flag ? spelled(option) : `--${flag}`;
  const entries = (Array.isArray(given) ? given : [given]) as readonly unknown[];
  const problem = (message: string) => problems.push({ where: name, message });
  if (spec.form === 'boolean') {
    // The last one counts: `--json --no-json` is how a script takes back what an alias says.
    values.push({ option, value: entries.at(-1), where: () => name });
    return;
  }
  const texts = entries.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
  if (texts.length < entries.length) {
    problem(`needs a value: ${name} ${spec.placeholder} (${name}=… where it starts with a dash)`);
    return;
  }
  const several = severalOf(command, option, texts);
  const list = several === null ? undefined : spec.several;
  if (several !== null && list !== undefined) {
    values.push({ option: list, value: several, where: () => name });
    return;
  }
  if (spec.form === 'list') {
    values.push({ option, value: entriesOf(spec, texts), where: () => name });
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

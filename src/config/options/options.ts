import type * as z from 'zod';
import { AUDIT_OPTIONS } from './audit-options.ts';
import { BUILD_OPTIONS } from './build-options.ts';
import { COMPONENT_OPTIONS } from './component-options.ts';
import { MATRIX_OPTIONS } from './matrix-options.ts';
import { MIRROR_OPTIONS } from './mirror-options.ts';
import type { CommandName, OptionSpec } from './option.ts';
import { OUTPUT_OPTIONS } from './output-options.ts';
import { RESULT_OPTIONS, SMOKE_OPTIONS } from './result-options.ts';
import { PROBE_OPTIONS } from './probe-options.ts';
import { SOURCE_OPTIONS } from './source-options.ts';
import { TRUST_OPTIONS } from './trust-options.ts';
import { CACHE_OPTIONS, DOCTOR_OPTIONS, BUNDLE_OPTIONS } from './upkeep-options.ts';

/** Every option by its name in code and in the config file. Types, validation, `--help` and the JSON Schema are made from it. */
export const OPTIONS = {
  ...SOURCE_OPTIONS,
  ...COMPONENT_OPTIONS,
  ...AUDIT_OPTIONS,
  ...MATRIX_OPTIONS,
  ...MIRROR_OPTIONS,
  ...PROBE_OPTIONS,
  ...TRUST_OPTIONS,
  ...BUILD_OPTIONS,
  ...CACHE_OPTIONS,
  ...SMOKE_OPTIONS,
  ...RESULT_OPTIONS,
  ...DOCTOR_OPTIONS,
  ...BUNDLE_OPTIONS,
  ...OUTPUT_OPTIONS,
};

type Table = typeof OPTIONS;
export type OptionName = keyof Table;

/** The valid options of a run. null: nobody said anything and the default follows from something else. Paths are absolute. */
export type Options = {
  readonly [K in OptionName]: null extends Table[K]['fallback']
    ? Readonly<z.output<Table[K]['schema']>> | null
    : Readonly<z.output<Table[K]['schema']>>;
};

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** The same entry without its particular types, for code that walks the table. */
export function specOf(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

/** The flag of an option and its other names. */
export function flagsOf(name: OptionName): readonly string[] {
  const { flag, aliases = [] } = specOf(name);
  return [flag, ...aliases];
}

const BY_FLAG = new Map(OPTION_NAMES.flatMap((name) => flagsOf(name).map((flag) => [flag, name] as const)));

/** `sources-list` → `sourcesList`; null for a flag that does not exist. */
export function optionByFlag(flag: string): OptionName | null {
  return BY_FLAG.get(flag) ?? null;
}

/** Options that a command takes, in the order of the table. */
export function optionsOf(command: CommandName): readonly OptionName[] {
  return OPTION_NAMES.filter((name) => isTaken(name, command));
}

/** What says of one build which it is, or what a matrix says in its own words; `matrix` hands every other option of a build to its cells. */
const OF_ONE_BUILD: readonly OptionName[] = [
  'ref',
  'commit',
  'arch',
  'target',
  'withDeps',
  'bundle',
  'inPlace',
  // A matrix has one list of checksums, which the command `sign` signs.
  'sign',
  'passphraseFile',
  // Packages of a cell would lie between the folders of cells.
  'pack',
];

/** Whether an option says of one build which it is: no other build of a matrix can have it. */
export function isOfOneBuild(name: OptionName): boolean {
  return OF_ONE_BUILD.includes(name);
}

/** Whether a command takes an option. `config` takes every one: it says what they come to. */
export function isTaken(name: OptionName, command: CommandName): boolean {
  if (command === 'config') return true;
  return commandsOf(name).includes(command);
}

/** The commands that take an option. */
export function commandsOf(name: OptionName): readonly CommandName[] {
  const { commands } = specOf(name);
  const handed = commands.includes('build') && !commands.includes('matrix') && !isOfOneBuild(name);
  return handed ? [...commands, 'matrix'] : commands;
}

/** What a user writes on the line: `--mirror`, `--no-probe`. */
export function spelled(name: OptionName): string {
  const spec = specOf(name);
  return spec.negated === true ? `--no-${spec.flag}` : `--${spec.flag}`;
}

import type * as z from 'zod';

/** The commands of this version, with the sentence that `--help` shows. */
export const COMMANDS = {
  build: 'Compile moby: check the machine, clone, scan, rewrite, make binary, collect, verify (the default command)',
  matrix: 'Build many tags for many architectures, on one or more builders: matrix --refs LIST --arches LIST',
  patch: 'Print the patch set that a build would apply; nothing else is written',
  audit: 'List the egress points of a tree and how each is resolved; writes nothing',
  mirrors: 'List the mirrors that are known, or measure them: mirrors list, mirrors probe',
  verify: 'Check a build: ELF class, architecture, linkage, versions, checksums',
  sign: 'Check a build, its packages or a matrix, and sign their SHA256SUMS',
  provenance: 'Print where the binaries of a build came from: in-toto statement, SLSA provenance v1',
  sbom: 'Print what is in a build: sources, Go modules, linked libraries; CycloneDX or SPDX',
  compare: 'Say what differs between two outputs, and why: folders, manifests or packages',
  smoke: 'Start the built daemon, apart from the daemon of this machine, and check its start-up',
  pack: 'Make packages of a build: static archives, a deb or an rpm',
  doctor: 'Check this machine for a build; each failure with the command that fixes it',
  cache: 'The store of fetched sources: cache ls, cache verify, cache prune',
  bundle:
    'Files for machines without network: bundle create --out FILE, want, ls FILE, verify FILE, diff OLD NEW, serve FILE',
  clean: 'Show what earlier runs left; with --yes remove it',
  report:
    'Show a run: its steps, egress points, checks and what changed; RUN is its work dir, out dir or log, else the newest',
  explain: 'Say why a build failed, from its log (a file, or - for stdin), or what a code means',
  config: 'Settings: show each and where it comes from, print the schema of the file, or write a first file',
  completion: 'Print a script that completes these lines in a shell: completion bash, zsh, fish',
} as const;
export type CommandName = keyof typeof COMMANDS;
/** Commands that take the folder of a build. */
export const TAKES_FOLDER: readonly CommandName[] = [
  'verify',
  'sign',
  'smoke',
  'pack',
  'compare',
  'provenance',
  'sbom',
  'report',
];
/** Those that find it where it is not named; and how the word is written. */
export const FINDS_FOLDER: Readonly<Partial<Record<CommandName, string>>> = { report: '[RUN]' };
/** Of these, the ones that take a second one. */
export const TAKES_SECOND: readonly CommandName[] = ['compare'];
/** Commands that take one word, whatever it is; and how it is written. */
export const TAKES_WORD: Readonly<Partial<Record<CommandName, string>>> = { explain: 'LOG|CODE|-' };
/** The shells that `completion` knows. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
/** Commands that take one of a few words. */
export const ACTIONS: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  mirrors: ['list', 'probe'],
  cache: ['ls', 'verify', 'prune'],
  bundle: ['create', 'want', 'ls', 'verify', 'diff', 'serve'],
  config: ['show', 'schema', 'init'],
  completion: SHELLS,
};
/** The files that follow the word of `bundle`. */
export const BUNDLE_FILES: Readonly<Record<string, readonly string[]>> = {
  create: [],
  want: [],
  ls: ['FILE'],
  verify: ['FILE'],
  diff: ['OLD', 'NEW'],
  serve: ['FILE'],
};
/** The words of `bundle` behind whose file the older bundles may be named, to which it leaves files. */
export const TAKES_OLDER: readonly string[] = ['verify', 'serve'];
/** The words of a command that take its options; the others take only those that every command has. */
export const TAKE_OPTIONS: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  bundle: ['create', 'want'],
};
/** Commands that do nothing without their word. */
export const NEEDS_ACTION: readonly CommandName[] = ['bundle', 'completion'];
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];
/** Every command that does something: a script for a shell is printed as it is. */
export const RUNNING: readonly CommandName[] = COMMAND_NAMES.filter((name) => name !== 'completion');

/** The sections of `--help` and of the reference, in their order. */
export const OPTION_GROUPS = ['Source', 'Mirrors', 'Build', 'Output'] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/**
 * How an option is written.
 * `value`: once. `boolean`: no value. `list`: the flag repeats, each time one entry. `pairs`: the flag repeats, each time NAME=VALUE.
 */
export type OptionForm = 'value' | 'boolean' | 'list' | 'pairs';

/** Where a relative path in an option's value starts from. */
export interface PathBase {
  /** The caller's directory for flags and environment, the config file's own directory for its entries. Absolute. */
  readonly directory: string;
  /** For a leading `~/`, which no shell expands inside a file; null when HOME is not set. */
  readonly home: string | null;
}

/** One option of the command line. The table of these makes types, validation, `--help` and the JSON Schema. */
export interface OptionSpec<S extends z.ZodType = z.ZodType, D = unknown> {
  /** Without the dashes: `sources-list`. The environment name is made from it: `MOBY_BUILD_SOURCES_LIST`. */
  readonly flag: string;
  readonly form: OptionForm;
  readonly schema: S;
  /** The value where nobody says anything. */
  readonly fallback: D;
  /** How `--help` writes the default, where it is not plain from `fallback`. */
  readonly fallbackText?: string | undefined;
  /** One sentence for `--help` and the JSON Schema. */
  readonly description: string;
  /** `TAG`, `KIND=VALUE`; empty for booleans. */
  readonly placeholder: string;
  readonly group: OptionGroup;
  readonly commands: readonly CommandName[];
  /** False for what must be said anew on each run (`--yes`, `--config`, `--dry-run`). */
  readonly inFile: boolean;
  /** True where `--no-FLAG` is what a user writes, because the default is on. */
  readonly negated?: boolean | undefined;
  /** Other names of the flag, for those who know it from another program. */
  readonly aliases?: readonly string[] | undefined;
  /** `list`: whether a comma separates entries, too. Not where an entry may hold one. */
  readonly commas?: boolean | undefined;
  /** The option that has the values where a command takes several builds: `--ref A --ref B`, `--arch A,B`. */
  readonly several?: 'refs' | 'arches' | 'targets' | undefined;
  /** The words of its commands that take it, where they are others than `TAKE_OPTIONS` says. */
  readonly actions?: readonly string[] | undefined;
  /** Words that complete the value, where its schema is no list of words. */
  readonly values?: readonly string[] | undefined;
  /** `pairs`: the only names there are. */
  readonly names?: readonly string[] | undefined;
  /** Makes paths in a valid value absolute. */
  readonly locate?: ((value: z.output<S>, base: PathBase) => z.output<S>) | undefined;
}

/** Types one entry of the table; returns it as it is. */
export function option<S extends z.ZodType, D>(spec: OptionSpec<S, D>): OptionSpec<S, D> {
  return spec;
}

/** The description for a file, where a switch that is on has its key without the `no-`. */
export function descriptionInFile(
  { description, negated }: Pick<OptionSpec, 'description' | 'negated'>,
  say: (english: string) => string = (english) => english,
): string {
  const told = say(description);
  return negated === true ? `false: ${told}` : told;
}

/** `sources-list` → `MOBY_BUILD_SOURCES_LIST`. */
export function environmentName(flag: string): string {
  return `MOBY_BUILD_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** Every command that makes a plan to be used; `doctor` takes the options of a build, and looks at what they need. */
export const PLANNING: readonly CommandName[] = ['build', 'patch', 'doctor'];
/** Every command that decides how places are met. */
export const DECIDING: readonly CommandName[] = [...PLANNING, 'audit', 'bundle'];
/** Every command that looks at a tree and at what it needs of mirrors. */
export const PROBING: readonly CommandName[] = [...DECIDING, 'mirrors'];
export const BUILDING: readonly CommandName[] = ['build', 'doctor'];

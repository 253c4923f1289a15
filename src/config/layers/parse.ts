import { NEXT } from '../../next-command.ts';
import { join } from 'node:path';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Note } from '../../types.ts';
import { archOfNode, type Arch } from '../../cpus.ts';
import { splitLine } from './command-line.ts';
import { environmentLayer, strayVariables, type Environment } from './environment-layer.ts';
import { flagLayer } from './flag-layer.ts';
import type { Layer, Origin, Problem } from './layer.ts';
import { ACTIONS, TAKES_FOLDER, TAKES_SECOND, TAKES_WORD, type CommandName, type PathBase } from '../options/option.ts';
import { OPTIONS, type OptionName, type Options } from '../options/options.ts';
import { absolutePath } from '../options/paths.ts';
import { resolveOptions, type Resolved } from './resolve.ts';
import { wordProblems } from './word-problems.ts';
import { DEFAULT_REF } from '../options/source-options.ts';

/** The names that are looked for in the caller's directory, in this order. */
export const CONFIG_FILE_NAMES = ['moby-build.yaml', 'moby-build.yml', 'moby-build.json'] as const;

/** What the configuration is read from; given by the caller, so that this room touches nothing outside. */
export interface Surroundings {
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  /** `process.arch` */
  readonly nodeArch: string;
  /** Bytes of a file (or its text), or null when there is none; any other trouble is thrown. */
  readonly readFile: (path: string) => Promise<Uint8Array | string | null>;
}

/** Options with what follows from the machine filled in. */
export type RunOptions = Options & {
  readonly arch: Arch;
};

export interface CommandLine {
  readonly command: CommandName;
  readonly options: RunOptions;
  /** Who said each value: a command can tell a default from a wish. */
  readonly origins: Readonly<Record<OptionName, Origin>>;
  readonly places: Resolved['places'];
  /** `verify DIR`, `smoke DIR`: absolute; null for the other commands. */
  readonly directory: string | null;
  /** `compare A B`: B, absolute; null for the other commands. */
  readonly second: string | null;
  /** `mirrors list`: the word; null for commands that take none, or where none was said. */
  readonly action: string | null;
  /** `explain LOG|CODE|-`: the word; null for the other commands. */
  readonly subject: string | null;
  /** `bundle ls FILE`: the words after the action, absolute; empty for the other commands. */
  readonly files: readonly string[];
  /** The config file that was read, absolute, or null. */
  readonly configFile: string | null;
  readonly notes: readonly Note[];
}

/**
 * Reads the line, the environment and the config file.
 *
 * @param argv without node and the script
 * @throws MobyBuildError `usage` (exit 2), listing all problems; `unknown-machine` (exit 3) where `--arch` is needed
 */
export async function parseCommandLine(argv: readonly string[], around: Surroundings): Promise<CommandLine> {
  const line = await splitLine(argv);
  const base: PathBase = { directory: around.cwd, home: around.env['HOME'] ?? null };
  const { command } = line;
  const problems = [...line.problems, ...wordProblems(command, line.words, line.flags['list'] === true)];
  const flags = flagLayer(line, base);
  const environment = environmentLayer(around.env, base);
  const file = await readConfigFile([flags, environment], around, base, problems);
  const layers = [...(file === null ? [] : [file.layer]), environment, flags];
  const { options, origins, places } = resolveOptions(command, layers, problems);
  const [directory, second] = line.words;
  return {
    command,
    options: { ...options, ref: refOf(options), arch: options.arch ?? machineArch(around.nodeArch) },
    origins,
    places,
    directory: TAKES_FOLDER.includes(command) && directory !== undefined ? absolutePath(directory, base) : null,
    second: TAKES_SECOND.includes(command) && second !== undefined ? absolutePath(second, base) : null,
    action: ACTIONS[command] === undefined ? null : (line.words[0] ?? null),
    subject: TAKES_WORD[command] === undefined ? null : (line.words[0] ?? null),
    files: command === 'bundle' ? line.words.slice(1).map((word) => absolutePath(word, base)) : [],
    configFile: file?.path ?? null,
    notes: [...(file?.notes ?? []), ...strayVariables(around.env).map(strayNote)],
  };
}

/** `--config FILE`, else the first of the usual names in the caller's directory; the others that are there are told of. */
async function readConfigFile(
  layers: readonly Layer[],
  around: Surroundings,
  base: PathBase,
  problems: Problem[],
): Promise<{ readonly path: string; readonly layer: Layer; readonly notes: readonly Note[] } | null> {
  const wanted = layers.flatMap((layer) => layer.values).find((value) => value.option === 'config');
  const names = wanted === undefined ? CONFIG_FILE_NAMES : [String(wanted.value)];
  // What is no path at all is told of with the other problems.
  if (wanted !== undefined && !OPTIONS.config.schema.safeParse(wanted.value).success) return null;
  const found: { readonly name: string; readonly path: string; readonly text: Uint8Array | string }[] = [];
  for (const name of names) {
    const path = absolutePath(name, base);
    const text = await around.readFile(path);
    if (text !== null) found.push({ name, path, text });
  }
  const [first, ...others] = found;
  if (first === undefined) {
    if (wanted !== undefined)
      problems.push({ where: wanted.where([]), message: `${JSON.stringify(names[0])} is not there` });
    return null;
  }
  // A YAML parser is a third of what a line without a file loads.
  const { fileLayer } = await import('./file-layer.ts');
  const layer = fileLayer(first.text, first.name, { ...base, directory: join(first.path, '..') });
  return { path: first.path, layer, notes: others.map(({ name }) => unreadNote(first.name, name)) };
}

function unreadNote(read: string, unread: string): Note {
  return {
    level: 'warning',
    code: 'config-not-read',
    message: `${unread} is not read, because ${read} is there too.`,
    hint: `Keep one of them, or name it: --config ${unread}.`,
  };
}

function refOf(options: Options): string | null {
  return options.ref ?? (options.source.kind === 'url' ? DEFAULT_REF : null);
}

function machineArch(nodeArch: string): Arch {
  const arch = archOfNode(nodeArch);
  if (arch !== null) return arch;
  throw new MobyBuildError({
    code: 'unknown-machine',
    exitCode: EXIT.machine,
    message: `this machine's architecture, ${nodeArch}, is none that moby is built for`,
    hint: 'name the one to build for with --arch',
    command: NEXT.arch('arm64'),
  });
}

function strayNote({ name, nearest }: { readonly name: string; readonly nearest: string | null }): Note {
  return {
    level: 'warning',
    code: 'stray-variable',
    message: `${name} is set in the environment and means nothing`,
    hint: nearest === null ? undefined : `did you mean ${nearest}?`,
  };
}

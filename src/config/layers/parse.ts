import { NEXT } from '../../next-command.ts';
import { join } from 'node:path';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Note } from '../../types.ts';
import { archOfNode, type Arch } from '../../cpus.ts';
import { splitLine } from './command-line.ts';
import { environmentLayer, strayVariables, type Environment } from './environment-layer.ts';
import { flagLayer } from './flag-layer.ts';
import type { Layer, Origin, Problem } from './layer.ts';
import { suggestion } from '../nearest.ts';
import {
  ACTIONS,
  COMMAND_NAMES,
  environmentName,
  TAKES_FOLDER,
  type CommandName,
  type PathBase,
} from '../options/option.ts';
import { OPTIONS, type OptionName, type Options } from '../options/options.ts';
import { absolutePath } from '../options/paths.ts';
import { resolveOptions } from './resolve.ts';
import { DEFAULT_REF } from '../options/source-options.ts';

/** The names that are looked for in the caller's directory, in this order. */
const CONFIG_FILE_NAMES = ['moby-build.yaml', 'moby-build.yml', 'moby-build.json'] as const;

/** What the configuration is read from; given by the caller, so that this room touches nothing outside. */
export interface Surroundings {
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  /** `process.arch` */
  readonly nodeArch: string;
  /** moby-build's own version. */
  readonly version: string;
  /** Width of the terminal for `--help`. */
  readonly columns: number;
  /** Bytes of a file (or its text), or null when there is none; any other trouble is thrown. */
  readonly readFile: (path: string) => Promise<Uint8Array | string | null>;
}

/** Options with what follows from the machine filled in. */
export type RunOptions = Options & {
  readonly arch: Arch;
};

export type CommandLine =
  | { readonly kind: 'print'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly options: RunOptions;
      /** Who said each value: a command can tell a default from a wish. */
      readonly origins: Readonly<Record<OptionName, Origin>>;
      /** `verify DIR`, `smoke DIR`: absolute; null for the other commands. */
      readonly directory: string | null;
      /** `mirrors list`: the word; null for commands that take none, or where none was said. */
      readonly action: string | null;
      /** The config file that was read, absolute, or null. */
      readonly configFile: string | null;
      readonly notes: readonly Note[];
    };

/**
 * Reads the line, the environment and the config file.
 *
 * @param argv without node and the script
 * @throws MobyBuildError `usage` (exit 2), listing all problems; `unknown-machine` (exit 3) where `--arch` is needed
 */
export async function parseCommandLine(argv: readonly string[], around: Surroundings): Promise<CommandLine> {
  const line = await splitLine(argv, around.version, around.columns);
  if (line.kind === 'print') return line;
  const base: PathBase = { directory: around.cwd, home: around.env['HOME'] ?? null };
  const { command } = line;
  const problems = wordProblems(command, line.words, line.flags['list'] === true);
  const flags = flagLayer(line.flags, command, base);
  const environment = environmentLayer(around.env, base);
  const file = await readConfigFile([flags, environment], around, base, problems);
  const layers = [...(file === null ? [] : [file.layer]), environment, flags];
  const { options, origins } = resolveOptions(command, layers, problems);
  const [directory] = line.words;
  return {
    kind: 'run',
    command,
    options: { ...options, ref: refOf(options), arch: options.arch ?? machineArch(around.nodeArch) },
    origins,
    directory: TAKES_FOLDER.includes(command) && directory !== undefined ? absolutePath(directory, base) : null,
    action: ACTIONS[command] === undefined ? null : (line.words[0] ?? null),
    configFile: file?.path ?? null,
    notes: strayVariables(around.env).map(strayNote),
  };
}

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
  const jsonFlag = before.findLast((word) => /^--(?:no-)?json(?:=|$)/u.test(word));
  const json =
    jsonFlag === undefined
      ? /^(?:1|true|yes|on)$/iu.test(env[environmentName('json')] ?? '')
      : /^--json(?:=true)?$/u.test(jsonFlag);
  return { json, color: wish === 'always' || wish === 'never' ? wish : 'auto' };
}

/** Words that are no options: the command, and the folder that some take. */
function wordProblems(command: CommandName, words: readonly string[], wantsList: boolean): Problem[] {
  if (TAKES_FOLDER.includes(command)) {
    if (words.length === 0 && !wantsList)
      return [{ where: command, message: `needs the folder that a build made: moby-build ${command} DIR` }];
    return words.slice(1).map((word) => ({ where: JSON.stringify(word), message: 'is one word too many' }));
  }
  const actions = ACTIONS[command];
  if (actions !== undefined) {
    const wrong = words.filter((word, index) => index > 0 || !actions.includes(word));
    return wrong.map((word) => ({
      where: JSON.stringify(word),
      message: actions.includes(word)
        ? 'is one word too many'
        : `is none of ${actions.join(', ')}${suggestion(word, actions)}`,
    }));
  }
  return words.map((word) => ({
    where: JSON.stringify(word),
    message: COMMAND_NAMES.some((name) => name === word)
      ? 'is one command too many'
      : `is no command (${COMMAND_NAMES.join(', ')})${suggestion(word, COMMAND_NAMES)}`,
  }));
}

/** `--config FILE`, else the first of the usual names in the caller's directory. */
async function readConfigFile(
  layers: readonly Layer[],
  around: Surroundings,
  base: PathBase,
  problems: Problem[],
): Promise<{ readonly path: string; readonly layer: Layer } | null> {
  const wanted = layers.flatMap((layer) => layer.values).find((value) => value.option === 'config');
  const names = wanted === undefined ? CONFIG_FILE_NAMES : [String(wanted.value)];
  // What is no path at all is told of with the other problems.
  if (wanted !== undefined && !OPTIONS.config.schema.safeParse(wanted.value).success) return null;
  for (const name of names) {
    const path = absolutePath(name, base);
    const text = await around.readFile(path);
    if (text === null) continue;
    // A YAML parser is a quarter of what `--help` would have to load otherwise.
    const { fileLayer } = await import('./file-layer.ts');
    return { path, layer: fileLayer(text, name, { ...base, directory: join(path, '..') }) };
  }
  if (wanted !== undefined)
    problems.push({ where: wanted.where([]), message: `${JSON.stringify(names[0])} is not there` });
  return null;
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

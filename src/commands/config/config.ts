import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { optionsJsonSchema } from '../../config/layers/json-schema.ts';
import { CONFIG_FILE_NAMES, type CommandLine } from '../../config/layers/parse.ts';
import { OPTION_NAMES, specOf } from '../../config/options/options.ts';
import { configText } from '../../config/pages/config-text.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { begin } from '../../run/begin.ts';
import { chooseMirrors } from '../../run/prepare/choose-mirrors.ts';
import { readConfiguration } from '../../system/files/read-configuration.ts';
import { toFileError } from '../../system/file-error.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { ask, canAsk } from '../../ui/terminal/ask.ts';
import type { Note } from '../../types.ts';
import type { CommandContext } from '../context/context.ts';
import type { ConfigInitDocument, ConfigShowDocument } from './document.ts';
import { settingsOf } from './settings.ts';

export type ConfigReport = { readonly command: 'config' } & (
  | {
      readonly action: 'show';
      readonly values: ConfigShowDocument['values'];
      readonly file: string | null;
      readonly notes: readonly Note[];
    }
  | { readonly action: 'schema'; readonly text: string }
  /** `written` false: nobody could be asked, so the text is shown. */
  | { readonly action: 'init'; readonly file: string; readonly text: string; readonly written: boolean }
);

/** `moby-build config show|schema|init`: the settings of a run and who said them, the form of the file, and a first file. */
export async function config(context: CommandContext, line: CommandLine, cwd: string): Promise<ConfigReport> {
  if (line.action === 'schema') return schema(context);
  return line.action === 'init' ? init(context, line, cwd) : show(context, line);
}

async function show(context: CommandContext, line: CommandLine): Promise<ConfigReport> {
  const { from, io, notes } = begin('audit', context);
  context.document['notes'] = notes;
  const { profile } = await chooseMirrors(from, io);
  const values = [...settingsOf(line, profile)];
  const file = line.configFile;
  Object.assign(context.document, { file, values } satisfies Omit<ConfigShowDocument, 'notes'>);
  return { command: 'config', action: 'show', values, file, notes };
}

function schema(context: CommandContext): ConfigReport {
  const document = optionsJsonSchema();
  Object.assign(context.document, document);
  return { command: 'config', action: 'schema', text: `${JSON.stringify(document, null, 2)}\n` };
}

async function init(context: CommandContext, line: CommandLine, cwd: string): Promise<ConfigReport> {
  const file = join(cwd, CONFIG_FILE_NAMES[0]);
  for (const name of CONFIG_FILE_NAMES)
    if ((await readConfiguration(join(cwd, name))) !== null) throw thereAlready(join(cwd, name));
  const given = Object.fromEntries(
    OPTION_NAMES.filter((name) => specOf(name).inFile && ['flag', 'environment'].includes(line.origins[name])).map(
      (name) => [name, name === 'source' ? sourceOf(line) : line.options[name]],
    ),
  );
  const { yes, json } = context.options;
  const asks = !yes && !json && canAsk();
  const text = configText(asks ? { ...given, ...(await answers(given)) } : given, spoken);
  if (!yes && !asks) return { command: 'config', action: 'init', file, text, written: false };
  try {
    // Fails where a file has come meanwhile.
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST' ? thereAlready(file) : toFileError(cause, file);
  }
  Object.assign(context.document, { file, text } satisfies ConfigInitDocument);
  return { command: 'config', action: 'init', file, text, written: true };
}

function sourceOf({ options: { source } }: CommandLine): string {
  return source.kind === 'url' ? source.url : source.path;
}

/** What most people set, asked one after the other; an empty answer leaves a default. A wrong one is asked for again. */
async function answers(given: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, string>>> {
  const said: Record<string, string> = {};
  for (const name of ['profile', 'arch', 'ref'] as const) {
    if (Object.hasOwn(given, name)) continue;
    const { schema: form, description } = specOf(name);
    const answer = await ask(`${spoken(description)}\n${name}`, (text) => {
      const { error } = form.safeParse(text);
      return text === '' || error === undefined ? null : spoken(error.issues[0]?.message ?? '');
    });
    if (answer !== '') said[name] = answer;
  }
  return said;
}

function thereAlready(file: string): MobyBuildError {
  return new MobyBuildError({
    code: 'config-there',
    exitCode: EXIT.usage,
    message: `${file} is there already, and is never overwritten.`,
    where: file,
    hint: 'Change it with an editor; config show says what it comes to.',
    command: NEXT.configShow(),
  });
}

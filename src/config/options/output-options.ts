import * as z from 'zod';
import { LANGUAGES } from '../../names.ts';
import { RUNNING, option } from './option.ts';
import { absolutePath } from './paths.ts';
import { plainText, word } from './values.ts';

/** What is said, and how. */
export const OUTPUT_OPTIONS = {
  json: option({
    flag: 'json',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Print one JSON document on stdout, and nothing else there.',
    placeholder: '',
    group: 'Output',
    commands: RUNNING,
    inFile: true,
  }),
  quiet: option({
    flag: 'quiet',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Print no progress, only errors and results.',
    placeholder: '',
    group: 'Output',
    commands: RUNNING,
    inFile: true,
  }),
  verbose: option({
    flag: 'verbose',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'More detail: every egress point of the plan, every step of the build.',
    placeholder: '',
    group: 'Output',
    commands: RUNNING,
    inFile: true,
  }),
  color: option({
    flag: 'color',
    form: 'value',
    schema: word(['auto', 'always', 'never']),
    fallback: 'auto',
    description: 'Colours: auto, always or never. auto uses them on terminals, unless NO_COLOR is set.',
    placeholder: 'WHEN',
    group: 'Output',
    commands: RUNNING,
    inFile: true,
  }),
  lang: option({
    flag: 'lang',
    form: 'value',
    schema: word(['auto', ...LANGUAGES]),
    fallback: 'auto',
    description:
      'Language of all that is for people: en, zh, or auto, the language that LC_ALL, LC_MESSAGES or LANG names. JSON and logs stay English.',
    placeholder: 'LANGUAGE',
    group: 'Output',
    commands: RUNNING,
    inFile: true,
  }),
  yes: option({
    flag: 'yes',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Answer yes to every question (clean, cache prune: remove; doctor --fix: install).',
    placeholder: '',
    group: 'Output',
    commands: RUNNING,
    inFile: false,
  }),
  config: option({
    flag: 'config',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'moby-build.yaml, .yml or .json here, if there is one',
    description: 'A configuration file.',
    placeholder: 'FILE',
    group: 'Output',
    commands: RUNNING,
    inFile: false,
    locate: absolutePath,
  }),
} as const;

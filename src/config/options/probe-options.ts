import * as z from 'zod';
import { MIRROR_KINDS } from '../../types.ts';
import { PLANNING, PROBING, option, type CommandName } from './option.ts';
import { absolutePath } from './paths.ts';
import { plainText } from './values.ts';

const MIRRORS: readonly CommandName[] = ['mirrors'];

/** Seconds; more than ten minutes would be a mistake. */
const seconds = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d+(?:\.\d+)?$/u)
        .transform(Number),
    ],
    'must be a number of seconds',
  )
  .refine((value) => value >= 0.1 && value <= 600, 'must be from 0.1 to 600 seconds');

/** How mirrors are measured and shown. */
export const PROBE_OPTIONS = {
  catalogue: option({
    flag: 'catalogue',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'Your own catalogue of mirrors; with `extends: builtin` it is added to the built-in one.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
    locate: absolutePath,
  }),
  ca: option({
    flag: 'ca',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'Additional certificates (PEM) to trust: for probes, for clones, and in the build steps.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
    locate: absolutePath,
  }),
  netrc: option({
    flag: 'netrc',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'Logins for mirrors (a netrc file): used by this machine, and passed to the build as a secret.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
    locate: absolutePath,
  }),
  reprobe: option({
    flag: 'reprobe',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Measure the mirrors again instead of using the choice in the work dir.',
    placeholder: '',
    group: 'Mirrors',
    commands: PLANNING,
    inFile: false,
  }),
  probeTimeout: option({
    flag: 'probe-timeout',
    form: 'value',
    schema: seconds,
    fallback: 10,
    description: 'Seconds for measuring all mirrors together.',
    placeholder: 'SECONDS',
    group: 'Mirrors',
    commands: [...PLANNING, ...MIRRORS, 'bundle'],
    inFile: true,
  }),
  kind: option({
    flag: 'kind',
    form: 'value',
    schema: z.enum(MIRROR_KINDS, { error: `must be one of ${MIRROR_KINDS.join(', ')}` }),
    fallback: null,
    description: `Show this kind only: ${MIRROR_KINDS.join(', ')}.`,
    placeholder: 'KIND',
    group: 'Mirrors',
    commands: MIRRORS,
    inFile: false,
  }),
  save: option({
    flag: 'save',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'mirrors probe: write the choice as a profile, for --profile FILE.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: MIRRORS,
    inFile: false,
    locate: absolutePath,
  }),
} as const;

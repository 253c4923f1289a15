import * as z from 'zod';
import { option } from './option.ts';
import { absolutePath } from './paths.ts';
import { arch, plainText, shaped, word } from './values.ts';
import { ARCH_NAMES } from '../../cpus.ts';
import { TARGET_NAMES } from '../../types.ts';

/** A name of a tag, two of them as `A..B`, a pattern with `*` and `?`, or one of these behind `!`: git-check-ref-format(1), and the two signs. */
export const REF_ENTRY = /^!?(?![-/.])(?!.*(?:\/\/|@\{|\.\.\.))[^\s~^:\\[\]!]+$/u;

/** More processes of moby-build on one builder than any machine runs builds. */
const MOST_JOBS = 64;

/** Names of buildx builders and of docker contexts, which stand for the builders of their engines (docker/buildx, store/util.go, ValidateName). */
export const BUILDER_NAME = /^[a-z0-9][\w.+-]*$/iu;

/** `2/5`: the second of five parts. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

const shard = z
  .string()
  .regex(/^\d{1,4}\/\d{1,4}$/u, 'must be i/n, such as 2/5: the second of five parts')
  .transform((text): Shard => {
    const [index = 0, count = 0] = text.split('/').map(Number);
    return { index, count };
  })
  .refine(({ index, count }) => index >= 1 && index <= count, 'must be i/n with i from 1 to n');

/** A matrix of builds: which cells, on which builders, and what is said of them. */
export const MATRIX_OPTIONS = {
  refs: option({
    flag: 'refs',
    form: 'list',
    commas: true,
    schema: z.array(shaped(REF_ENTRY, "a tag, a range of two (A..B) or a pattern, such as 'v20.10.2*'")),
    fallback: [],
    description:
      "The tags to build: names, ranges (A..B) and patterns ('v20.10.2*'); what stands behind ! is left out ('!*-rc*').",
    placeholder: 'LIST',
    group: 'Source',
    commands: ['matrix', 'bundle'],
    inFile: false,
  }),
  arches: option({
    flag: 'arches',
    form: 'list',
    commas: true,
    schema: z.array(arch),
    fallback: [],
    fallbackText: "this machine's",
    description: 'The architectures to build each tag for.',
    placeholder: 'LIST',
    values: ARCH_NAMES,
    group: 'Source',
    commands: ['matrix', 'bundle'],
    inFile: false,
  }),
  targets: option({
    flag: 'targets',
    form: 'list',
    commas: true,
    schema: z.array(word(TARGET_NAMES)),
    fallback: [],
    fallbackText: 'binary',
    description: 'The targets to build of each tag and architecture, as --target names them.',
    placeholder: 'LIST',
    values: TARGET_NAMES,
    group: 'Source',
    commands: ['matrix', 'bundle'],
    inFile: false,
  }),
  matrixFile: option({
    flag: 'matrix-file',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'matrix.yaml here, if there is one and no --refs',
    description: 'A file with refs, arches, targets, exclude, builders and jobs; a flag wins over it.',
    placeholder: 'FILE',
    group: 'Source',
    commands: ['matrix'],
    inFile: false,
    locate: absolutePath,
  }),
  builders: option({
    flag: 'builder',
    form: 'list',
    commas: true,
    schema: z.array(shaped(BUILDER_NAME, 'the name of a builder (docker buildx ls shows them)')),
    fallback: [],
    fallbackText: "BUILDX_BUILDER, else docker's own choice",
    description: 'The buildx builder that builds; for matrix one or more of them. Repeatable.',
    placeholder: 'NAME',
    group: 'Build',
    commands: ['build', 'patch', 'doctor', 'matrix'],
    inFile: true,
  }),
  jobs: option({
    flag: 'jobs',
    form: 'value',
    schema: z
      .string()
      .regex(/^\d+$/u, 'must be a whole number')
      .transform(Number)
      .refine((jobs) => jobs >= 1 && jobs <= MOST_JOBS, `must be from 1 to ${String(MOST_JOBS)}`),
    fallback: null,
    fallbackText: '1',
    description: 'How many cells run at a time on each builder.',
    placeholder: 'N',
    group: 'Build',
    commands: ['matrix'],
    inFile: false,
  }),
  shard: option({
    flag: 'shard',
    form: 'value',
    schema: shard,
    fallback: null,
    fallbackText: 'all cells',
    description: 'Only part i of n of the cells, for several machines that share one matrix.',
    placeholder: 'I/N',
    group: 'Build',
    commands: ['matrix'],
    inFile: false,
  }),
  keepGoing: option({
    flag: 'keep-going',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Build the other cells where one fails or cannot be planned.',
    placeholder: '',
    group: 'Build',
    commands: ['matrix'],
    inFile: false,
  }),
  print: option({
    flag: 'print',
    form: 'value',
    schema: word(['table', 'json', 'github']),
    fallback: null,
    description:
      'Only print the cells, by their tags alone: a table, JSON, or the matrix of a GitHub workflow (fromJSON); nothing is fetched or built.',
    placeholder: 'FORM',
    group: 'Output',
    commands: ['matrix'],
    inFile: false,
  }),
  summary: option({
    flag: 'summary',
    form: 'value',
    schema: plainText,
    fallback: null,
    description:
      'Also append the summary to this file, in Markdown (GITHUB_STEP_SUMMARY of a workflow is such a file).',
    placeholder: 'FILE',
    group: 'Output',
    commands: ['matrix'],
    inFile: false,
    locate: absolutePath,
  }),
} as const;

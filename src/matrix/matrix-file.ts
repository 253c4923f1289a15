import * as z from 'zod';
import { BUILDER_NAME, MATRIX_OPTIONS, REF_ENTRY } from '../config/options/matrix-options.ts';
import { shaped, word } from '../config/options/values.ts';
import { ARCH_NAMES } from '../cpus.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { readYamlFile } from '../system/yaml-file.ts';
import { TARGET_NAMES } from '../types.ts';

/** The file that is looked for where no `--refs` says what to build. */
export const MATRIX_FILE_NAME = 'matrix.yaml';

const [first = 'amd64', ...others] = ARCH_NAMES;
const arch = word([first, ...others]);
const ref = shaped(REF_ENTRY, 'a tag, a range of two (A..B) or a pattern').describe(
  'A tag, a range (A..B) or a pattern (v20.10.2*); behind !, what is left out',
);
const target = word(TARGET_NAMES);

/** `matrix.yaml`: which cells there are. All options of a build stand in moby-build.yaml, as ever. */
export const matrixFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    refs: z.array(ref).min(1, 'needs one ref at least'),
    arches: z.array(arch).optional().describe("GOARCH names; this machine's where there are none"),
    targets: z.array(target).optional().describe('binary where there are none'),
    exclude: z
      .array(z.strictObject({ ref: ref.optional(), arch: arch.optional(), target: target.optional() }))
      .optional()
      .describe('Cells that are left out: those that have all that an entry names'),
    builders: z.array(shaped(BUILDER_NAME, 'the name of a builder')).optional().describe('Names of docker buildx ls'),
    jobs: MATRIX_OPTIONS.jobs.schema.optional().describe('How many cells run at a time on each builder'),
  })
  .meta({ title: 'moby-build matrix', description: 'matrix.yaml, or --matrix-file FILE of moby-build matrix.' });

export type MatrixFile = z.output<typeof matrixFileSchema>;

/**
 * Reads a matrix file.
 *
 * @param shown its name in messages
 * @throws MobyBuildError `bad-matrix`, exit 2, with all problems
 */
export function readMatrixFile(text: string | Uint8Array, shown: string): MatrixFile {
  const { value, problems, place } = readYamlFile(text, shown);
  if (problems.length > 0)
    throw badMatrix(
      problems.map(({ where, message }) => `${where} ${message}`),
      shown,
    );
  const read = matrixFileSchema.safeParse(value);
  if (read.success) return read.data;
  throw badMatrix(
    read.error.issues.map(({ path, message }) => `${place(path)} ${path.map(String).join('.')} ${message}`),
    shown,
  );
}

function badMatrix(lines: readonly string[], shown: string): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-matrix',
    exitCode: EXIT.usage,
    message:
      lines.length === 1
        ? (lines[0] ?? '')
        : [`${String(lines.length)} problems:`, ...lines.map((line) => `  ${line}`)].join('\n'),
    where: shown,
    hint: 'schemas/matrix-file.schema.json in the package says what the file may hold.',
    command: NEXT.help('matrix'),
  });
}

import * as z from 'zod';

/** Of the document that a cell writes, what decides about it; a newer member is no fault. */
const cellDocument = z.object({
  error: z
    .object({
      code: z.string(),
      exitCode: z.int(),
      message: z.string(),
      where: z.string().nullable(),
      hint: z.string().nullable(),
      command: z.string().nullable(),
    })
    .optional(),
  machine: z.array(z.object({ id: z.string(), result: z.string() })).optional(),
  binaries: z.array(z.object({ name: z.string(), sha256: z.string() })).optional(),
  log: z.string().nullable().optional(),
});

export type CellDocument = z.infer<typeof cellDocument>;

/** How a cell ended. `lost`: the builder or the way to it failed, which another builder may do better. `failed`: the build itself did. */
export type Fate =
  | { readonly is: 'built'; readonly document: CellDocument }
  | { readonly is: 'lost' | 'failed'; readonly document: CellDocument; readonly error: CellError };

export type CellError = NonNullable<CellDocument['error']>;

/** The checks of a machine that fail where its builder does not answer. */
const BUILDER_CHECKS: readonly string[] = ['engine', 'builder'];

/**
 * What the exit code and the document of a cell say. Its builder is lost where the error says so, or where the check of the engine or
 * builder is what failed before the build. Everything else is of the build, and another builder would not help. Pure.
 *
 * @param stdout one JSON document, or what a process left that was killed
 */
export function fateOf(exitCode: number | null, stdout: string, id: string): Fate {
  const document = read(stdout);
  if (exitCode === 0 && document?.error === undefined && document !== null) return { is: 'built', document };
  const error = document?.error ?? died(exitCode, id);
  const away = (document?.machine ?? []).some(
    (check) => check.result === 'failed' && BUILDER_CHECKS.includes(check.id),
  );
  const lost = error.code === 'builder-lost' || (error.code === 'machine' && away);
  return { is: lost ? 'lost' : 'failed', document: document ?? {}, error };
}

function read(stdout: string): CellDocument | null {
  try {
    return cellDocument.parse(JSON.parse(stdout));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) return null;
    throw cause;
  }
}

function died(exitCode: number | null, id: string): CellError {
  return {
    code: 'command-failed',
    exitCode: 1,
    message: `The process that built ${id} ${exitCode === null ? 'was killed' : `ended with exit code ${String(exitCode)}`} and said nothing that can be read.`,
    where: null,
    hint: null,
    command: null,
  };
}

import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

/** The state of a matrix, in its folder: what was built. Read again by the next run. */
export const stateSchema = z.strictObject({
  schema: z.literal('moby-build/matrix-state/v1'),
  cells: z.record(
    z.string(),
    z.strictObject({
      digest: sha256,
      builder: z.string().nullable(),
      seconds: z.number().nonnegative(),
      files: z.record(z.string(), sha256),
    }),
  ),
});

export type MatrixState = z.infer<typeof stateSchema>;
export type BuiltCell = MatrixState['cells'][string];

/** The state of a folder where nothing was built. */
export const NO_STATE: MatrixState = { schema: 'moby-build/matrix-state/v1', cells: {} };

/** Reads a state; one that is not what this version writes counts as none, and everything is built. Pure. */
export function readState(text: string | null): MatrixState {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.data : NO_STATE;
  } catch (cause) {
    if (cause instanceof SyntaxError) return NO_STATE;
    throw cause;
  }
}

/**
 * Why a cell is to be built, for a person; null: what was built still is what it would be. Pure.
 *
 * @param sums of the files that lie in its folder now, those of `built` by name
 */
export function whyToBuild(
  built: BuiltCell | undefined,
  digest: string,
  sums: Readonly<Record<string, string | null>>,
): string | null {
  if (built === undefined) return 'not built';
  if (built.digest !== digest) return 'its plan has changed';
  const names = Object.keys(built.files);
  if (names.length === 0) return 'not built';
  const off = names.find((name) => sums[name] !== built.files[name]);
  if (off === undefined) return null;
  return (sums[off] ?? null) === null ? `${off} is missing` : `${off} was changed`;
}

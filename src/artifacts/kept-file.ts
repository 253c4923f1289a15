import type * as z from 'zod';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { textIfThere } from '../system/files/if-there.ts';

/**
 * Reads a file that a build kept beside its binaries; null where it kept none.
 *
 * @param hint what to do where the file is damaged, besides a look at the folder
 * @throws MobyBuildError `not-an-output` (exit 2) where the file is damaged; as `toFileError` says
 */
export async function readKept<T>(path: string, dir: string, schema: z.ZodType<T>, hint?: string): Promise<T | null> {
  const text = await textIfThere(path);
  if (text === null) return null;
  const read = schema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  throw new MobyBuildError({
    code: 'not-an-output',
    exitCode: EXIT.usage,
    message: `${path} is damaged: it is not what a build writes.`,
    where: path,
    hint,
    command: NEXT.verify(dir),
  });
}

/** A document; null for a text that is no JSON. Pure. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

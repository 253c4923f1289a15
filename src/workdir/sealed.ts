import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** The file of a work dir that says which builder and network a sealed build has made. It goes with them. */
export const SEALED_NAME = 'sealed-builder.json';

const sealedSchema = z.strictObject({
  name: z.string().regex(/^mobybuild-seal-[0-9a-f]{12}$/u),
  context: z.string().nullable(),
});

/** A builder and network of ours. It names no program: a file says what is there, and never what is run. */
export type SealedThing = z.infer<typeof sealedSchema>;

/** The text of the file. Pure. */
export function sealedText(made: SealedThing): string {
  return `${JSON.stringify(made)}\n`;
}

/** What a run left in a work dir that was killed; null: nothing, or nothing that this version writes. */
export async function readSealed(workDir: string): Promise<SealedThing | null> {
  try {
    const parsed = sealedSchema.safeParse(JSON.parse(await readFile(join(workDir, SEALED_NAME), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

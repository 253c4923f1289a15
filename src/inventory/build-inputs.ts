import { join } from 'node:path';
import * as z from 'zod';
import { readKept } from '../artifacts/kept-file.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { textIfThere } from '../system/files/if-there.ts';
import { chownTree, type Owner } from '../system/owner.ts';

/** The file in an out dir with what an inventory needs of the trees and of the log. */
export const INPUTS_NAME = 'build-inputs.json';
const SCHEMA_ID = 'moby-build/build-inputs/v1';

const text = z.string();

const inputsSchema = z
  .strictObject({
    schema: z.literal(SCHEMA_ID),
    trees: z.array(
      z.strictObject({
        name: text.describe('moby, or a component'),
        commit: text.nullable(),
        list: text.describe('The file of the tree that names its modules'),
        modules: z.array(z.strictObject({ path: text, version: text, sum: text.nullable() })),
      }),
    ),
    packages: z
      .array(
        z.strictObject({
          ...{ name: text, arch: text, version: text },
          sha256: text
            .regex(/^[0-9a-f]{64}$/u)
            .nullable()
            .default(null),
          from: text.nullable().default(null).describe('The archive that served it'),
          suite: text.nullable().default(null),
        }),
      )
      .describe('Debian packages that steps of this build installed; steps from the cache say nothing'),
    cachedSteps: z.int().min(0).describe('How many RUN steps came from the cache'),
    clippedSteps: z.int().min(0).default(0).describe('How many steps said more than BuildKit prints'),
  })
  .meta({ title: 'What an inventory needs of the trees and of the log' });
export type BuildInputs = z.infer<typeof inputsSchema>;

/** Puts the file together; sorted, so that the same build gives the same bytes. Pure. */
export function buildInputs(of: Omit<z.input<typeof inputsSchema>, 'schema'>): BuildInputs {
  return inputsSchema.parse({ schema: SCHEMA_ID, ...of });
}

/** Writes it beside the binaries. Throws as `toFileError` says. */
export async function keepInputs(dir: string, inputs: BuildInputs, owner: Owner | null): Promise<void> {
  const path = join(dir, INPUTS_NAME);
  await writeFileAtomic(path, `${JSON.stringify(inputs, null, 1)}\n`);
  if (owner !== null) await chownTree(path, owner);
}

/** What a build kept; null for one of an older moby-build. Throws as `readKept` says. */
export async function readInputs(dir: string): Promise<BuildInputs | null> {
  return readKept(join(dir, INPUTS_NAME), dir, inputsSchema);
}

/** The same, with the text of the file, for whoever names its digest. Throws as `readKept` says. */
export async function readInputsText(
  dir: string,
): Promise<{ readonly inputs: BuildInputs | null; readonly inputsText: string | null }> {
  return { inputs: await readInputs(dir), inputsText: await textIfThere(join(dir, INPUTS_NAME)) };
}

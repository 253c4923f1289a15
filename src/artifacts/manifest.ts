import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { textIfThere } from '../system/files/if-there.ts';
import { chownTree, type Owner } from '../system/owner.ts';
import { basePart } from '../document/base-part.ts';
import { binaryPart, checkPart, patchPart, pointPart, sealPart, sourcePart } from '../document/parts.ts';
import { COMPONENT_NAMES } from '../types.ts';
import { lockedImageSchema } from '../lockfile/lock-file.ts';
import { MANIFEST_NAME, MANIFEST_SCHEMA_ID } from './manifest-name.ts';

const text = z.string();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
const objectId = z.string().regex(/^[0-9a-f]{40}$/, 'an object id of git');
const time = z.iso.datetime();

/** Of a point, what a manifest keeps. */
const pointInManifest = pointPart.omit({
  netLines: true,
  reason: true,
  platform: true,
  suite: true,
  module: true,
  note: true,
});

/** What lies in an out dir, and where it came from. Other programs read it; its field names are part of the product. */
export const manifestSchema = z
  .object({
    schema: z.literal(MANIFEST_SCHEMA_ID),
    tool: z.object({ name: z.literal('moby-build'), version: text }),
    started: time,
    ended: time,
    seconds: z.number().nonnegative(),
    asked: z.record(text, z.unknown()).describe('The options of the run; passwords and tokens are left out.'),
    ref: text,
    commit: objectId.nullable(),
    pin: z
      .enum(['table', 'flag', 'witnesses', 'unchecked'])
      .describe('Who says that the ref is this commit; unchecked: nobody.'),
    tagWitnesses: z.array(text).optional().describe('The git servers that said so; only with pin witnesses.'),
    clonedFrom: text.nullable(),
    clonedThrough: text.nullable(),
    tree: z
      .object({ before: objectId.nullable(), after: objectId.nullable() })
      .describe('Tree ids before and after patching: the proof of what was built.'),
    series: text,
    target: text,
    platform: text,
    profile: text,
    patches: z.array(z.object({ ...patchPart.shape, sha256 })),
    points: z.array(z.object(pointInManifest.shape)),
    mirrors: z.array(z.object({ id: text, kinds: z.array(text), points: z.int().nonnegative() })),
    components: z.array(
      z.object({
        component: z.enum(COMPONENT_NAMES),
        variable: text,
        pin: text.describe('What was built: a commit id, a tag, a branch.'),
        treePin: text.describe('What the tree pins by itself.'),
        note: text.nullable().describe("The comment behind the tree's pin."),
        from: z.enum(['tree', 'build-arg', 'edit']).describe('Who says that this one is built.'),
        asked: z.boolean().describe('Whether --component named it.'),
        file: text,
        line: z.int().positive(),
        said: text.nullable(),
        agrees: z.boolean().nullable(),
      }),
    ),
    sources: z
      .array(z.object(sourcePart.shape))
      .describe(
        'With --sources host: the repositories that were fetched and checked beforehand and handed to the build.',
      ),
    images: z.array(lockedImageSchema).describe('What each image of the build is, and why its digest is believed.'),
    base: z.object(basePart.shape).optional().describe('With --base debian: what the base images were made of.'),
    stamped: z
      .object({ version: text, gitCommit: text })
      .describe('What dockerd was told to say of itself; it proves nothing.'),
    build: z.object({ args: z.record(text, text), env: z.record(text, text), command: text }),
    binaries: z.array(z.object(binaryPart.shape)),
    engine: z
      .object({
        clientVersion: text.nullable(),
        serverVersion: text.nullable(),
        serverArch: text.nullable(),
        buildkit: z.enum(['builtin', 'buildx', 'none']),
        buildxVersion: text.nullable(),
        storageDriver: text.nullable(),
        rootless: z.boolean(),
      })
      .nullable()
      .describe('The docker client, and the engine where it built: of another, the fields are null.'),
    builder: z
      .object({
        name: text,
        driver: text,
        buildkitVersion: text.nullable(),
        nodes: z.array(z.object({ name: text, arch: text.nullable(), buildkitVersion: text.nullable() })),
      })
      .nullable()
      .optional()
      .describe('The builder of buildx that built in place of the engine; null: the engine did.'),
    seal: z.object(sealPart.shape).nullable().optional().describe('With --seal; null: the build was not sealed.'),
    checks: z.array(z.object(checkPart.pick({ id: true, result: true, seen: true }).shape)),
    warnings: z.array(z.object({ code: text, message: text })),
  })
  .meta({ title: 'moby-build manifest' });

export type Manifest = z.infer<typeof manifestSchema>;

/** What stands in a directory where a manifest may be. */
export type ReadManifest =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'none' }
  /** Written by `collect` before the build came to its end. */
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'broken'; readonly reason: string };

/** Reads the manifest in a directory, and says what is wrong with it; throws only what the file system does. */
export async function readManifestIn(dir: string, name: string = MANIFEST_NAME): Promise<ReadManifest> {
  const read = await textIfThere(join(dir, name));
  return read === null ? { kind: 'none' } : parseManifest(read);
}

/** Reads a manifest's text. Pure. */
export function parseManifest(read: string): ReadManifest {
  let document: unknown;
  try {
    document = JSON.parse(read);
  } catch (cause) {
    if (cause instanceof SyntaxError) return { kind: 'broken', reason: `it is no JSON: ${cause.message}` };
    throw cause;
  }
  const head = z.object({ schema: text, unfinished: z.literal(true).optional() }).safeParse(document);
  if (!head.success) return { kind: 'broken', reason: 'it does not say which schema it has' };
  if (head.data.schema !== MANIFEST_SCHEMA_ID)
    return { kind: 'broken', reason: `its schema is ${head.data.schema}; this moby-build reads ${MANIFEST_SCHEMA_ID}` };
  if (head.data.unfinished === true) return { kind: 'unfinished' };
  const result = manifestSchema.safeParse(document);
  if (result.success) return { kind: 'read', manifest: result.data };
  return {
    kind: 'broken',
    reason: result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  };
}

/** Writes a manifest so that a reader finds the old one or the new one. Returns its path. Throws as `toFileError` says. */
export async function writeManifest(dir: string, manifest: Manifest, owner: Owner | null): Promise<string> {
  const path = join(dir, MANIFEST_NAME);
  await writeFileAtomic(path, `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`);
  if (owner !== null) await chownTree(path, owner);
  return path;
}

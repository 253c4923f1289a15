import * as z from 'zod';
import { EXIT, MobyBuildError } from '../errors.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { quoteWord } from '../system/command-line.ts';
import { chownTree, type Owner } from '../system/owner.ts';
import { basePart } from '../document/base-part.ts';
import { imagePart } from '../document/parts.ts';
import { COMPONENT_NAMES } from '../types.ts';

/** The name of the lock file, beside the manifest and where `--locked` looks for it. */
export const LOCK_FILE_NAME = 'moby-build.lock';
export const LOCK_SCHEMA_ID = 'moby-build/lock/v1';

const text = z.string().min(1);
const objectId = z.string().regex(/^[0-9a-f]{40}$/u, 'is no object id of git');
const sum = z.string().regex(/^h1:[A-Za-z0-9+/]{43}=$/u, 'is no h1: sum');

export const lockedImageSchema = imagePart.extend({
  mirror: imagePart.shape.mirror.describe('Who serves it: id in the catalogue, flag, official'),
  witnesses: imagePart.shape.witnesses.default([]),
});

export const lockedSuiteSchema = z.strictObject({
  suite: text,
  base: text.describe('Where it was asked for: the URL before /dists'),
  date: z.iso.datetime().describe('Date of its InRelease'),
  mirror: text.nullable().describe('Id in the catalogue, or flag'),
  operator: text.nullable().describe('Who runs it, as far as the catalogue knows'),
});

export const lockedModuleSchema = z.strictObject({
  path: text,
  version: text,
  sum: sum.describe('h1: of the module, as go.sum has it'),
  goModSum: sum.describe('h1: of its go.mod, which fixes what it requires'),
  mirror: text.describe('The proxy that served it'),
  operator: text.nullable(),
});

/** What a build used. Other programs read it; its field names are part of the product. */
export const lockSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal(LOCK_SCHEMA_ID),
    tool: z.strictObject({ name: z.literal('moby-build'), version: text }),
    made: z.iso.datetime(),
    ref: text,
    commit: objectId.nullable(),
    tagWitnesses: z.array(text).optional().describe('Who said which commit the tag is, where no table has it'),
    tree: objectId.describe('Tree id of git before patching'),
    clonedThrough: text.nullable().describe('The mirror that served moby; null for a directory'),
    target: text,
    platform: text,
    profile: text,
    components: z.array(
      z.strictObject({
        component: z.enum(COMPONENT_NAMES),
        pin: text.describe('What was built: a commit id, a tag, a branch'),
        commit: objectId.nullable().describe('null: pinned by a name, and cloned by the build itself'),
        mirror: text.nullable().describe('Who served it, where this machine fetched it'),
      }),
    ),
    images: z.array(lockedImageSchema),
    base: basePart
      .pick({ suite: true, architecture: true, digest: true, go: true })
      .optional()
      .describe('With --base debian: what the base images were made of'),
    suites: z.array(lockedSuiteSchema),
    modules: z.array(lockedModuleSchema),
  })
  .meta({ title: 'moby-build.lock' });

export type Lock = z.infer<typeof lockSchema>;
export type LockedImage = z.infer<typeof lockedImageSchema>;
export type LockedSuite = z.infer<typeof lockedSuiteSchema>;
export type LockedModule = z.infer<typeof lockedModuleSchema>;

/**
 * Reads a lock's text. Pure.
 * @throws MobyBuildError `bad-lock`, exit 2, with everything that is wrong in it
 */
export function parseLock(read: string, path: string): Lock {
  let document: unknown;
  try {
    document = JSON.parse(read);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw badLock(path, [`it is no JSON: ${cause.message}`], cause);
  }
  const result = lockSchema.safeParse(document);
  if (result.success) return result.data;
  throw badLock(
    path,
    result.error.issues.map(({ path: at, message }) => `${at.map(String).join('.')}: ${message}`),
  );
}

function badLock(path: string, problems: readonly string[], cause?: unknown): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-lock',
    exitCode: EXIT.usage,
    message: `${path} is no lock file of moby-build:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    where: '--lock',
    hint: 'A build writes one beside its manifest.json, and with --lock FILE there too.',
    command: `less ${quoteWord(path)}`,
    cause,
  });
}

/** Its text, the same for the same content. */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(lockSchema.parse(lock), null, 2)}\n`;
}

/** Writes a lock so that a reader finds the old one or the new one. */
export async function writeLock(path: string, lock: Lock, owner: Owner | null): Promise<void> {
  await writeFileAtomic(path, lockText(lock));
  if (owner !== null) await chownTree(path, owner);
}

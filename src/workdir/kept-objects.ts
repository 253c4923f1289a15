import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { lockedImageSchema, lockedModuleSchema, lockedSuiteSchema } from '../lockfile/lock-file.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import type { RunOptions } from '../config/layers/parse.ts';
import { workDirFor } from './work-dir.ts';

const KEPT_NAME = 'objects.json';

const keptSchema = z.strictObject({
  schema: z.literal('moby-build/kept-objects/v1'),
  profile: z.string(),
  images: z.array(lockedImageSchema),
  suites: z.array(lockedSuiteSchema),
  modules: z.array(lockedModuleSchema),
});

/** What a work dir keeps of the objects that were settled: the next run writes the same text, and asks nobody again. */
export type KeptObjects = z.infer<typeof keptSchema>;

/** What tells the work dir, and the profile that the objects were settled under. */
interface Tree {
  readonly options: Pick<RunOptions, 'workDir' | 'arch' | 'reprobe'>;
  readonly source: { readonly ref: string };
  readonly profile: { readonly name: string };
}

function fileOf({ options, source }: Pick<Tree, 'options' | 'source'>): string {
  return join(workDirFor(options, source.ref).dir, KEPT_NAME);
}

/** What an earlier run under this profile settled; nothing with `--reprobe`. */
export async function readKeptObjects(tree: Tree): Promise<KeptObjects> {
  return tree.options.reprobe ? nothing(tree) : inFile(tree);
}

function nothing({ profile }: Tree): KeptObjects {
  return { schema: 'moby-build/kept-objects/v1', profile: profile.name, images: [], suites: [], modules: [] };
}

/** Nothing where the file is of another profile, or not what this version writes. */
async function inFile(tree: Tree): Promise<KeptObjects> {
  const none = nothing(tree);
  try {
    const parsed = keptSchema.safeParse(JSON.parse(await readFile(fileOf(tree), 'utf8')));
    return parsed.success && parsed.data.profile === none.profile ? parsed.data : none;
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw cause;
  }
}

/** Keeps what was settled in the place of what was there of it. */
export async function keepObjects(
  tree: Tree,
  more: Partial<Pick<KeptObjects, 'images' | 'suites' | 'modules'>>,
): Promise<void> {
  const kept = { ...(await inFile(tree)), ...more };
  if (kept.images.length + kept.suites.length + kept.modules.length === 0) return;
  await writeFileAtomic(fileOf(tree), `${JSON.stringify(kept, null, 2)}\n`);
}

/** A mirror that served one of them may be what failed: the next run asks anew. */
export async function forgetObjects(tree: Pick<Tree, 'options' | 'source'>): Promise<void> {
  await rm(fileOf(tree), { force: true });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { RunOptions } from '../config/layers/parse.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { workDirFor } from './work-dir.ts';

const LAST_BUILD_NAME = 'last-build.json';

const lastBuildSchema = z.strictObject({
  /** The target that was built, as `--target` names it. */
  target: z.string(),
  /** Steps of BuildKit. */
  steps: z.int().nonnegative(),
  /** How many of them came from its cache. */
  cached: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  /** Seconds of each step that took long enough to count, by its name. */
  times: z.record(z.string(), z.number().nonnegative()).default({}),
});

/** What the last build of a work dir that compiled took. */
export type LastBuild = z.infer<typeof lastBuildSchema>;

/** What tells the work dir. */
interface Tree {
  readonly options: Pick<RunOptions, 'workDir' | 'arch'>;
  readonly source: { readonly ref: string };
}

function lastBuildFile({ options, source }: Tree): string {
  return join(workDirFor(options, source.ref).dir, LAST_BUILD_NAME);
}

/** The last build of this work dir and target; null where there is none. Only a display depends on it, so a file that cannot be read is none. */
export async function readLastBuild(tree: Tree, target: string): Promise<LastBuild | null> {
  try {
    const { data } = lastBuildSchema.safeParse(JSON.parse(await readFile(lastBuildFile(tree), 'utf8')));
    return data?.target === target ? data : null;
  } catch {
    return null;
  }
}

/** Keeps what a build took. One that was shorter because more of it came from the cache says nothing of the next whole build: the earlier one stays. */
export async function keepLastBuild(tree: Tree, build: LastBuild): Promise<void> {
  const before = await readLastBuild(tree, build.target);
  if (before !== null && build.seconds < before.seconds && build.cached > before.cached) return;
  await writeFileAtomic(lastBuildFile(tree), `${JSON.stringify(build)}\n`);
}

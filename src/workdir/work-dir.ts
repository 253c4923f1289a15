import { join } from 'node:path';
import envPaths from 'env-paths';
import type { RunOptions } from '../config/layers/parse.ts';

/** Where runs keep their trees and logs unless `--work-dir` says otherwise: the user's cache (XDG_CACHE_HOME, else ~/.cache). */
export function defaultWorkRoot(): string {
  return envPaths('moby-build', { suffix: '' }).cache;
}

export interface WorkDir {
  /** One folder for each ref and architecture. */
  readonly dir: string;
  /** The tree that is patched and built. */
  readonly tree: string;
  readonly log: string;
  readonly lock: string;
}

/** The file that says which process works in a dir; `moby-build.lock` is something else: what a build used. */
export const LOCK_NAME = 'in-use';

/** The file that says where the last build of a work dir went, or was on its way to. */
export const OUT_DIR_NAME = 'out-dir';

/** Pure: nothing is made. `ref`: a tag, whose slashes become underscores. */
export function workDirFor(options: Pick<RunOptions, 'workDir' | 'arch'>, ref: string): WorkDir {
  const dir = join(options.workDir ?? defaultWorkRoot(), `${ref.replaceAll(/[^\w.+-]/gu, '_')}-linux-${options.arch}`);
  return { dir, tree: join(dir, 'moby'), log: join(dir, 'build.log'), lock: join(dir, LOCK_NAME) };
}

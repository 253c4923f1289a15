import { join } from 'node:path';
import envPaths from 'env-paths';
import { writeFileAtomic } from '../system/files/atomic.ts';
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

/** The mark of a work dir: backups leave out a folder that has it (the Cache Directory Tagging Specification, bford.info/cachedir). */
export const TAG_NAME = 'CACHEDIR.TAG';
const TAG = `Signature: 8a477f597d28d172789f06886806bc55
# A work dir of moby-build: what is here can be made anew. "moby-build clean --yes" removes it.
`;

/** Marks a work dir that exists. Throws as `toFileError` says. */
export async function tagWorkDir({ dir }: WorkDir): Promise<void> {
  await writeFileAtomic(join(dir, TAG_NAME), TAG);
}

/** Whether this is the text of our mark; another program's folder has the same first line. */
export function isWorkDirTag(text: string): boolean {
  return text === TAG;
}

import { resolve } from 'node:path';
import { checkOutDir } from '../../make/collect/collect.ts';
import type { RunOptions } from '../../config/layers/parse.ts';

/** `./moby-<ref>-linux-<arch>` unless `--out` says otherwise. Absolute; null while the ref is not known. */
export function outDirFor({ out, arch }: Pick<RunOptions, 'out' | 'arch'>, ref: string): string;
export function outDirFor(options: Pick<RunOptions, 'out' | 'arch'>, ref: string | null): string | null;
export function outDirFor({ out, arch }: Pick<RunOptions, 'out' | 'arch'>, ref: string | null): string | null {
  if (out !== null) return out;
  return ref === null ? null : resolve(`moby-${ref.replaceAll(/[^\w.+-]/gu, '_')}-linux-${arch}`);
}

/**
 * Checks that the out dir may be written or replaced, before hours go into what shall lie there; null: the ref, and
 * so the name, is not known yet.
 */
export async function requireOutDir(dir: string | null): Promise<void> {
  if (dir !== null) await checkOutDir(dir);
}

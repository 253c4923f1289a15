import { resolve } from 'node:path';
import { checkOutDir } from '../../make/collect/collect.ts';
import type { RunOptions } from '../../config/layers/parse.ts';

type Named = Pick<RunOptions, 'out' | 'arch' | 'buildArgs'>;

/** `./moby-<ref>-linux-<arch>`, or `./moby-<VERSION>-linux-<arch>` where `--build-arg VERSION` says what dockerd will call itself, unless `--out` says otherwise. Absolute; null while the ref is not known. */
export function outDirFor({ out, arch }: Named, ref: string): string;
export function outDirFor(options: Named, ref: string | null): string | null;
export function outDirFor({ out, arch, buildArgs }: Named, ref: string | null): string | null {
  if (out !== null) return out;
  const name = buildArgs['VERSION'] ?? ref;
  return name === null ? null : resolve(`moby-${name.replaceAll(/[^\w.+-]/gu, '_')}-linux-${arch}`);
}

/**
 * Checks that the out dir may be written or replaced, before hours go into what shall lie there; null: the ref, and
 * so the name, is not known yet.
 */
export async function requireOutDir(dir: string | null): Promise<void> {
  if (dir !== null) await checkOutDir(dir);
}

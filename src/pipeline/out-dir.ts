import { resolve } from 'node:path';
import { checkOutDir } from '../build/collect.ts';
import type { RunState } from './state.ts';

/** `./moby-<ref>-linux-<arch>` unless `--out` says otherwise. Absolute; null while the ref is not known. */
export function outDirFor(state: RunState): string | null {
  const { out, arch } = state.options;
  if (out !== null) return out;
  const ref = state.source?.ref ?? state.options.ref;
  return ref === null ? null : resolve(`moby-${ref.replaceAll(/[^\w.+-]/gu, '_')}-linux-${arch}`);
}

/**
 * Checks that the out dir may be written or replaced, before hours go into what shall lie there. Fills in `state.outDir`,
 * unless the ref is not known yet.
 */
export async function requireOutDir(state: RunState): Promise<void> {
  const dir = outDirFor(state);
  if (dir === null) return;
  await checkOutDir(dir);
  state.outDir = dir;
}

import { stat } from 'node:fs/promises';
import { hashFile } from '../../artifacts/checksums.ts';
import { pack } from '../../packages/pack.ts';
import { choosePacker } from '../../packages/packer.ts';
import type { Signer } from '../../signing/secret-key.ts';
import type { CommandContext } from '../context/context.ts';
import type { BuildFields } from './document.ts';

/** Checks that the packages of `--pack` can be made, before hours go into the build. @throws MobyBuildError `no-such-program` (exit 3) */
export function requirePackers({ options, env }: CommandContext): void {
  for (const format of options.pack) if (format !== 'tgz') choosePacker(format, env);
}

/**
 * The packages of `--pack`, beside the out dir, and what lies beside them: where they came from, checksums, signature. Throws as `pack`
 * says.
 */
export async function packBuild(
  { options, env }: CommandContext,
  dir: string,
  signer: Signer | null,
): Promise<BuildFields['packages']> {
  const made = new Set<string>();
  for (const format of options.pack) {
    const request = { dir, format, to: `${dir}-packages`, arch: options.arch, cli: null, tree: null, containerd: null };
    const { files } = await pack({ ...request, env, signer });
    for (const file of files) made.add(file);
  }
  return Promise.all(
    [...made].sort().map(async (path) => ({ path, bytes: (await stat(path)).size, sha256: await hashFile(path) })),
  );
}

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hashFile } from '../../artifacts/checksums.ts';
import type { PackageFormat } from '../../packages/content/entry.ts';
import { pack as makePackages } from '../../packages/pack.ts';
import { RESULT_MESSAGES } from '../context/result-messages.ts';
import type { CommandContext } from '../context/context.ts';
import { signerOf } from '../context/signer.ts';
import type { PackDocument } from './document.ts';

export interface PackReport extends PackDocument {
  readonly command: 'pack';
}

/** `moby-build pack DIR`: packages of what a build left, beside it. The out dir itself stays as it is. */
export async function pack(context: CommandContext, directory: string): Promise<PackReport> {
  const { options, document, env } = context;
  const format = (options.format ?? 'tgz') as PackageFormat;
  Object.assign(document, { directory, format });
  const signer = options.sign === null ? null : await signerOf(context, options.sign);
  const packed = await context.wait(RESULT_MESSAGES.packing(format), () =>
    makePackages({
      dir: directory,
      format,
      to: options.out ?? `${resolve(directory)}-packages`,
      arch: context.isGiven('arch') ? options.arch : undefined,
      cli: options.cli,
      tree: options.tree,
      containerd: options.containerd,
      env,
      signer,
    }),
  );
  const files: PackDocument['files'] = await Promise.all(
    packed.files.map(async (path) => ({ path, bytes: (await stat(path)).size, sha256: await hashFile(path) })),
  );
  const { packer, containerd, client } = packed;
  const made = { directory, format, packer, containerd, client, files } satisfies PackDocument;
  Object.assign(document, made);
  return { command: 'pack', ...made };
}

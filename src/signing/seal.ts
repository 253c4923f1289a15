import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNATURE_SUFFIXES, SUMS_NAME, writeSums, type Sums } from '../artifacts/sha256sums.ts';
import { toFileError } from '../system/file-error.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { chownTree, type Owner } from '../system/owner.ts';
import type { Signer } from './secret-key.ts';
import { signatureText } from './signature.ts';

/** What is written over a list of checksums. */
export interface Seal {
  /** null: the list is not signed. */
  readonly signer: Signer | null;
  /** What the files are, for the comment that is signed too. */
  readonly about: string;
  readonly owner: Owner | null;
}

/** What a build is, in one line. Pure. */
export function aboutBuild({ ref, platform }: { readonly ref: string; readonly platform: string }): string {
  return `moby ${ref} ${platform}`;
}

/** Writes SHA256SUMS into a folder, and its signature. Signatures of an earlier list go. Returns the path of the new one, or null. Throws as `toFileError` says. */
export async function sealSums(dir: string, sums: Sums, seal: Seal): Promise<string | null> {
  const text = await writeSums(dir, sums, seal.owner);
  for (const suffix of Object.values(SIGNATURE_SUFFIXES))
    await rm(join(dir, `${SUMS_NAME}${suffix}`), { force: true }).catch((cause: unknown) => {
      throw toFileError(cause, dir);
    });
  return seal.signer === null ? null : signSums(dir, Buffer.from(text, 'utf8'), seal.signer, seal);
}

/** Signs a list that is there. Returns the path of the signature. Throws as `toFileError` and `run` say. */
export async function signSums(
  dir: string,
  bytes: Uint8Array,
  signer: Signer,
  { about, owner }: Omit<Seal, 'signer'>,
): Promise<string> {
  const path = join(dir, `${SUMS_NAME}${SIGNATURE_SUFFIXES[signer.scheme]}`);
  // A comment is one line, whatever a ref may hold.
  const trusted = `${about.replace(/\p{Cc}/gu, ' ')}\tfile:${SUMS_NAME}\thashed`;
  const text = signer.scheme === 'cosign' ? await signer.bundleOf(bytes) : signatureText(signer, bytes, trusted);
  await writeFileAtomic(path, text);
  if (owner !== null) await chownTree(path, owner);
  return path;
}

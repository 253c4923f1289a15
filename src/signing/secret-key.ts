import { scrypt, sign, type KeyObject } from 'node:crypto';
import { ED25519, keyIdText, privateKeyOf, readBase64, readLines } from './key-file.ts';
import { scryptCost } from './scrypt-cost.ts';

type Scheme = 'minisign' | 'signify';

/** Signs a list of checksums. The secret itself is in no field, so nothing that prints this can show it. */
export type Signer = Ed25519Signer | CosignSigner;

/** The program cosign, with a key that it alone can open. */
export interface CosignSigner {
  readonly scheme: 'cosign';
  readonly id: string;
  /** The text of a bundle of Sigstore over these bytes. */
  readonly bundleOf: (bytes: Uint8Array) => Promise<string>;
}

export interface Ed25519Signer {
  readonly scheme: Scheme;
  /** The number of the key, as in its public half. */
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** A secret key that was read, or why there is none. */
export type ReadSecret =
  | { readonly is: 'signer'; readonly signer: Ed25519Signer }
  /** It is encrypted, and nobody gave a passphrase. */
  | { readonly is: 'locked' }
  | { readonly is: 'wrong-passphrase' }
  | { readonly is: 'unusable'; readonly why: string };

const NO_KEY = 'it is no secret key of minisign or signify';

/**
 * Reads a secret key of minisign (158 bytes, scrypt or not encrypted) or of signify (104 bytes, not encrypted).
 *
 * @param passphrase null: nobody gave one
 */
export async function readSecretKey(text: string, passphrase: string | null): Promise<ReadSecret> {
  const line = readLines(text)?.lines[0];
  if (line === undefined) return { is: 'unusable', why: NO_KEY };
  const minisign = readBase64(line, 158);
  if (minisign !== null) return ofMinisign(minisign, passphrase);
  const signify = readBase64(line, 104);
  if (signify !== null) return ofSignify(signify);
  const half = readBase64(line, 42) !== null ? 'it is a public key; signing needs the secret one' : NO_KEY;
  return { is: 'unusable', why: half };
}

/** algorithm 2, kdf 2, checksum's algorithm 2, salt 32, operations 8, memory 8, then number 8, seed and public half 64, checksum 32. */
async function ofMinisign(bytes: Buffer, passphrase: string | null): Promise<ReadSecret> {
  const kdf = bytes.toString('latin1', 2, 4);
  if (bytes.toString('latin1', 0, 2) !== ED25519 || (kdf !== 'Sc' && kdf !== '\0\0'))
    return { is: 'unusable', why: NO_KEY };
  const secret = Buffer.from(bytes.subarray(54));
  if (kdf === 'Sc') {
    const cost = scryptCost(bytes.readBigUInt64LE(38), bytes.readBigUInt64LE(46));
    if (cost === null) return { is: 'unusable', why: 'it asks for more memory than any key of minisign' };
    if (passphrase === null) return { is: 'locked' };
    const stream = await stretched(passphrase, bytes.subarray(6, 38), secret.length, cost);
    for (const [at, byte] of stream.entries()) secret[at] = (secret[at] ?? 0) ^ byte;
  }
  const key = privateKeyOf(secret.subarray(8, 72));
  if (key === null) return kdf === 'Sc' ? { is: 'wrong-passphrase' } : { is: 'unusable', why: 'it is damaged' };
  return { is: 'signer', signer: signerOf('minisign', secret.subarray(0, 8), key) };
}

/** algorithm 2, kdf 2, rounds 4, salt 16, checksum 8, number 8, seed and public half 64. */
function ofSignify(bytes: Buffer): ReadSecret {
  if (bytes.toString('latin1', 0, 4) !== `${ED25519}BK`) return { is: 'unusable', why: NO_KEY };
  if (bytes.readUInt32BE(4) !== 0)
    return { is: 'unusable', why: 'it is encrypted, which is read of minisign only; signify -G -n makes one without' };
  const key = privateKeyOf(bytes.subarray(40));
  if (key === null) return { is: 'unusable', why: 'it is damaged' };
  return { is: 'signer', signer: signerOf('signify', bytes.subarray(32, 40), key) };
}

function signerOf(scheme: Scheme, id: Uint8Array, key: KeyObject): Ed25519Signer {
  const idBytes = Uint8Array.from(id);
  return { scheme, id: keyIdText(id), idBytes, sign: (bytes) => sign(null, bytes, key) };
}

function stretched(
  passphrase: string,
  salt: Uint8Array,
  length: number,
  cost: NonNullable<ReturnType<typeof scryptCost>>,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, length, cost, (fault, bytes) => {
      if (fault === null) resolve(bytes);
      else reject(fault);
    });
  });
}

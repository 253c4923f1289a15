import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { jsonOf } from '../artifacts/kept-file.ts';
import type { PublicKey } from './key-file.ts';

/** What an encrypted key of cosign begins with; older ones have the second name (sigstore, pkg/cryptoutils). */
const SECRET = /^-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----$/mu;
const PUBLIC = /^-----BEGIN PUBLIC KEY-----$/mu;

/** Whether a text is a secret key of cosign, which cosign alone can open. Pure. */
export function isCosignSecret(text: string): boolean {
  return SECRET.test(text);
}

/** Reads a public key as `cosign generate-key-pair` writes it: ECDSA on P-256. null for anything else. Pure. */
export function readCosignPublicKey(text: string): PublicKey | null {
  if (!PUBLIC.test(text)) return null;
  const key = keyOf(text);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return null;
  const der = key.export({ format: 'der', type: 'spki' });
  return { kind: 'cosign', id: createHash('sha256').update(der).digest('hex').slice(0, 16).toUpperCase(), key };
}

function keyOf(text: string): KeyObject | null {
  try {
    return createPublicKey(text);
  } catch {
    // OpenSSL says in many ways that it is no key.
    return null;
  }
}

/** A bundle of Sigstore, as far as a signature by a key goes (protobuf-specs, sigstore_bundle.proto), and the older form of cosign 2. */
const bundleSchema = z.union([
  z
    .looseObject({ messageSignature: z.looseObject({ signature: z.base64() }) })
    .transform((each) => each.messageSignature.signature),
  z.looseObject({ base64Signature: z.base64() }).transform((each) => each.base64Signature),
]);

/** The signature in a bundle of cosign; null where it has none. Pure. */
export function cosignSignature(text: string): Buffer | null {
  const read = bundleSchema.safeParse(jsonOf(text));
  return read.success ? Buffer.from(read.data, 'base64') : null;
}

/** Whether a signature of cosign is over these bytes. Pure. */
export function fitsCosign(signature: Uint8Array, bytes: Uint8Array, { key }: PublicKey): boolean {
  return verify('sha256', bytes, key, signature);
}

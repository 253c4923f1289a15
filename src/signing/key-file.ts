import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** Every key and signature of minisign and signify starts so: Ed25519 (minisign, "Technical details"; signify.c of OpenBSD). */
export const ED25519 = 'Ed';
const COMMENT = 'untrusted comment:';

/** The lines of a file of minisign or signify: a comment that nobody vouches for, then base64. null for another file. Pure. */
export function readLines(text: string): { readonly comment: string; readonly lines: readonly string[] } | null {
  const [first = '', ...rest] = text.replace(/\r/gu, '').split('\n');
  return first.startsWith(COMMENT) ? { comment: first.slice(COMMENT.length).trim(), lines: rest } : null;
}

/** Base64 that is nothing else, and as many bytes as asked for; else null. Pure. */
export function readBase64(text: string, bytes: number): Buffer | null {
  const read = Buffer.from(text, 'base64');
  return read.length === bytes && read.toString('base64') === text ? read : null;
}

/** The first line of a file, as both programs want one. Pure. */
export function commentLine(comment: string): string {
  return `${COMMENT} ${comment}\n`;
}

/** A number of a key as minisign shows it. Pure. */
export function keyIdText(id: Uint8Array): string {
  return Buffer.from(id)
    .reverse()
    .toString('hex')
    .replace(/^0+(?=.)/u, '')
    .toUpperCase();
}

/** A public key: minisign and signify write the same bytes of Ed25519; cosign writes PEM. */
export interface PublicKey {
  readonly kind: 'ed25519' | 'cosign';
  /** Eight bytes that tell keys apart; they prove nothing. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Reads a public key of minisign or signify: its file, or the line of base64 alone. null for anything else. Pure. */
export function readPublicKey(text: string): PublicKey | null {
  const line = readLines(text)?.lines[0] ?? text.trim();
  const bytes = readBase64(line, 42);
  if (bytes?.toString('latin1', 0, 2) !== ED25519) return null;
  return { kind: 'ed25519', id: keyIdText(bytes.subarray(2, 10)), key: publicKeyOf(bytes.subarray(10)) };
}

/** 32 bytes as a key of OpenSSL. */
function publicKeyOf(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** A seed with the public half that must belong to it; null where it does not: the passphrase was another one, or the file is damaged. */
export function privateKeyOf(seedAndPublic: Uint8Array): KeyObject | null {
  const [seed, half] = [seedAndPublic.slice(0, 32), seedAndPublic.slice(32)];
  const [d, x] = [seed, half].map((part) => Buffer.from(part).toString('base64url'));
  // The header of a PKCS #8 key of Ed25519 (RFC 8410, section 7): the seed alone decides, whatever stands behind it.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const belongs = d !== undefined && createPublicKey(key).export({ format: 'jwk' }).x === x;
  return belongs ? key : null;
}

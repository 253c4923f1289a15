import { createHash, verify } from 'node:crypto';
import { commentLine, ED25519, keyIdText, readBase64, readLines, type PublicKey } from './key-file.ts';
import { cosignSignature, fitsCosign } from './cosign-key.ts';
import type { Ed25519Signer } from './secret-key.ts';

/** minisign's mark of a signature over BLAKE2b-512 of the file, its default since 0.10. */
const HASHED = 'ED';
const TRUSTED = 'trusted comment: ';

/**
 * A signature file: minisign's, whose trusted comment is signed too, or signify's. Ed25519 and no time in it: the same bytes and key give the
 * same file. Pure. Sources: jedisct1.github.io/minisign, "Signature format"; signify(1).
 *
 * @param trusted one line that the signer vouches for; signify has no place for it
 */
export function signatureText(signer: Ed25519Signer, bytes: Uint8Array, trusted: string): string {
  const pack = (algorithm: string, signature: Uint8Array): string =>
    Buffer.concat([Buffer.from(algorithm, 'latin1'), signer.idBytes, signature]).toString('base64');
  if (signer.scheme === 'signify')
    return `${commentLine(`signature from signify secret key ${signer.id}`)}${pack(ED25519, signer.sign(bytes))}\n`;
  const signature = signer.sign(blake2b(bytes));
  const whole = signer.sign(Buffer.concat([signature, Buffer.from(trusted, 'utf8')]));
  return [
    `${commentLine(`signature from minisign secret key ${signer.id}`)}${pack(HASHED, signature)}`,
    `${TRUSTED}${trusted}`,
    Buffer.from(whole).toString('base64'),
    '',
  ].join('\n');
}

/** What a signature file comes to for one key. */
export type Judged =
  | { readonly is: 'good'; readonly trusted: string | null }
  | { readonly is: 'other-key'; readonly id: string }
  | { readonly is: 'bad' }
  | { readonly is: 'unreadable' };

/** Holds a signature file of minisign (also its old form without a hash), of signify or of cosign against bytes. Pure. */
export function judgeSignature(text: string, bytes: Uint8Array, publicKey: PublicKey): Judged {
  if (publicKey.kind === 'cosign') return judgeCosign(text, bytes, publicKey);
  const { id, key } = publicKey;
  const [packed = '', trustedLine = '', whole = '', ...rest] = readLines(text)?.lines ?? [];
  if (rest.some((line) => line !== '')) return { is: 'unreadable' };
  const read = readBase64(packed, 74);
  const algorithm = read?.toString('latin1', 0, 2);
  if (read === null || (algorithm !== ED25519 && algorithm !== HASHED)) return { is: 'unreadable' };
  const signedBy = keyIdText(read.subarray(2, 10));
  if (signedBy !== id) return { is: 'other-key', id: signedBy };
  const signature = read.subarray(10);
  if (!verify(null, algorithm === HASHED ? blake2b(bytes) : bytes, key, signature)) return { is: 'bad' };
  // signify ends here. A hashed one is minisign's, and its comment must be there.
  if (trustedLine === '' && algorithm === ED25519) return { is: 'good', trusted: null };
  const global = readBase64(whole, 64);
  if (!trustedLine.startsWith(TRUSTED) || global === null) return { is: 'unreadable' };
  const trusted = trustedLine.slice(TRUSTED.length);
  const signed = Buffer.concat([signature, Buffer.from(trusted, 'utf8')]);
  return verify(null, signed, key, global) ? { is: 'good', trusted } : { is: 'bad' };
}

/** A bundle names no key, so another one's signature is a bad one. */
function judgeCosign(text: string, bytes: Uint8Array, key: PublicKey): Judged {
  const signature = cosignSignature(text);
  if (signature === null) return { is: 'unreadable' };
  return fitsCosign(signature, bytes, key) ? { is: 'good', trusted: null } : { is: 'bad' };
}

function blake2b(bytes: Uint8Array): Buffer {
  return createHash('blake2b512').update(bytes).digest();
}

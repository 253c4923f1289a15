import { createHash, verify } from 'node:crypto';
import { dearmor, integerAt, numberAt, OpenPgpFault, readPackets } from './packets.ts';
import { readSubpackets, type PublicKey } from './public-keys.ts';

/** The hashes that a signature may have; older ones can be forged (RFC 9580, section 9.5). */
const HASHES: Readonly<Record<number, string>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' };
/** The signature of a canonical text document. */
const OF_TEXT = 1;

/** A text, and the key whose signature on it is good. */
export interface VerifiedText {
  /** What was signed, and nothing that stands around it. */
  readonly text: string;
  readonly by: PublicKey;
}

/**
 * Checks a text with its signature below it (RFC 9580, section 7), as an InRelease is. One good signature of a key that is known is enough, as for
 * apt: Debian signs with several, and a newer one may be unknown here. A key counts if it had not ended when it signed. Pure.
 *
 * @returns or why it is not believed
 */
export function verifySignedText(
  message: string,
  keys: readonly PublicKey[],
): VerifiedText | { readonly reason: string } {
  const parts =
    /^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:[A-Za-z]+: [^\n]*\n)*[ \t]*\r?\n([\s\S]*?)\r?\n-----BEGIN PGP SIGNATURE-----/u.exec(
      message,
    );
  const signature = dearmor(message, 'SIGNATURE');
  const [, escaped] = parts ?? [];
  if (escaped === undefined || signature === null) return { reason: 'it is no signed text' };
  const lines = escaped.split('\n').map((line) => line.replace(/^- /u, '').replace(/[ \t\r]+$/u, ''));
  const signed = Buffer.from(lines.join('\r\n'), 'utf8');
  try {
    const issuers: string[] = [];
    for (const { tag, body } of readPackets(signature)) {
      if (tag !== 2 || body[0] !== 4) continue;
      const { by, issuer } = checkSignature(signed, body, keys);
      if (by !== null) return { text: `${lines.join('\n')}\n`, by };
      issuers.push(issuer);
    }
    return { reason: `none of its signatures is a good one of a known key (${issuers.join(', ')})` };
  } catch (cause) {
    if (cause instanceof OpenPgpFault) return { reason: `its signature is damaged: ${cause.message}` };
    throw cause;
  }
}

/** Whose good signature it is; `issuer`: who says to have made it. */
function checkSignature(
  signed: Buffer,
  body: Buffer,
  keys: readonly PublicKey[],
): { readonly by: PublicKey | null; readonly issuer: string } {
  const hashedEnd = 6 + numberAt(body, 4, 2);
  const unhashedEnd = hashedEnd + 2 + numberAt(body, hashedEnd, 2);
  const hashed = readSubpackets(body.subarray(6, hashedEnd));
  const unhashed = readSubpackets(body.subarray(hashedEnd + 2, unhashedEnd));
  const id = hashed.get(33)?.subarray(1) ?? hashed.get(16) ?? unhashed.get(16) ?? unhashed.get(33)?.subarray(1);
  const issuer = id?.toString('hex') ?? 'unknown';
  const made = hashed.get(2);
  const hash = HASHES[numberAt(body, 3, 1)];
  const key = keys.find(({ fingerprint }) => issuer.length >= 16 && fingerprint.endsWith(issuer));
  if (key === undefined || hash === undefined || made === undefined || body[1] !== OF_TEXT) return { by: null, issuer };
  if (key.expires !== null && numberAt(made, 0, 4) > key.expires) return { by: null, issuer };
  const end = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  end.writeUInt32BE(hashedEnd, 2);
  // Behind the first two bytes of the hash.
  const numbers = unhashedEnd + 2;
  const data = Buffer.concat([signed, body.subarray(0, hashedEnd), end]);
  const good =
    key.scheme === 'rsa'
      ? verify(hash, data, key.key, rsaValue(body, numbers, key))
      : verify(null, createHash(hash).update(data).digest(), key.key, ed25519Value(body, numbers));
  return { by: good ? key : null, issuer };
}

/** The number of an RSA signature, as wide as the key. */
function rsaValue(body: Buffer, at: number, { key }: PublicKey): Buffer {
  const { value } = integerAt(body, at);
  const wide = (key.asymmetricKeyDetails?.modulusLength ?? 0) >> 3;
  return value.length >= wide ? value : Buffer.concat([Buffer.alloc(wide - value.length), value]);
}

/** Two numbers of 32 bytes, or in the newer form 64 bytes as they are. */
function ed25519Value(body: Buffer, at: number): Buffer {
  if (body.length - at === 64) return body.subarray(at);
  const r = integerAt(body, at);
  const s = integerAt(body, r.end);
  return Buffer.concat([r, s].flatMap(({ value }) => [Buffer.alloc(Math.max(0, 32 - value.length)), value]));
}

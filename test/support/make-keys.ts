import { createHash, generateKeyPairSync, scryptSync } from 'node:crypto';

/** A pair of keys as minisign or signify writes them; made anew, so that no secret stands in the repository. */
export interface KeyPair {
  readonly secret: string;
  readonly public: string;
  /** The second line of the public key. */
  readonly text: string;
}

const file = (bytes: Buffer): string => `untrusted comment: a key of a test\n${bytes.toString('base64')}\n`;

/**
 * @param passphrase the key is encrypted with it, at the least cost that libsodium allows: N 2^6, p 16
 */
export function makeKeys(
  scheme: 'minisign' | 'signify',
  passphrase?: string,
  id: Buffer = Buffer.from('0807060504030201', 'hex'),
): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const half = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const whole = Buffer.concat([Buffer.from('Ed'), id, half]);
  const text = whole.toString('base64');
  const secretHalf = Buffer.concat([seed, half]);
  if (scheme === 'signify') {
    const checksum = createHash('sha512').update(secretHalf).digest().subarray(0, 8);
    const secret = Buffer.concat([Buffer.from('EdBK'), Buffer.alloc(4 + 16), checksum, id, secretHalf]);
    return { secret: file(secret), public: file(whole), text };
  }
  const body = Buffer.concat([id, secretHalf, Buffer.alloc(32)]);
  const head = Buffer.alloc(54);
  head.write(passphrase === undefined ? 'Ed\0\0B2' : 'EdScB2', 'latin1');
  if (passphrase !== undefined) {
    head.writeBigUInt64LE(32_768n, 38);
    head.writeBigUInt64LE(65_536n, 46);
    const stream = scryptSync(passphrase, head.subarray(6, 38), body.length, { N: 64, r: 8, p: 16 });
    for (const [at, byte] of stream.entries()) body[at] = (body[at] ?? 0) ^ byte;
  }
  return { secret: file(Buffer.concat([head, body])), public: file(whole), text };
}

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseSums, sumsText } from '../../../src/artifacts/sha256sums.ts';
import { readPublicKey, type PublicKey } from '../../../src/signing/key-file.ts';
import { scryptCost } from '../../../src/signing/scrypt-cost.ts';
import { readSecretKey, type Ed25519Signer } from '../../../src/signing/secret-key.ts';
import { judgeSignature, signatureText } from '../../../src/signing/signature.ts';
import { makeKeys, type KeyPair } from '../../support/make-keys.ts';

const FILE = Buffer.from('the list\n');
const signerOf = async ({ secret }: KeyPair, passphrase: string | null = null): Promise<Ed25519Signer> => {
  const read = await readSecretKey(secret, passphrase);
  if (read.is !== 'signer') throw new Error(read.is);
  return read.signer;
};
const publicOf = ({ public: text }: KeyPair): PublicKey => {
  const key = readPublicKey(text);
  if (key === null) throw new Error('no key');
  return key;
};

describe('a secret key', () => {
  it.each([
    ['minisign', undefined],
    ['minisign', 'pass word ü'],
    ['signify', undefined],
  ] as const)('of %s, passphrase %s, signs what its public half reads, the same each time', async (scheme, word) => {
    const keys = makeKeys(scheme, word);
    const signer = await signerOf(keys, word ?? null);
    const text = signatureText(signer, FILE, 'moby v1\tfile:x');
    expect(signatureText(signer, FILE, 'moby v1\tfile:x')).toBe(text);
    expect(signer.id).toBe('102030405060708');
    const trusted = scheme === 'minisign' ? 'moby v1\tfile:x' : null;
    expect(judgeSignature(text, FILE, publicOf(keys))).toEqual({ is: 'good', trusted });
    expect(judgeSignature(text, FILE, readPublicKey(keys.text) as PublicKey)).toEqual({ is: 'good', trusted });
  });

  it('is shown by nothing that prints its signer', async () => {
    const keys = makeKeys('minisign');
    const seed = Buffer.from(keys.secret.split('\n')[1] ?? '', 'base64').subarray(62, 94);
    const shown = `${inspect(await signerOf(keys), { depth: 9, showHidden: true })}${JSON.stringify(await signerOf(keys))}`;
    expect(shown).not.toContain(seed.toString('base64'));
    expect(shown).not.toContain(seed.toString('hex'));
  });

  const changed = ({ secret }: KeyPair, at: number): string => {
    const [comment = '', line = ''] = secret.split('\n');
    const bytes = Buffer.from(line, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return `${comment}\n${bytes.toString('base64')}\n`;
  };
  it.each<[string, () => string, string | null, string]>([
    ['encrypted, and no passphrase', () => makeKeys('minisign', 'a').secret, null, 'locked'],
    ['another passphrase', () => makeKeys('minisign', 'a').secret, 'b', 'wrong-passphrase'],
    ['damaged in its seed', () => changed(makeKeys('minisign'), 70), null, 'unusable'],
    ['damaged in its public half', () => changed(makeKeys('signify'), 100), null, 'unusable'],
    ['of another algorithm', () => changed(makeKeys('minisign'), 0), null, 'unusable'],
    ['signify with rounds', () => changed(makeKeys('signify'), 7), null, 'unusable'],
    ['asking for memory without end', () => changed(makeKeys('minisign', 'a'), 53), 'a', 'unusable'],
    ['a public key', () => makeKeys('minisign').public, null, 'unusable'],
    ['a private key of ssh', () => '-----BEGIN OPENSSH PRIVATE KEY-----\n', null, 'unusable'],
    ['nothing', () => '', null, 'unusable'],
  ])('%s', async (_title, text, passphrase, expected) => {
    expect((await readSecretKey(text(), passphrase)).is).toBe(expected);
  });

  it.each([
    // minisign's default (libsodium: sensitive), and what it takes where that much memory is not there.
    [33_554_432n, 1_073_741_824n, 2 ** 20, 1],
    [524_288n, 16_777_216n, 2 ** 14, 1],
    [32_768n, 65_536n, 2 ** 6, 16],
    // Little work and much memory.
    [32_768n, 1_073_741_824n, 2 ** 10, 1],
  ])('scrypt of %d operations in %d bytes', (operations, memory, N, p) => {
    expect(scryptCost(operations, memory)).toMatchObject({ N, r: 8, p });
  });
});

describe('a signature', async () => {
  const keys = makeKeys('minisign');
  const text = signatureText(await signerOf(keys), FILE, 'about it');
  const [comment = '', packed = '', trusted = '', whole = ''] = text.split('\n');
  const flip = (line: string, at: number): string => {
    const bytes = Buffer.from(line, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  const lines = (...each: string[]): string => each.join('\n');
  it.each<[string, string, Buffer, string]>([
    ['another file', text, Buffer.from('the lisT\n'), 'bad'],
    ['a changed signature', lines(comment, flip(packed, 20), trusted, whole), FILE, 'bad'],
    ['a changed trusted comment', lines(comment, packed, 'trusted comment: else', whole), FILE, 'bad'],
    ['a changed signature of that', lines(comment, packed, trusted, flip(whole, 3)), FILE, 'bad'],
    ['without a trusted comment', lines(comment, packed, ''), FILE, 'unreadable'],
    ['another key', lines(comment, flip(packed, 2), trusted, whole), FILE, 'other-key'],
    ['cut', lines(comment, packed.slice(0, -4), trusted, whole), FILE, 'unreadable'],
    ['without its comment', lines(packed, trusted, whole), FILE, 'unreadable'],
    ['a line more', `${text}x`, FILE, 'unreadable'],
    ['empty', '', FILE, 'unreadable'],
  ])('%s', (_title, changedText, bytes, expected) => {
    expect(judgeSignature(changedText, bytes, publicOf(keys)).is).toBe(expected);
  });

  it('of a key with the same number and other bytes is none', () => {
    expect(judgeSignature(text, FILE, publicOf(makeKeys('minisign'))).is).toBe('bad');
  });
});

describe('SHA256SUMS', () => {
  const sum = 'a'.repeat(64);
  it('is sorted, and written and read as coreutils does', () => {
    const sums = new Map([
      ['b', sum],
      ['a\\b\nc', sum],
      ['a/b', sum],
    ]);
    expect(sumsText(sums)).toBe(`${sum}  a/b\n\\${sum}  a\\\\b\\nc\n${sum}  b\n`);
    expect(new Map(parseSums(sumsText(sums)))).toEqual(sums);
    expect(parseSums(`${sum.toUpperCase()} *x`)?.get('x')).toBe(sum);
  });

  it.each([
    ...['', '\n', 'x', `${sum} a`, `${sum}  /a`, `${sum}  ../a`, `${sum}  a//b`, `${sum}  a\n${sum}  a\n`],
    // Escapes that coreutils does not write: what they name is anybody's guess.
    ...[`\\${sum}  a\\x`, `\\${sum}  a\\`],
  ])('%j is none', (text) => {
    expect(parseSums(text)).toBeNull();
  });
});

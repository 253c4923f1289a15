import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { archiveKeys } from '../../../src/base/archive-keys.ts';
import { readPackets } from '../../../src/base/openpgp/packets.ts';
import { readKeyring } from '../../../src/base/openpgp/public-keys.ts';
import { verifySignedText } from '../../../src/base/openpgp/signed-text.ts';
import { makeArchiveKey } from '../../support/make-archive.ts';

const TEXT = 'Suite: bookworm  \n- dashed\nSHA256:\n abc 12 main\n';

describe.each(['rsa', 'ed25519'] as const)('a text signed with a key of %s', (scheme) => {
  const key = makeArchiveKey(scheme);
  const keys = readKeyring(key.keyring);

  it('is believed, and what was signed is handed on alone', () => {
    const verified = verifySignedText(key.signed(TEXT), keys);
    expect(verified).toMatchObject({ text: TEXT.replace('  \n', '\n'), by: { fingerprint: key.fingerprint, scheme } });
    const more = verifySignedText(`${key.signed(TEXT)}Suite: evil\n`, keys);
    expect('text' in more && more.text).not.toContain('evil');
  });

  it('has lines that end as on other systems', () => {
    expect(verifySignedText(key.signed(TEXT).replaceAll('\n', '\r\n'), keys)).toMatchObject({ by: { scheme } });
  });

  it.each([
    ['another text', (signed: string) => signed.replace('bookworm', 'bookworn')],
    ['a line more', (signed: string) => signed.replace('SHA256:', 'SHA256:\n evil')],
    [
      'another signature',
      (signed: string) => signed.replace(/\n\n(\S{20})(?=[^\n]*\n)(?![\s\S]*\n\n)/u, '\n\nAAAAAAAAAAAAAAAAAAAA'),
    ],
    ['no signature', (signed: string) => signed.replace(/-----BEGIN PGP SIGNATURE[\s\S]*/u, '')],
    ['a text before it', (signed: string) => `Suite: evil\n${signed}`],
  ])('is not believed with %s', (_, change) => {
    expect(verifySignedText(change(key.signed(TEXT)), keys)).toHaveProperty('reason');
  });

  it('is not believed of another key, nor of one that had ended when it signed', () => {
    expect(verifySignedText(key.signed(TEXT), readKeyring(makeArchiveKey(scheme).keyring))).toMatchObject({
      reason: expect.stringContaining(key.fingerprint) as string,
    });
    const ended = keys.map((each) => ({ ...each, expires: 1_767_225_600 }));
    expect(verifySignedText(key.signed(TEXT, 1_767_225_601), ended)).toHaveProperty('reason');
    expect(verifySignedText(key.signed(TEXT, 1_767_225_600), ended)).toHaveProperty('text');
  });
});

describe('the keys of the archive', () => {
  it('are those of Debian’s releases from buster on, each by its own fingerprint', () => {
    const owners = archiveKeys().map(({ owner }) => /\(\d+\/(\w+)\)/u.exec(owner)?.[1]);
    expect([...new Set(owners)].sort()).toEqual(['bookworm', 'bullseye', 'buster', 'trixie']);
    expect(archiveKeys().every(({ expires }) => expires !== null)).toBe(true);
  });

  it('name the day and the package that they are from', () => {
    const table = readFileSync(new URL('../../../src/base/archive-keys.json', import.meta.url), 'utf8');
    expect(JSON.parse(table)).toMatchObject({ compiled: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u) as string });
  });
});

describe('what is no OpenPGP', () => {
  it.each([
    ['no header', '00'],
    ['a cut packet', 'c6ff000000ff04'],
    ['a length in parts', 'c6e104'],
    ['an old packet without a length', '9b04'],
  ])('is refused: %s', (_, hex) => {
    expect(() => readPackets(Buffer.from(hex, 'hex'))).toThrow(/packet/u);
  });
});

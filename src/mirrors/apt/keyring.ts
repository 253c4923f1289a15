import { Buffer } from 'node:buffer';
import { badMirror } from '../catalogue/hostile.ts';

const BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const END = '-----END PGP PUBLIC KEY BLOCK-----';

/**
 * Brings a keyring into one armored block, as text that may stand in a tree. apt 1.4 and newer reads `*.asc` in
 * trusted.gpg.d, but of the first block only (apt's cmdline/apt-key.in, `dearmor`), so several blocks become one.
 * @param bytes a binary OpenPGP keyring (`debian-archive-keyring.gpg`) or an armored one
 * Throws MobyBuildError `bad-mirror` (2) when it is neither.
 */
export function armorKeyring(bytes: Uint8Array, where = '--apt-keyring'): string {
  const binary = dearmor(Buffer.from(bytes)) ?? Buffer.from(bytes);
  // RFC 4880, 4.2 and 4.3: bit 7 is set in each packet's tag, and a keyring starts with a public key packet (tag 6).
  const first = binary[0] ?? 0;
  const tag = (first & 0x40) === 0 ? (first >> 2) & 0x0f : first & 0x3f;
  if ((first & 0x80) === 0 || tag !== 6) {
    throw badMirror(
      where,
      `${where} is not a keyring of OpenPGP public keys.`,
      'Debian has one in the package debian-archive-keyring: /usr/share/keyrings/debian-archive-keyring.gpg',
    );
  }
  const lines = binary.toString('base64').match(/.{1,64}/g) ?? [];
  return `${BEGIN}\n\n${lines.join('\n')}\n=${checksum(binary)}\n${END}\n`;
}

/** The binary keys of all armored blocks, or null when there is none. */
function dearmor(bytes: Buffer): Buffer | null {
  const blocks = bytes
    .toString('latin1')
    .split(/\r?\n?-----BEGIN PGP PUBLIC KEY BLOCK-----/)
    .slice(1);
  if (blocks.length === 0) return null;
  return Buffer.concat(
    blocks.map((block) => {
      const lines = block.split('-----END')[0]?.split(/\r?\n/) ?? [];
      const blank = lines.findIndex((line, index) => index > 0 && line.trim() === '');
      return Buffer.from(
        lines
          .slice(blank + 1)
          .filter((line) => !line.startsWith('='))
          .join(''),
        'base64',
      );
    }),
  );
}

/** CRC-24 of RFC 4880, 6.1. */
function checksum(bytes: Uint8Array): string {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return Buffer.from([(crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff]).toString('base64');
}

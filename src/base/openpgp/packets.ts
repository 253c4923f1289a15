/** A packet of an OpenPGP message (RFC 9580, section 4). */
export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** What is no OpenPGP, in words for a person. */
export class OpenPgpFault extends Error {
  override readonly name = 'OpenPgpFault';
}

/**
 * The packets of a binary message: headers of both formats, without bodies of unknown length, which no key and no signature has. Pure.
 *
 * @throws OpenPgpFault for anything else
 */
export function readPackets(data: Uint8Array): readonly Packet[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const packets: Packet[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    if ((first & 0x80) === 0) throw new OpenPgpFault('a packet has no header');
    const isNew = (first & 0x40) !== 0;
    const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
    const { length, header } = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
    const start = at + 1 + header;
    if (start + length > bytes.length) throw new OpenPgpFault('a packet is cut');
    packets.push({ tag, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return packets;
}

interface Length {
  readonly length: number;
  /** Bytes that say so. */
  readonly header: number;
}

function newLength(bytes: Buffer, at: number): Length {
  const first = byteAt(bytes, at);
  if (first < 192) return { length: first, header: 1 };
  if (first < 224) return { length: ((first - 192) << 8) + byteAt(bytes, at + 1) + 192, header: 2 };
  if (first === 255) return { length: numberAt(bytes, at + 1, 4), header: 5 };
  throw new OpenPgpFault('a packet has a length in parts');
}

function oldLength(bytes: Buffer, at: number, type: number): Length {
  const header = [1, 2, 4][type];
  if (header === undefined) throw new OpenPgpFault('a packet has no length');
  return { length: numberAt(bytes, at, header), header };
}

function byteAt(bytes: Buffer, at: number): number {
  return numberAt(bytes, at, 1);
}

/** A number of so many bytes. Pure. @throws OpenPgpFault where the message ends before */
export function numberAt(bytes: Buffer, at: number, length: number): number {
  if (at + length > bytes.length) throw new OpenPgpFault('a packet is cut');
  return bytes.readUIntBE(at, length);
}

/** A multiprecision integer: two bytes of its length in bits, and then it. @throws OpenPgpFault where the message ends before */
export function integerAt(bytes: Buffer, at: number): { readonly value: Buffer; readonly end: number } {
  const length = (numberAt(bytes, at, 2) + 7) >> 3;
  const end = at + 2 + length;
  if (end > bytes.length) throw new OpenPgpFault('a number is cut');
  return { value: bytes.subarray(at + 2, end), end };
}

/**
 * The first block of an armored text (section 6.2). Its checksum is left aside: signatures prove more. Pure.
 *
 * @param kind `SIGNATURE`, `PUBLIC KEY BLOCK`
 * @returns null where there is none
 */
export function dearmor(text: string, kind: string): Buffer | null {
  const block = new RegExp(
    `^-----BEGIN PGP ${kind}-----[ \\t]*\\r?\\n([\\s\\S]*?)^-----END PGP ${kind}-----`,
    'mu',
  ).exec(text)?.[1];
  if (block === undefined) return null;
  const lines = block.split(/\r?\n/u);
  const empty = lines.findIndex((line) => line.trim() === '');
  const data = lines.slice(empty + 1).filter((line) => !line.startsWith('='));
  return Buffer.from(data.join(''), 'base64');
}

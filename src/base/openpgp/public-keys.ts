import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { dearmor, integerAt, numberAt, OpenPgpFault, readPackets, type Packet } from './packets.ts';

/** A key that can check signatures. */
export interface PublicKey {
  /** 40 hex digits; its last 16 are its id. */
  readonly fingerprint: string;
  /** The key that it belongs to, or its own: 40 hex digits. */
  readonly primary: string;
  /** The first user id of that key: `Debian Stable Release Key (12/bookworm) <…>`. */
  readonly owner: string;
  readonly scheme: 'rsa' | 'ed25519';
  readonly key: KeyObject;
  /** Seconds since 1970; null: never. */
  readonly expires: number | null;
  /** The body of its packet. */
  readonly body: Buffer;
}

const TAG = { signature: 2, primary: 6, userId: 13, subkey: 14 } as const;
const ALGORITHM = { rsa: 1, rsaSign: 3, eddsa: 22, ed25519: 27 } as const;
/** `1.3.6.1.4.1.11591.15.1`, as a key of the older form names Ed25519 (RFC 9580, section 9.2). */
const ED25519_OID = '2b06010401da470f01';

/**
 * The keys of a keyring, binary or armored, and their subkeys. Who gives a keyring believes it: signatures inside it are not checked, but for when a
 * key ends. A key of a kind that is not known is left out. Pure.
 *
 * @throws OpenPgpFault for what is no keyring
 */
export function readKeyring(data: Uint8Array): readonly PublicKey[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const text = bytes.subarray(0, 4096).toString('latin1');
  const binary = text.includes('-----BEGIN PGP') ? dearmor(bytes.toString('latin1'), 'PUBLIC KEY BLOCK') : bytes;
  if (binary === null) throw new OpenPgpFault('there is no block of public keys');
  const keys: PublicKey[] = [];
  for (const group of groupsOf(readPackets(binary))) {
    const [first] = group;
    const primary = first === undefined ? null : fingerprintOf(first.body);
    const owner = group.find(({ tag }) => tag === TAG.userId)?.body.toString('utf8') ?? '';
    group.forEach((packet, index) => {
      if (primary === null || (packet.tag !== TAG.primary && packet.tag !== TAG.subkey)) return;
      const read = publicKey(packet.body);
      const signatures = untilNextKey(group.slice(index + 1));
      if (read !== null) keys.push({ ...read, primary, owner, expires: expiryOf(packet.body, signatures) });
    });
  }
  return keys;
}

/** Each key with all that belongs to it. */
function groupsOf(packets: readonly Packet[]): readonly (readonly Packet[])[] {
  const groups: Packet[][] = [];
  for (const packet of packets) {
    if (packet.tag === TAG.primary) groups.push([packet]);
    else groups.at(-1)?.push(packet);
  }
  return groups;
}

function untilNextKey(packets: readonly Packet[]): readonly Packet[] {
  const end = packets.findIndex(({ tag }) => tag === TAG.subkey);
  return (end < 0 ? packets : packets.slice(0, end)).filter(({ tag }) => tag === TAG.signature);
}

/** The end that the newest of its signatures says: subpacket 9, seconds after the key was made. */
function expiryOf(key: Buffer, signatures: readonly Packet[]): number | null {
  let newest = -1;
  let expires: number | null = null;
  for (const { body } of signatures) {
    if (body[0] !== 4) continue;
    const subpackets = readSubpackets(body.subarray(6, 6 + numberAt(body, 4, 2)));
    const made = subpackets.get(2);
    const lasts = subpackets.get(9);
    const when = made === undefined ? 0 : numberAt(made, 0, 4);
    if (lasts === undefined || when < newest) continue;
    newest = when;
    expires = numberAt(key, 1, 4) + numberAt(lasts, 0, 4);
  }
  return expires;
}

/** The subpackets of a signature, by type; of several of one type the first. Pure. @throws OpenPgpFault where one is cut */
export function readSubpackets(data: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  while (at < data.length) {
    const first = numberAt(data, at, 1);
    const wide = first < 192 ? 1 : first < 255 ? 2 : 5;
    const length =
      wide === 1
        ? first
        : wide === 2
          ? ((first - 192) << 8) + numberAt(data, at + 1, 1) + 192
          : numberAt(data, at + 1, 4);
    const start = at + wide;
    if (length < 1 || start + length > data.length) throw new OpenPgpFault('a subpacket is cut');
    const type = numberAt(data, start, 1) & 0x7f;
    if (!found.has(type)) found.set(type, data.subarray(start + 1, start + length));
    at = start + length;
  }
  return found;
}

function fingerprintOf(body: Buffer): string {
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash('sha1').update(head).update(body).digest('hex');
}

/** A key out of the body of its packet, of version 4; null for another kind. Pure. */
export function publicKey(body: Buffer): Pick<PublicKey, 'fingerprint' | 'scheme' | 'key' | 'body'> | null {
  if (body[0] !== 4) return null;
  const common = { fingerprint: fingerprintOf(body), body };
  const algorithm = numberAt(body, 5, 1);
  if (algorithm === ALGORITHM.rsa || algorithm === ALGORITHM.rsaSign) {
    const n = integerAt(body, 6);
    const e = integerAt(body, n.end);
    const key = { kty: 'RSA', n: n.value.toString('base64url'), e: e.value.toString('base64url') };
    return { ...common, scheme: 'rsa', key: createPublicKey({ key, format: 'jwk' }) };
  }
  const point =
    algorithm === ALGORITHM.ed25519 ? body.subarray(6, 38) : algorithm === ALGORITHM.eddsa ? pointOf(body) : null;
  if (point?.length !== 32) return null;
  const key = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  return { ...common, scheme: 'ed25519', key: createPublicKey({ key, format: 'jwk' }) };
}

/** The point of Ed25519 in the older form: its curve by name, and 0x40 before the point. */
function pointOf(body: Buffer): Buffer | null {
  const length = numberAt(body, 6, 1);
  if (body.subarray(7, 7 + length).toString('hex') !== ED25519_OID) return null;
  const { value } = integerAt(body, 7 + length);
  return value[0] === 0x40 ? value.subarray(1) : null;
}

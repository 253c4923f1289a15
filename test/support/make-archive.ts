import { createHash, createSign, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { entryBlocks, TAR_END, type FileEntry } from '../../src/base/files/tar-entries.ts';

/** A key of OpenPGP, and what signs with it: made anew, so that no secret stands in the repository. */
export interface ArchiveKey {
  /** The keyring: a key packet and a user id. */
  readonly keyring: Buffer;
  readonly fingerprint: string;
  /** A text with its signature below it, as an InRelease is. @param made seconds since 1970 */
  readonly signed: (text: string, made?: number) => string;
}

/** When the keys of tests were made: 2026-01-01. */
const MADE = 1_767_225_600;

const packet = (tag: number, body: Buffer): Buffer => {
  const length = Buffer.alloc(5, 0xff);
  length.writeUInt32BE(body.length, 1);
  return Buffer.concat([Buffer.from([0xc0 | tag]), length, body]);
};
const number = (value: Buffer): Buffer => {
  const at = value.findIndex((byte) => byte !== 0);
  const plain = value.subarray(Math.max(0, at));
  const bits = plain.length * 8 - Math.clz32(plain[0] ?? 0) + 24;
  return Buffer.concat([Buffer.from([bits >> 8, bits & 0xff]), plain]);
};
const armored = (kind: string, data: Buffer): string =>
  `-----BEGIN PGP ${kind}-----\n\n${(data.toString('base64').match(/.{1,64}/gu) ?? []).join('\n')}\n-----END PGP ${kind}-----\n`;

/** Makes a key. */
export function makeArchiveKey(scheme: 'rsa' | 'ed25519' = 'rsa'): ArchiveKey {
  const { privateKey, publicKey } =
    scheme === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  const body = Buffer.concat([Buffer.from([4]), time(MADE), ...numbersOf(scheme, publicKey)]);
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  const fingerprint = createHash('sha1').update(head).update(body).digest('hex');
  const keyring = Buffer.concat([packet(6, body), packet(13, Buffer.from('Key of a test <a@b.example>'))]);
  const signed = (text: string, made = MADE + 60): string => {
    const lines = text.replace(/\n$/u, '').split('\n');
    const canonical = Buffer.from(lines.map((line) => line.replace(/[ \t]+$/u, '')).join('\r\n'));
    const shown = lines.map((line) => (line.startsWith('-') ? `- ${line}` : line)).join('\n');
    const signature = signaturePacket(scheme, privateKey, fingerprint, canonical, made);
    return `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${shown}\n${armored('SIGNATURE', signature)}`;
  };
  return { keyring, fingerprint, signed };
}

function time(seconds: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(seconds);
  return bytes;
}

function numbersOf(scheme: 'rsa' | 'ed25519', key: KeyObject): Buffer[] {
  const { n = '', e = '', x = '' } = key.export({ format: 'jwk' });
  if (scheme === 'rsa')
    return [Buffer.from([1]), number(Buffer.from(n, 'base64url')), number(Buffer.from(e, 'base64url'))];
  const point = Buffer.concat([Buffer.from([0x40]), Buffer.from(x, 'base64url')]);
  return [Buffer.from([22]), Buffer.from('092b06010401da470f01', 'hex'), number(point)];
}

function signaturePacket(
  scheme: 'rsa' | 'ed25519',
  key: KeyObject,
  fingerprint: string,
  text: Buffer,
  made: number,
): Buffer {
  const hashed = Buffer.concat([
    Buffer.from([5, 2]),
    time(made),
    Buffer.from([22, 33, 4]),
    Buffer.from(fingerprint, 'hex'),
  ]);
  const head = Buffer.concat([
    Buffer.from([4, 1, scheme === 'rsa' ? 1 : 22, 8, hashed.length >> 8, hashed.length & 0xff]),
    hashed,
  ]);
  const end = Buffer.concat([Buffer.from([4, 0xff]), time(head.length)]);
  const data = Buffer.concat([text, head, end]);
  const digest = createHash('sha256').update(data).digest();
  const value =
    scheme === 'rsa'
      ? [number(createSign('sha256').update(data).sign(key))]
      : ((both) => [number(both.subarray(0, 32)), number(both.subarray(32))])(sign(null, digest, key));
  return packet(2, Buffer.concat([head, Buffer.from([0, 0]), digest.subarray(0, 2), ...value]));
}

/** A package of an archive of tests. */
export interface MadePackage {
  readonly name: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly files?: readonly FileEntry[];
  readonly version?: string;
}

/** A file of a package of tests. */
export function madeFile(path: string, about: Partial<FileEntry> = {}): FileEntry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, time: MADE, link: '', data: Buffer.from('x'), ...about };
}

/** The bytes of a .deb with these files. */
export function makeDeb(files: readonly FileEntry[]): Buffer {
  const data = gzipSync(Buffer.concat([...files.flatMap((entry) => [...entryBlocks(entry)]), TAR_END]));
  const member = (name: string, content: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(
        `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`,
      ),
      content,
      Buffer.alloc(content.length % 2, 0x0a),
    ]);
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    member('debian-binary', Buffer.from('2.0\n')),
    member('control.tar.gz', gzipSync(TAR_END)),
    member('data.tar.gz', data),
  ]);
}

/**
 * The files of an archive with one suite, by path: `debian/dists/bookworm/InRelease`.
 *
 * @param arch Debian's name
 */
export function makeSuite(
  suite: string,
  packages: readonly MadePackage[],
  { root = 'debian', arch, key }: { readonly root?: string; readonly arch: string; readonly key: ArchiveKey },
): Map<string, Buffer> {
  const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
  const found = new Map<string, Buffer>();
  const stanzas = packages.map(({ name, version = '1.0-1', fields = {}, files = [madeFile(`usr/share/${name}`)] }) => {
    const deb = makeDeb(files);
    const path = `pool/main/${name}/${name}_${version}_${arch}.deb`;
    found.set(`${root}/${path}`, deb);
    const all = { Package: name, Version: version, Architecture: arch, Priority: 'optional', ...fields };
    const lines = Object.entries(all).map(([field, value]) => `${field}: ${value}\n`);
    return `${lines.join('')}Filename: ${path}\nSize: ${String(deb.length)}\nSHA256: ${sha256(deb)}\n`;
  });
  const index = gzipSync(stanzas.join('\n'));
  const path = `main/binary-${arch}/Packages.gz`;
  found.set(`${root}/dists/${suite}/${path}`, index);
  const release = [
    ...['Origin: Test', `Suite: ${suite}`, `Codename: ${suite}`, 'Date: Fri, 02 Jan 2026 00:00:00 UTC', 'SHA256:'],
    ` ${sha256(index)} ${String(index.length)} ${path}`,
  ].join('\n');
  found.set(`${root}/dists/${suite}/InRelease`, Buffer.from(key.signed(`${release}\n`)));
  return found;
}

import { createHash, createPublicKey, verify } from 'node:crypto';

/**
 * Go's checksum database, as a client that believes nobody else reads it: the record of a module has to be in the tree whose head the database has
 * signed (https://go.dev/ref/mod#checksum-database, golang.org/x/mod/sumdb/tlog).
 */

/** Go's own domain. */
const DOMAIN = 'golang.org';

/** The name of Go's database, and the key that the go command has for it (cmd/go/internal/modfetch/key.go). */
export const CHECKSUM_DATABASE = {
  name: `sum.${DOMAIN}`,
  key: '033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
};

/** Reads a file of the database, as any mirror serves it; null: it is not there. */
export type ReadDatabase = (path: string) => Promise<Buffer | null>;

/** Entries of a tile, and levels of the tree in it. */
const TILE = { entries: 256, height: 8 };
const HASH_BYTES = 32;
/** The database grows by millions a year; a number beyond has no whole tile anyway. */
const MOST_RECORDS = 2 ** 48;

/** The sums of a module as the database has them: `h1:…` by `VERSION` and `VERSION/go.mod`. */
export type RecordedSums = ReadonlyMap<string, string>;

/**
 * The sums of a module, proved to be in the database.
 *
 * @param module escaped, as in a URL: `golang.org/toolchain@v0.0.1-go1.20.10.linux-amd64`
 * @param database its name and its key; the public one unless told
 * @returns or why nothing is known, in words for a person
 */
export async function recordedSums(
  module: string,
  read: ReadDatabase,
  database: typeof CHECKSUM_DATABASE = CHECKSUM_DATABASE,
): Promise<RecordedSums | { readonly reason: string }> {
  const answer = await read(`lookup/${module}`);
  if (answer === null) return { reason: 'the checksum database is not served' };
  const found = /^(\d+)\n([\s\S]*?\n)\n(go\.sum database tree\n[\s\S]*)$/u.exec(answer.toString('utf8'));
  const [, id = '', record = '', note = ''] = found ?? [];
  const head = treeHead(note, database);
  if (head === null) return { reason: 'the answer of the checksum database is not signed by it' };
  const number = Number(id);
  if (!Number.isSafeInteger(number) || number >= head.size) return { reason: 'the record is not in the tree' };
  const isThere = await proves(head, number, hashOf(Buffer.from([0]), Buffer.from(record)), read);
  if (!isThere) return { reason: 'the tree of the checksum database does not hold the record' };
  const [path = ''] = module.split('@');
  return new Map(
    record.split('\n').flatMap((line): [string, string][] => {
      const [name, version, sum] = line.split(' ');
      return name === path && version !== undefined && sum !== undefined ? [[version, sum]] : [];
    }),
  );
}

interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** A signed note (golang.org/x/mod/sumdb/note): text, an empty line, signatures; null where none is the database's. */
function treeHead(note: string, { name, key }: typeof CHECKSUM_DATABASE): TreeHead | null {
  const split = note.indexOf('\n\n');
  const text = note.slice(0, split + 1);
  const [, hash = '', data = ''] = /^([0-9a-f]{8})\+(.+)$/u.exec(key) ?? [];
  // The first byte of the key says that it is one of Ed25519.
  const x = Buffer.from(data, 'base64').subarray(1).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const isSigned = note
    .slice(split + 2)
    .split('\n')
    .some((line) => {
      const [, by, signed = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
      const bytes = Buffer.from(signed, 'base64');
      if (by !== name || bytes.subarray(0, 4).toString('hex') !== hash) return false;
      return verify(null, Buffer.from(text), publicKey, bytes.subarray(4));
    });
  const [, size = '', root = ''] = /^go\.sum database tree\n(\d+)\n(\S+)\n/u.exec(text) ?? [];
  const digest = Buffer.from(root, 'base64');
  if (!isSigned || digest.length !== HASH_BYTES || Number(size) > MOST_RECORDS || Number(size) < 1) return null;
  return { size: Number(size), root: digest };
}

/**
 * Whether the tree has this leaf there. The tiles at its right edge come to its root, so they are believed; each tile below a believed one is believed
 * where its own root stands in that.
 */
async function proves({ size, root }: TreeHead, leaf: number, hash: Buffer, read: ReadDatabase): Promise<boolean> {
  const tiles = new Map<string, readonly Buffer[]>();
  const tile = async (level: number, index: number, width: number): Promise<readonly Buffer[] | null> => {
    const path = tilePath(level, index, width);
    const known = tiles.get(path);
    if (known !== undefined) return known;
    const data = await read(path);
    if (data?.length !== width * HASH_BYTES) return null;
    const hashes = Array.from({ length: width }, (_, at) => data.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
    tiles.set(path, hashes);
    return hashes;
  };
  const widthOf = (level: number): number => Math.floor(size / TILE.entries ** level);
  // From the highest level down: the trees that the whole one is made of, the largest first.
  const levels = Array.from({ length: 7 }, (_, at) => 6 - at).filter((level) => widthOf(level) > 0);
  const subtrees: Buffer[] = [];
  for (const level of levels) {
    const width = widthOf(level) % TILE.entries;
    if (width === 0) continue;
    const edge = await tile(level, Math.floor(widthOf(level) / TILE.entries), width);
    if (edge === null) return false;
    subtrees.push(...rootsOf(edge));
  }
  const seen = subtrees.reduceRight<Buffer | null>(
    (right, left) => (right === null ? left : nodeOf(left, right)),
    null,
  );
  if (seen?.equals(root) !== true) return false;
  let wanted = hash;
  for (let level = 0; ; level += 1) {
    const entry = Math.floor(leaf / TILE.entries ** level);
    const index = Math.floor(entry / TILE.entries);
    const isEdge = index === Math.floor(widthOf(level) / TILE.entries);
    const hashes = await tile(level, index, isEdge ? widthOf(level) % TILE.entries : TILE.entries);
    if (hashes?.[entry % TILE.entries]?.equals(wanted) !== true) return false;
    if (isEdge) return true;
    [wanted = Buffer.alloc(0)] = rootsOf(hashes);
  }
}

/** The roots of the whole trees over these hashes, the largest first. */
function rootsOf(hashes: readonly Buffer[]): readonly Buffer[] {
  const roots: Buffer[] = [];
  for (let at = 0, left = hashes.length; left > 0;) {
    const width = 2 ** Math.floor(Math.log2(left));
    roots.push(rootOf(hashes.slice(at, at + width)));
    at += width;
    left -= width;
  }
  return roots;
}

/** The root over a power of two of hashes. */
function rootOf(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) =>
      nodeOf(row[2 * at] ?? Buffer.alloc(0), row[2 * at + 1] ?? Buffer.alloc(0)),
    );
  return row[0] ?? Buffer.alloc(0);
}

function nodeOf(left: Buffer, right: Buffer): Buffer {
  return hashOf(Buffer.from([1]), left, right);
}

function hashOf(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** `tile/8/0/x072/x123/045.p/12`: three digits a part. */
function tilePath(level: number, index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const parts = digits.match(/\d{3}/gu) ?? [];
  const path = parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/');
  return `tile/${String(TILE.height)}/${String(level)}/${path}${width === TILE.entries ? '' : `.p/${String(width)}`}`;
}

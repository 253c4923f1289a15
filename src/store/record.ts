import { createHash } from 'node:crypto';

/** A file of an entry as it was when the entry was made. */
export interface StoredFile {
  /** Inside the entry, POSIX. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** What an entry of the store is, and where it came from. */
export interface EntryRecord {
  /** 40 hex digits; the entry is known by it. */
  readonly commit: string;
  /** The URL that the tree (or `--source`) names, whoever served it. */
  readonly upstream: string;
  /** Tags of the commit (with its history: also of those before it), so that `git describe` says them. */
  readonly tags: readonly string[];
  /** `commit`: without its history. `full`: all of it. */
  readonly history: 'commit' | 'full';
  /** Who served it: id in the catalogue, `flag` or `source`. */
  readonly mirror: string;
  readonly url: string;
  /** Bytes that came over the network for it, as git tells them. */
  readonly receivedBytes: number;
  /** ISO 8601. */
  readonly fetched: string;
  /** Every file of the entry but the record itself, ordered by path. */
  readonly files: readonly StoredFile[];
}

/** The record as a file: JSON whose last member is the SHA-256 of all others, so that a damaged record shows too. */
export function recordText(record: EntryRecord): string {
  const { commit, upstream, tags, history, mirror, url, receivedBytes, fetched, files } = record;
  const members = { commit, upstream, tags, history, mirror, url, receivedBytes, fetched, files };
  return `${JSON.stringify({ ...members, sha256: sha256(JSON.stringify(members)) }, null, 2)}\n`;
}

/** The record that `recordText` wrote, or null when one byte of it is another. */
export function parseRecord(text: string): EntryRecord | null {
  try {
    const { sha256: _sum, ...record } = JSON.parse(text) as EntryRecord & { readonly sha256: string };
    return recordText(record) === text ? record : null;
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return null;
    throw cause;
  }
}

/** 64 hex digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

import { createHash, type Hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { nameBeside, removeAbandoned, syncDirectory, writeFileAtomic } from '../../system/files/atomic.ts';
import { onLeave } from '../../system/process/supervisor.ts';
import { listPath, partListText, partPath } from '../bytes/part-list.ts';

/** A file of a bundle that was written. */
export interface WrittenPart {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface OpenPart {
  readonly file: string;
  readonly temporary: string;
  readonly opened: FileHandle;
  readonly hash: Hash;
  bytes: number;
}

/**
 * Where the bytes of a bundle go: a file, or parts of one size. They appear under their names when all of them are written; the list of the parts comes
 * last, so a bundle of which it is there is whole. What a killed run was writing is removed first: it may fill the disk.
 */
export class BundleSink {
  readonly #file: string;
  readonly #partBytes: number | null;
  readonly #parts: OpenPart[] = [];
  readonly #forget: () => void;

  /** @param partBytes null: all in one file */
  constructor(file: string, partBytes: number | null) {
    this.#file = file;
    this.#partBytes = partBytes;
    this.#forget = onLeave(() => {
      for (const { temporary } of this.#parts) rmSync(temporary, { force: true });
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      const part = await this.#part();
      const room = this.#partBytes === null ? rest.length : this.#partBytes - part.bytes;
      const now = rest.subarray(0, room);
      part.hash.update(now);
      part.bytes += now.length;
      await part.opened.writeFile(now);
      rest = rest.subarray(now.length);
    }
  }

  /**
   * Gives what was written its names, and takes away what is left of an earlier bundle.
   *
   * @param earlier files of that
   * @returns the files, in their order
   */
  async finish(earlier: readonly string[]): Promise<readonly WrittenPart[]> {
    const list = this.#partBytes === null ? null : listPath(this.#file);
    for (const { opened } of this.#parts) await closed(opened);
    // Without its list no parts are taken for a bundle.
    if (earlier.includes(listPath(this.#file))) await rm(listPath(this.#file), { force: true });
    for (const { temporary, file } of this.#parts) await rename(temporary, file);
    const written = this.#parts.map(({ file, bytes, hash }) => ({ file, bytes, sha256: hash.digest('hex') }));
    if (list !== null) {
      const parts = written.map(({ file, sha256 }) => ({ name: basename(file), sha256 }));
      await writeFileAtomic(list, partListText(parts));
    }
    const mine = new Set([list, ...written.map(({ file }) => file)]);
    for (const old of earlier) if (!mine.has(old)) await rm(old, { force: true });
    await syncDirectory(dirname(this.#file));
    return written;
  }

  /** Nothing of it is kept that was not finished. */
  async drop(): Promise<void> {
    for (const { opened, temporary } of this.#parts) {
      await opened.close().catch(() => undefined);
      await rm(temporary, { force: true });
    }
    this.#forget();
  }

  async #part(): Promise<OpenPart> {
    const last = this.#parts.at(-1);
    if (last !== undefined && (this.#partBytes === null || last.bytes < this.#partBytes)) return last;
    const file = this.#partBytes === null ? this.#file : partPath(this.#file, this.#parts.length + 1);
    await removeAbandoned(file);
    const temporary = nameBeside(file, 'new');
    const opened = await open(temporary, 'wx', 0o644);
    const part = { file, temporary, opened, hash: createHash('sha256'), bytes: 0 };
    this.#parts.push(part);
    return part;
  }
}

async function closed(opened: FileHandle): Promise<void> {
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

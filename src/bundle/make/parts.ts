import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { appendFile, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../../system/make-folders.ts';
import { toFileError } from '../../system/file-error.ts';
import { syncDirectory } from '../../system/files/atomic.ts';
import { streamOf, type LocatedBundle } from '../locate-files.ts';
import { BundleFault, pathProblem } from '../format/header.ts';

/** A file of the bundle that is here already. */
export interface Part {
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** Who served a part. */
export interface Served {
  readonly mirror: string | null;
  readonly url: string | null;
}

/** The list of who served what, beside the parts: one JSON line each, the last one of a path counts. */
const SERVED_NAME = 'served.jsonl';

/**
 * The folder in which a bundle grows, laid out as the bundle will be: a file of it is there whole, under its name, or not at all. So a
 * run that was killed loses what it was fetching, and the next one goes on from there.
 */
export class Parts {
  readonly dir: string;
  /** The signed lists that this run has asked for: all its builds take the same ones. */
  readonly releases = new Set<string>();
  readonly #known = new Map<string, Part>();
  readonly #served: Map<string, Served>;
  readonly #older: LocatedBundle | null;
  /** Parts of which that of the older bundle was not the right one. */
  readonly #refused = new Set<string>();

  /** @param older a bundle that has parts, too: what is asked for is copied out of it */
  constructor(dir: string, older: LocatedBundle | null = null) {
    this.dir = dir;
    this.#older = older;
    this.#served = readServed(join(dir, SERVED_NAME));
  }

  /** Where a path of the bundle lies. Throws `BundleFault` for one that leads out of the folder: an index of others may name it. */
  at(path: string): string {
    const problem = pathProblem(path);
    if (problem !== null) throw new BundleFault(`the path ${JSON.stringify(path)} ${problem}`);
    return join(this.dir, path);
  }

  /** A part with its checksum, made from its bytes the first time that it is asked for; null: it is not there. */
  async find(path: string): Promise<Part | null> {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const facts = await stat(this.at(path)).catch(() => null);
    if (facts?.isFile() !== true) return this.#copyOlder(path);
    const hash = createHash('sha256');
    await pipeline(createReadStream(this.at(path)), hash);
    const part = { bytes: facts.size, sha256: hash.digest('hex') };
    this.#known.set(path, part);
    return part;
  }

  /** The part of the older bundle, which was verified; null: it has none. */
  async #copyOlder(path: string): Promise<Part | null> {
    const place = this.#older?.files.get(path);
    if (this.#older === null || place === undefined || this.#refused.has(path)) return null;
    const { mirror, url } = this.#older.verified.contents.objects.find(({ files }) => files.includes(path)) ?? {
      mirror: null,
      url: null,
    };
    const writer = await this.begin(path);
    for await (const chunk of streamOf(place)) writer.write(chunk);
    return this.keep(path, writer, { mirror, url });
  }

  /** The bytes of a small part. Throws as `toFileError` says. */
  async read(path: string): Promise<Buffer> {
    return readFile(this.at(path)).catch((cause: unknown) => {
      throw toFileError(cause, this.at(path));
    });
  }

  /** Who served a part, as it was told when it came. */
  servedBy(path: string): Served {
    return this.#served.get(path) ?? { mirror: null, url: null };
  }

  /** Begins a part. Throws as `toFileError` says. */
  async begin(path: string): Promise<PartWriter> {
    try {
      await makeFolders(dirname(this.at(path)));
      return new PartWriter(`${this.at(path)}.part`);
    } catch (cause) {
      throw toFileError(cause, this.at(path));
    }
  }

  /** Makes what was written a part of the bundle; said first who served it, so that a part that is there has its line. */
  async keep(path: string, writer: PartWriter, served: Served): Promise<Part> {
    const part = writer.end();
    try {
      await appendFile(join(this.dir, SERVED_NAME), `${JSON.stringify({ path, ...served })}\n`);
      await rename(`${this.at(path)}.part`, this.at(path));
      await syncDirectory(dirname(this.at(path)));
    } catch (cause) {
      throw toFileError(cause, this.at(path));
    }
    this.#known.set(path, part);
    this.#served.set(path, served);
    return part;
  }

  /** A whole part at once. */
  async put(path: string, data: Uint8Array, served: Served): Promise<Part> {
    const writer = await this.begin(path);
    writer.begin();
    writer.write(data);
    return this.keep(path, writer, served);
  }

  /** Takes a part away that is not what it should be. */
  async remove(path: string): Promise<void> {
    this.#known.delete(path);
    this.#refused.add(path);
    await rm(this.at(path), { force: true });
  }
}

/** A part on its way to the disk. The chunks are written as they come, so that no layer of an image is held in memory. */
export class PartWriter {
  readonly #path: string;
  readonly #file: number;
  #hash: Hash = createHash('sha256');
  #bytes = 0;
  #failure: unknown = null;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'w', 0o644);
  }

  /** What was written so far does not count: the answer begins anew. */
  begin(): void {
    ftruncateSync(this.#file);
    this.#hash = createHash('sha256');
    this.#bytes = 0;
  }

  /** Throws what the disk says, and keeps it for `failure`: whoever reads from the network takes it for a fault of the network. */
  write(chunk: Uint8Array): void {
    try {
      let done = 0;
      while (done < chunk.length) done += writeSync(this.#file, chunk, done, chunk.length - done, this.#bytes + done);
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** What has been written: the checksum is ours, made on the way. */
  sum(): Part {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
  }

  /** What the disk refused, as an error of this program; null: nothing. */
  failure(): Error | null {
    return this.#failure === null ? null : toFileError(this.#failure, this.#path);
  }

  end(): Part {
    try {
      fsyncSync(this.#file);
    } catch (cause) {
      throw toFileError(cause, this.#path);
    } finally {
      closeSync(this.#file);
    }
    return this.sum();
  }

  /** Nothing of it is kept. */
  async drop(): Promise<void> {
    closeSync(this.#file);
    await rm(this.#path, { force: true });
  }
}

function readServed(file: string): Map<string, Served> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw toFileError(cause, file);
  }
  return new Map(
    text.split('\n').flatMap((line): [string, Served][] => {
      try {
        const { path, mirror, url } = JSON.parse(line) as Served & { readonly path: string };
        return [[path, { mirror, url }]];
      } catch {
        // The end of a line that a killed run was writing: its part is not there.
        return [];
      }
    }),
  );
}

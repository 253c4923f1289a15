import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRecord, type RunEntry } from '../report/facts/record.ts';
import { toFileError } from '../system/file-error.ts';
import { namesIn } from '../system/files/names-in.ts';
import { redact } from '../system/redact.ts';
import { defaultWorkRoot } from './work-dir.ts';

/** The record of the last run of a work dir, and of the one before it. */
export const RECORD_NAME = 'run.jsonl';
export const EARLIER_RECORD_NAME = 'run-before.jsonl';

/**
 * Writes the record of a run, a line at once for each entry, so that a run that is killed loses nothing. Until the work dir is known the
 * few entries wait in memory. What cannot be written is left out: no build fails for its record.
 */
export class RunRecord {
  private waiting: RunEntry[] = [];
  private file: number | null = null;
  private closed = false;
  private readonly secrets: readonly string[];

  /** @param secrets values that no line may hold, besides what is called a secret */
  constructor(secrets: readonly string[]) {
    this.secrets = secrets;
  }

  /** The entries that have no place yet: those of a run that ended before its work dir was known. */
  get unplaced(): readonly RunEntry[] {
    return this.waiting;
  }

  /** Adds a line; it may be handed on without its record. */
  readonly add = (entry: RunEntry): void => {
    if (this.closed) return;
    const clean = redact(entry, this.secrets) as RunEntry;
    if (this.file === null) this.waiting.push(clean);
    else this.write([clean]);
  };

  /** Begins the record in a work dir that this run holds; the last run's becomes the one before. */
  openIn(dir: string): void {
    if (this.file !== null || this.closed) return;
    try {
      const path = join(dir, RECORD_NAME);
      if (existsSync(path)) renameSync(path, join(dir, EARLIER_RECORD_NAME));
      this.file = openSync(path, 'a', 0o600);
    } catch {
      this.closed = true;
      return;
    }
    this.write(this.waiting);
    this.waiting = [];
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
    this.closed = true;
  }

  private write(entries: readonly RunEntry[]): void {
    if (this.file === null || entries.length === 0) return;
    try {
      writeSync(this.file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    } catch {
      // A full disk fails the build itself, which says so.
      this.close();
    }
  }
}

/** The entries of a record in a work dir; null where there is none. Throws what the file system does. */
export async function readRecord(
  dir: string,
  name: typeof RECORD_NAME | typeof EARLIER_RECORD_NAME,
): Promise<readonly RunEntry[] | null> {
  const path = join(dir, name);
  try {
    return parseRecord(await readFile(path, 'utf8')).entries;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw toFileError(cause, path);
  }
}

/** The work dir below the root (`--work-dir`, else the cache) whose record is the newest; null where none has one. */
export async function newestRun(workDir: string | null): Promise<string | null> {
  return (await recordedRuns(workDir))[0] ?? null;
}

/** The work dir of the newest run that built into this out dir; null where no record names it. */
export async function runOfOutDir(workDir: string | null, outDir: string): Promise<string | null> {
  for (const dir of await recordedRuns(workDir)) {
    const entries = (await readRecord(dir, RECORD_NAME)) ?? [];
    if (entries.some((entry) => entry.is === 'source' && entry.outDir === outDir)) return dir;
  }
  return null;
}

/** The work dirs that have a record, the newest first. */
async function recordedRuns(workDir: string | null): Promise<readonly string[]> {
  const root = workDir ?? defaultWorkRoot();
  const found = await Promise.all(
    (await namesIn(root)).map(async (name) => {
      const facts = await stat(join(root, name, RECORD_NAME)).catch(() => null);
      return facts === null ? null : { dir: join(root, name), at: facts.mtimeMs };
    }),
  );
  return found
    .filter((each) => each !== null)
    .sort((a, b) => b.at - a.at)
    .map(({ dir }) => dir);
}

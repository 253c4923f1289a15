import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nullWhenMissing } from './store.ts';

/** A part of a base image (`--base debian`): a package, a list of a suite, a release of Go. */
export interface BasePart {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** When it came. */
  readonly fetched: Date;
}

/** Where the parts lie in a store. */
export function basePartsDir(root: string): string {
  return join(root, 'base');
}

/** All parts that a store keeps, unchecked: whoever takes one compares its checksum. */
export async function listBaseParts(root: string): Promise<readonly BasePart[]> {
  const dir = basePartsDir(root);
  const names = (await readdir(dir, { recursive: true }).catch(nullWhenMissing)) ?? [];
  const parts = await Promise.all(
    names.map(async (name): Promise<BasePart | null> => {
      const path = join(dir, name);
      const there = await stat(path).catch(nullWhenMissing);
      return there?.isFile() === true ? { path, bytes: there.size, fetched: there.mtime } : null;
    }),
  );
  return parts.filter((part) => part !== null);
}

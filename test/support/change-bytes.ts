import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Changes one bit of each file of a folder and below it, at its start, in its middle and at its end, one after the other, and takes each
 * change back.
 *
 * @param seen whether the folder is told to be changed
 * @returns the changes that were not seen, and `as it is` where the folder is told to be changed before
 */
export async function unseenChanges(dir: string, seen: () => Promise<boolean>): Promise<readonly string[]> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    lstatSync(join(dir, name)).isFile(),
  );
  if (files.length === 0) throw new Error(`${dir} has no files`);
  const found: string[] = (await seen()) ? ['as it is'] : [];
  for (const name of files) {
    const bytes = readFileSync(join(dir, name));
    for (const at of new Set([0, bytes.length >> 1, bytes.length - 1])) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(join(dir, name), changed);
      if (!(await seen())) found.push(`${name}, byte ${String(at)}`);
    }
    writeFileSync(join(dir, name), bytes);
  }
  return found;
}

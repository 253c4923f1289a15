import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** BuildKit's cache goes by modes too, and they must not depend on this user's umask. */
export async function openForReading(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else await chmod(path, 0o644);
  }
}

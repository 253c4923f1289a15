import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/system/package-root.ts';

export const ROOT = packageRoot();

/** Paths of the files that are committed, or would be with `git add`: tracked and new ones, without the ignored. Deleted ones are left out. */
export function repositoryFiles(): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const files = [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(join(ROOT, file)));
  return files.filter((file) => statSync(join(ROOT, file)).isFile());
}

export function readRepositoryFile(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

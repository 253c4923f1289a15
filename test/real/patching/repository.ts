import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TreeFile } from '../../../src/types.ts';

/** An empty directory that goes with the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-test-'));
  onTestFinished(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** git as a user without any configuration has it. */
export function git(dir: string, args: readonly string[], input?: string): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'T',
    GIT_AUTHOR_EMAIL: 't@example.invalid',
    GIT_COMMITTER_NAME: 'T',
    GIT_COMMITTER_EMAIL: 't@example.invalid',
  };
  return execFileSync('git', [...args], {
    cwd: dir,
    env,
    encoding: 'utf8',
    input: input ?? '',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** A repository of one commit with these files. */
export function repositoryOf(files: ReadonlyMap<string, TreeFile>): string {
  const dir = tempDir();
  write(dir, files);
  git(dir, ['init', '--quiet', '--initial-branch=main']);
  git(dir, ['-c', 'core.autocrlf=false', 'add', '--all', '--force']);
  git(dir, ['commit', '--quiet', '--allow-empty', '-m', 'before']);
  return dir;
}

export function write(dir: string, files: ReadonlyMap<string, TreeFile>): void {
  for (const [path, { text, mode }] of files) {
    mkdirSync(join(dir, dirname(path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    chmodSync(join(dir, path), mode === '100755' ? 0o755 : 0o644);
  }
}

/** Every file below a directory but .git: path → mode and bytes. */
export function contentsOf(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(dir.length + 1);
    if (!entry.isFile() || path.startsWith('.git/')) continue;
    found[path] = `${(statSync(full).mode & 0o100) === 0 ? '644' : '755'} ${readFileSync(full).toString('hex')}`;
  }
  return found;
}

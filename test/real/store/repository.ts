import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** git as a user without any configuration has it, on a day that does not change. */
export function git(dir: string, ...args: readonly string[]): string {
  const who = { NAME: 'T', EMAIL: 't@example.invalid', DATE: '2021-12-13T12:00:00Z' };
  const named = Object.entries(who).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]);
  return execFileSync('git', [...args], {
    cwd: dir,
    env: {
      ...{ PATH: process.env['PATH'] ?? '', HOME: dir, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
      ...(Object.fromEntries(named) as Record<string, string>),
    },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

export interface Upstream {
  readonly dir: string;
  /** Of the annotated tag v1.0.2; two more commits stand before it. */
  readonly tagged: string;
  /** One commit after it, without a tag: the tip of main. */
  readonly later: string;
}

/** A component's repository: some history, an annotated tag on a commit, and a commit after it. */
export function makeUpstream(dir: string): Upstream {
  mkdirSync(join(dir, 'cmd'), { recursive: true });
  git(dir, 'init', '--quiet', '--initial-branch=main');
  const commit = (text: string): string => {
    writeFileSync(join(dir, 'cmd/main.go'), `package main // ${text}\n`);
    writeFileSync(join(dir, `${text}.txt`), text.repeat(500));
    git(dir, 'add', '--all');
    git(dir, 'commit', '--quiet', '-m', text);
    return git(dir, 'rev-parse', 'HEAD');
  };
  commit('first');
  git(dir, 'tag', '-a', '-m', 'one', 'v1.0.0');
  commit('second');
  const tagged = commit('third');
  git(dir, 'tag', '-a', '-m', 'two', 'v1.0.2');
  git(dir, 'tag', 'nightly');
  const later = commit('fourth');
  return { dir, tagged, later };
}

/** Directories that a test file makes and takes away at its end. */
export class Places {
  readonly base = mkdtempSync(join(tmpdir(), 'moby-build-places-'));
  #count = 0;

  /** A path where nothing is. */
  next(): string {
    this.#count += 1;
    return join(this.base, String(this.#count));
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

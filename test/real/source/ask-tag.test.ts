import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { askTag } from '../../../src/transport/ask-tag.ts';

const base = mkdtempSync(join(tmpdir(), 'ask-tag-'));
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', base, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { encoding: 'utf8' }).trim();
let commit = '';
beforeAll(() => {
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  commit = git('rev-parse', 'HEAD');
  git('tag', 'light');
  git('tag', '-a', '-m', 'x', 'docker-v29.99.0');
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

describe('askTag', () => {
  it('peels a tag, knows a plain one, and one that is not there', async () => {
    const access = new GitAccess({ env: { HOME: base, PATH: process.env['PATH'] } });
    const url = pathToFileURL(base).href;
    expect(await askTag(url, 'docker-v29.99.0', access)).toEqual({ commit });
    expect(await askTag(url, 'light', access)).toEqual({ commit });
    expect(await askTag(url, 'docker-v29.99', access)).toEqual({ commit: null });
    expect(await askTag(`${url}/nowhere`, 'light', access)).toHaveProperty('fault');
  });
});

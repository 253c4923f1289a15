import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { GitAccess } from '../../../src/system/git/git-access.ts';

const home = mkdtempSync(join(tmpdir(), 'git-unchecked-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

it('a setting of ~/.gitconfig and a variable that turn verification off are told once git is used', async () => {
  writeFileSync(join(home, '.gitconfig'), '[http "https://git.example"]\n\tsslVerify = false\n[http]\n\tsslVerify\n');
  const access = new GitAccess({ env: { HOME: home, PATH: process.env['PATH'], GIT_SSL_NO_VERIFY: '1' } });
  expect(await access.unchecked()).toEqual([]);
  await access.environmentFor('https://git.example/x.git');
  expect(await access.unchecked()).toEqual(['GIT_SSL_NO_VERIFY', 'http.https://git.example.sslverify']);
});

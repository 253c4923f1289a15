import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolders, makeFoldersSync } from '../../../src/system/make-folders.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'moby-build-test-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe.each([
  ['makeFolders', makeFolders],
  ['makeFoldersSync', async (path: string) => Promise.resolve().then(() => makeFoldersSync(path))],
])('%s', (_name, make) => {
  it('makes all that is missing, and says which is the uppermost', async () => {
    expect(await make(join(root, 'a/b/c'))).toBe(join(root, 'a'));
    expect(existsSync(join(root, 'a/b/c'))).toBe(true);
    expect(await make(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'));
    expect(await make(join(root, 'a/b'))).toBeUndefined();
    expect(await make('/')).toBeUndefined();
  });

  it('takes a link to a folder for one', async () => {
    mkdirSync(join(root, 'a'));
    symlinkSync('a', join(root, 'link'));
    expect(await make(join(root, 'link'))).toBeUndefined();
    expect(await make(join(root, 'link/b'))).toBe(join(root, 'link/b'));
  });

  it('takes a folder that another process makes meanwhile', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(async (n) => make(join(root, `a/b/c/${String(n)}`))));
    expect(all).toHaveLength(4);
  });

  it('fails as the system says, and comes to an end, where nothing can be made', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(make(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(root, 'file/a/b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(make('/proc/no-such/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

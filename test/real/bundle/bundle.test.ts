import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFiles, listed, smallBundle, type Files } from '../../support/make-bundle.ts';
import { BundleFolder } from './bundle-folder.ts';

/** Bundles as files, and the program; hostile ones are made by tar(1). */
const { contents, files } = smallBundle();
let folder: BundleFolder;
let dir: string;
beforeAll(async () => {
  folder = new BundleFolder();
  ({ dir } = folder);
  await put('whole.tar', listed(contents, files));
});
afterAll(() => {
  folder.remove();
});

const put = (name: string, all: Files): Promise<string> => folder.put(name, all);
const run = (...args: string[]) => folder.run(...args);

describe('a bundle', () => {
  it('is what tar and sha256sum read, and lies there as it was', () => {
    const at = join(dir, 'unpacked');
    mkdirSync(at);
    execFileSync('tar', ['-xf', '../whole.tar'], { cwd: at });
    expect(execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: at, encoding: 'utf8' })).toBe('');
    const listing = execFileSync('tar', ['-tf', 'whole.tar'], { cwd: dir, encoding: 'utf8' });
    expect(listing.trim().split('\n')).toEqual(listed(contents, files).map(([path]) => path));
  });

  it('is listed and verified, and nothing is written', () => {
    const before = readdirSync(dir);
    const ls = run('ls', 'whole.tar');
    expect(ls.stdout).toContain('For moby v20.10.24 (bbbbbbbbbbbb), arm64, target binary');
    expect(ls.stdout).toContain('golang:1.17');
    expect(ls.status).toBe(0);
    const verified = run('verify', 'whole.tar');
    expect(verified).toMatchObject({ status: 0, stdout: '' });
    expect(verified.stderr).toContain('All 2 objects are whole');
    expect(readdirSync(dir)).toEqual(before);
  });

  it('that is damaged: each file is named, exit 5', async () => {
    const wrong = files.map(
      ([path, data]) => [path, path.includes('.git/') ? Buffer.alloc(data.length, 'x') : data] as const,
    );
    await put(
      'damaged.tar',
      listed(contents, files).map(
        ([path, data]) => [path, wrong.find(([name]) => name === path)?.[1] ?? data] as const,
      ),
    );
    const { status, stderr } = run('verify', 'damaged.tar');
    expect(status).toBe(5);
    for (const [path] of files.filter(([name]) => name.includes('.git/')))
      expect(stderr).toContain(`${path} is damaged`);
  });

  it('that differs from another: what came and what went', async () => {
    const { digest } = imageFiles();
    const without = files.filter(([path]) => !path.startsWith('images/blobs'));
    const fewer = { ...contents, objects: contents.objects.filter((each) => each.digest !== digest) };
    await put('fewer.tar', listed(fewer, without));
    const { status, stdout } = run('diff', 'fewer.tar', 'whole.tar');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1 added\n.*\nimage +golang:1\.17/u);
  });
});

describe('a hostile file', () => {
  const tarred = (name: string, ...args: string[]): string => {
    execFileSync('tar', ['--format=ustar', '-cf', name, ...args], { cwd: dir });
    return name;
  };
  it.each<readonly [string, () => string, string]>([
    [
      'a link',
      () => {
        symlinkSync('/etc/passwd', join(dir, 'link'));
        return tarred('link.tar', 'link');
      },
      '"link" is a symbolic link, not a file',
    ],
    [
      'a path that leads out',
      () => {
        writeFileSync(join(dir, 'plain'), 'x');
        return tarred('out.tar', '-P', '--transform=s,^,../../,', 'plain');
      },
      '"../../plain" leads out of the bundle',
    ],
    [
      'a cut file',
      () => {
        execFileSync('cp', ['whole.tar', 'cut.tar'], { cwd: dir });
        truncateSync(join(dir, 'cut.tar'), 9000);
        return 'cut.tar';
      },
      'it is cut ',
    ],
  ])('%s is refused, exit 5, and nothing is written', (_, make, message) => {
    const file = make();
    const before = readdirSync(dir);
    const { status, stderr } = run('verify', file);
    expect(stderr).toContain(message);
    expect(status).toBe(5);
    expect(readdirSync(dir)).toEqual(before);
  });
});

describe('a file that is none', () => {
  it.each([
    ['nowhere.tar', 'nowhere.tar is not there.'],
    ['.', ' is no file.'],
  ])('%s: exit 2', (file, message) => {
    const { status, stderr } = run('verify', file);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

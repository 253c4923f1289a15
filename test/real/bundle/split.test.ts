import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeBundle, type Written } from '../../../src/bundle/make/write-bundle.ts';
import { bundleVerifyDocument } from '../../../src/commands/bundle/document.ts';
import { sha256, smallBundle } from '../../support/make-bundle.ts';
import { BundleFolder } from './bundle-folder.ts';

/** A bundle in parts; standard tools join it, and the program reads it as it lies. */
const { contents, files } = smallBundle();
const PART = 4096;
const NAMES = ['moby.tar.001', 'moby.tar.002', 'moby.tar.003', 'moby.tar.004'];
let folder: BundleFolder;
let at: string;
let written: Written;
beforeAll(async () => {
  folder = new BundleFolder();
  mkdirSync(join(folder.dir, 'made'));
  written = await write(PART);
});
afterAll(() => {
  folder.remove();
});
beforeEach(() => {
  at = join(folder.dir, 'here');
  rmSync(at, { recursive: true, force: true });
  cpSync(join(folder.dir, 'made'), at, { recursive: true });
});

const write = (split: number | null, earlier: readonly string[] = []): Promise<Written> => {
  const sources = files.map(([path, data]) => {
    const from = join(folder.dir, 'sources', sha256(path));
    mkdirSync(join(folder.dir, 'sources'), { recursive: true });
    writeFileSync(from, data);
    return [path, { from, bytes: data.length, sha256: sha256(data) }] as const;
  });
  const output = { file: join(folder.dir, 'made/moby.tar'), split, earlier };
  return writeBundle(output, contents, new Map(sources), () => undefined);
};
const verify = (file = 'moby.tar', ...more: string[]) => folder.run('verify', join(at, file), ...more);

describe('a bundle in parts', () => {
  it('has parts of one size with a list, which standard tools check and join', () => {
    expect(readdirSync(at)).toEqual([...NAMES, 'moby.tar.sha256']);
    expect(written.parts.slice(0, -1).map(({ bytes }) => bytes)).toEqual(NAMES.slice(1).map(() => PART));
    execFileSync('sha256sum', ['-c', '--quiet', 'moby.tar.sha256'], { cwd: at });
    const joined = execFileSync('sh', ['-c', 'cat moby.tar.[0-9]*'], { cwd: at });
    expect(sha256(joined)).toBe(written.sha256);
    writeFileSync(join(at, 'joined.tar'), joined);
    expect(folder.run('verify', join(at, 'joined.tar')).status).toBe(0);
  });

  it.each(['moby.tar', 'moby.tar.001', 'moby.tar.sha256'])('is read by the name %s', (name) => {
    const { status, stdout, stderr } = verify(name, '--json');
    expect(status, stderr).toBe(0);
    expect(bundleVerifyDocument.parse(JSON.parse(stdout))).toMatchObject({ faults: [], sha256: written.sha256 });
    expect(folder.run('ls', join(at, name)).stdout).toContain('golang:1.17');
  });

  it.each(NAMES.map((name) => [name]))('%s: missing, it is named', (name) => {
    rmSync(join(at, name));
    const { status, stderr } = verify();
    expect(stderr).toContain(`  ${name} is not there\n`);
    expect(status).toBe(5);
    expect(folder.run('ls', join(at, 'moby.tar')).status).toBe(5);
  });

  it.each(NAMES.map((name) => [name]))('%s: damaged, it is named, and no other', (name) => {
    const data = readFileSync(join(at, name));
    data[0] = (data[0] ?? 0) ^ 1;
    writeFileSync(join(at, name), data);
    const { status, stderr } = verify();
    expect(stderr).toContain(`  ${name} is damaged, or a part of another bundle: its SHA-256 is ${sha256(data)}`);
    expect(stderr).toContain('(1):');
    expect(status).toBe(5);
  });

  it('two that are swapped are named', () => {
    renameSync(join(at, NAMES[1] ?? ''), join(at, 'aside'));
    renameSync(join(at, NAMES[2] ?? ''), join(at, NAMES[1] ?? ''));
    renameSync(join(at, 'aside'), join(at, NAMES[2] ?? ''));
    const { status, stderr } = verify();
    expect(stderr).toContain(
      '  moby.tar.002 has the bytes of moby.tar.003\n  moby.tar.003 has the bytes of moby.tar.002\n',
    );
    expect(status).toBe(5);
  });

  it.each<readonly [string, () => void, string]>([
    [
      'cut',
      () => {
        truncate(NAMES[3] ?? '');
      },
      'moby.tar.004 is damaged, or a part',
    ],
    [
      'longer',
      () => {
        writeFileSync(join(at, NAMES[0] ?? ''), 'more', { flag: 'a' });
      },
      'moby.tar.001 is damaged, or a part',
    ],
    [
      'without its list',
      () => {
        rmSync(join(at, 'moby.tar.sha256'));
      },
      'moby.tar.sha256, which lists them, is not there',
    ],
    [
      'whose list leads elsewhere',
      () => {
        list('moby.tar.002', '../../etc/passwd');
      },
      'has another line 2 than that of',
    ],
    [
      'whose list is huge',
      () => {
        writeFileSync(join(at, 'moby.tar.sha256'), Buffer.alloc(200_000, 'x'));
      },
      'moby.tar.sha256 ',
    ],
  ])('%s is refused, exit 5, and nothing is written', (_, change, words) => {
    change();
    const before = readdirSync(at);
    const { status, stderr } = verify();
    expect(stderr).toContain(words);
    expect(status).toBe(5);
    expect(readdirSync(at)).toEqual(before);
  });
});

describe('what an earlier bundle of the name left', () => {
  it('goes, and nothing else', async () => {
    const made = join(folder.dir, 'made');
    writeFileSync(join(made, 'moby.tar.999'), 'of somebody');
    const before = [...NAMES, 'moby.tar.sha256'].map((name) => join(made, name));
    const larger = await write(2 * PART, before);
    expect(readdirSync(made)).toEqual(['moby.tar.001', 'moby.tar.002', 'moby.tar.999', 'moby.tar.sha256']);
    expect(larger.sha256).toBe(written.sha256);
    await write(null, before);
    expect(readdirSync(made)).toEqual(['moby.tar', 'moby.tar.999']);
    copyFileSync(join(made, 'moby.tar'), join(made, 'one.tar'));
    await expect(write(8)).rejects.toThrow('more than 250 parts of this size');
    expect(readFileSync(join(made, 'moby.tar')).equals(readFileSync(join(made, 'one.tar')))).toBe(true);
  });
});

function truncate(name: string): void {
  writeFileSync(join(at, name), readFileSync(join(at, name)).subarray(0, -1));
}

function list(from: string, to: string): void {
  const file = join(at, 'moby.tar.sha256');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

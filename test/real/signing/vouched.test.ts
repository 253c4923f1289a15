import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of, sumsOfFolder } from '../../../src/artifacts/sha256sums.ts';
import { checkSealedSums } from '../../../src/signing/check-sums.ts';
import { readPublicKey } from '../../../src/signing/key-file.ts';
import { sealSums } from '../../../src/signing/seal.ts';
import { readSecretKey } from '../../../src/signing/secret-key.ts';
import { packageRoot } from '../../../src/system/package-root.ts';
import { markingProgram } from '../../support/answering-program.ts';
import { makeKeys } from '../../support/make-keys.ts';

/** GOARCH of this machine. */
const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;
const keys = makeKeys('minisign');

let dir: string;
let folder: string;
const at = (name: string) => join(dir, name);
const inFolder = (name: string) => join(folder, name);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-test-vouched-'));
  folder = at('out');
  mkdirSync(folder);
  writeFileSync(at('key.pub'), keys.public);
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** Puts a list over the folder, with a signature of the key, or of a pair that nobody knows. */
async function seal(by = keys): Promise<void> {
  const read = await readSecretKey(by.secret, null);
  if (read.is !== 'signer') throw new Error(read.is);
  await sealSums(folder, await sumsOfFolder(folder), { signer: read.signer, about: 'a test', owner: null });
}

function verify(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot(), 'bin/moby-build.cjs'), 'verify', ...words],
    { cwd: dir, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

function seenBy(id: string, stdout: string): string {
  const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string; seen: string }[] };
  const found = checks.find((each) => each.id === id);
  return `${found?.result ?? 'none'}: ${found?.seen ?? ''}`;
}

/** Every start of it leaves `started`. */
const starts = () => existsSync(at('started'));
const program = () => markingProgram(ARCH, at('started'));

describe('with a key, verify starts', () => {
  beforeEach(() => {
    writeFileSync(inFolder('dockerd'), program(), { mode: 0o755 });
  });

  it('a program that the signed list names with these bytes', async () => {
    await seal();
    verify(folder, '--key', at('key.pub'));
    expect(starts()).toBe(true);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'that was changed after the list was signed',
      async () => {
        await seal();
        appendFileSync(inFolder('dockerd'), 'x');
      },
    ],
    ['whose list another key signed', () => seal(makeKeys('minisign'))],
    [
      'whose list was changed after it was signed',
      async () => {
        await seal();
        const changed = Buffer.concat([program(), Buffer.from('x')]);
        writeFileSync(inFolder('dockerd'), changed);
        writeFileSync(inFolder('SHA256SUMS'), `${sha256Of(changed)}  dockerd\n`);
      },
    ],
    ['without a list', () => Promise.resolve()],
    [
      'that the list does not name',
      async () => {
        await seal();
        writeFileSync(inFolder('runc'), program(), { mode: 0o755 });
        rmSync(inFolder('dockerd'));
      },
    ],
  ])('no program %s', async (_title, prepare) => {
    await prepare();
    const { status, stdout } = verify(folder, '--key', at('key.pub'), '--json');
    expect([status, starts()]).toEqual([7, false]);
    expect(stdout).toContain('not started: the key does not vouch for it');
  });
});

describe('a package', () => {
  const pack = (from: string) => {
    execFileSync('tar', ['-czf', inFolder('docker-20.10.12.tgz'), '-C', from, 'docker']);
  };

  it('that the key does not vouch for is not unpacked', async () => {
    mkdirSync(at('tree/docker'), { recursive: true });
    writeFileSync(at('tree/docker/dockerd'), program(), { mode: 0o755 });
    pack(at('tree'));
    await seal();
    expect(verify(folder, '--key', at('key.pub')).status).toBe(7);
    expect(starts()).toBe(true);
    rmSync(at('started'));
    appendFileSync(inFolder('docker-20.10.12.tgz'), 'x');
    const { status, stdout } = verify(inFolder('docker-20.10.12.tgz'), '--key', at('key.pub'), '--json');
    expect([status, starts()]).toEqual([7, false]);
    expect(seenBy('package', stdout)).toBe('skipped: not unpacked: the key does not vouch for it');
    expect(seenBy('sums', stdout)).toBe('failed: other bytes: docker-20.10.12.tgz');
  });

  it('leads to no folder of this machine by a link in it', () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/dockerd'), program(), { mode: 0o755 });
    mkdirSync(at('tree'));
    symlinkSync(at('elsewhere'), at('tree/docker'));
    pack(at('tree'));
    const { status, stdout } = verify(inFolder('docker-20.10.12.tgz'), '--json');
    expect([status, starts()]).toEqual([7, false]);
    expect(seenBy('package', stdout)).toBe('failed: docker in it is a link, and may lead anywhere');
  });
});

describe('under a signature the folder holds nothing that the list does not name', () => {
  beforeEach(async () => {
    writeFileSync(inFolder('dockerd-20.10.12'), 'x');
    await seal();
    writeFileSync(at('outside'), 'x');
  });

  it.each<[string, () => void, string]>([
    [
      'a file',
      () => {
        writeFileSync(inFolder('runc'), 'x');
      },
      'runc',
    ],
    [
      'a hidden file',
      () => {
        writeFileSync(inFolder('.profile'), 'x');
      },
      '.profile',
    ],
    [
      'a folder',
      () => {
        mkdirSync(inFolder('files'));
        writeFileSync(inFolder('files/more'), 'x');
      },
      'files/',
    ],
    [
      'a link to another place',
      () => {
        symlinkSync(at('outside'), inFolder('runc'));
      },
      'runc',
    ],
  ])('%s', async (_title, add, name) => {
    add();
    const [withKey, without] = await Promise.all(
      [readPublicKey(keys.public), null].map(async (key) => (await checkSealedSums(folder, key)).checks[0]),
    );
    expect(withKey).toMatchObject({ id: 'sums', result: 'failed', seen: `not in it: ${name}` });
    expect(without).toMatchObject({ id: 'sums', result: 'warning', seen: `not in it: ${name}` });
  });

  it('but names of files in it: a link to a file of the list', async () => {
    symlinkSync('dockerd-20.10.12', inFolder('dockerd'));
    expect((await checkSealedSums(folder, readPublicKey(keys.public))).checks[0]).toMatchObject({ result: 'ok' });
  });

  it('a file of the list that is a link out of the folder, with the same bytes', async () => {
    rmSync(inFolder('dockerd-20.10.12'));
    symlinkSync(at('outside'), inFolder('dockerd-20.10.12'));
    for (const key of [readPublicKey(keys.public), null])
      expect((await checkSealedSums(folder, key)).checks[0]).toMatchObject({
        result: 'failed',
        seen: expect.stringContaining('a link out of the folder: dockerd-20.10.12') as string,
      });
  });
});

it('a folder of archives that hold no program is no build, but where a key vouches for them', async () => {
  writeFileSync(at('notes.txt'), 'nothing of moby\n');
  execFileSync('tar', ['-czf', inFolder('backup.tgz'), '-C', dir, 'notes.txt']);
  const { status, stdout } = verify(folder, '--json');
  expect(status).toBe(7);
  expect(stdout).toContain('none of them holds any');
  await seal();
  expect(verify(folder, '--key', at('key.pub')).status).toBe(0);
});

it('a name of a file prints no escape code', () => {
  writeFileSync(inFolder('dockerd\u001b[2J'), program(), { mode: 0o755 });
  writeFileSync(inFolder('SHA256SUMS'), `${'0'.repeat(64)}  gone\u001b[31m\n`);
  const { status, stdout, stderr } = verify(folder);
  expect(status).toBe(7);
  const said = `${stdout}${stderr}`;
  expect(said).not.toContain('\u001b');
  for (const name of ['missing: gone\ufffd[31m', 'dockerd\ufffd[2J']) expect(said).toContain(name);
});

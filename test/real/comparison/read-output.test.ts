import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutput } from '../../../src/comparison/read-output.ts';
import { wholeManifest } from '../../unit/artifacts/whole-manifest.ts';
import { failureIn } from '../../support/failure.ts';

let dir: string;
const at = (name: string) => join(dir, name);
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-test-output-'));
  for (const name of ['folder', 'temp', 'empty', 'half', 'packed/docker', 'twice/a', 'twice/b'])
    mkdirSync(at(name), { recursive: true });
  writeFileSync(at('folder/dockerd-20.10.24'), 'daemon');
  symlinkSync('dockerd-20.10.24', at('folder/dockerd'));
  writeFileSync(at('folder/dockerd-20.10.24.sha256'), 'x');
  const sha256 = '1'.repeat(64);
  const binary = { name: 'runc', path: 'runc', bytes: 1, sha256, machine: 'x86_64', static: true, version: null };
  writeFileSync(at('folder/manifest.json'), JSON.stringify(wholeManifest({ binaries: [binary] })));
  writeFileSync(at('half/manifest.json'), '{');
  cpSync(at('folder/dockerd-20.10.24'), at('packed/docker/dockerd'));
  execFileSync('tar', ['-czf', at('docker.tgz'), '-C', at('packed'), 'docker']);
  for (const name of ['a', 'b']) writeFileSync(at(`twice/${name}/same`), name);
  execFileSync('tar', ['-czf', at('twice.tar.gz'), '-C', at('twice'), '.']);
  writeFileSync(at('cut.tgz'), 'no archive');
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

describe('an output', () => {
  it.each([
    ['a folder: binaries by their short names, without sums', 'folder', 'folder', ['dockerd'], true],
    ['a manifest: what it names', 'folder/manifest.json', 'manifest', ['runc'], true],
    ['a tgz, without its folders', 'docker.tgz', 'tgz', ['dockerd'], false],
    ['a tgz with two files of one name', 'twice.tar.gz', 'tgz', ['a/same', 'b/same'], false],
  ])('%s', async (_title, name, kind, names, hasManifest) => {
    const { files, ...read } = await readOutput(at(name), at('temp'));
    expect(read.kind).toBe(kind);
    expect(files.map((file) => file.name)).toEqual(names);
    expect(read.manifest !== null).toBe(hasManifest);
  });

  it('of a package has the same sum as in the folder', async () => {
    const [folder, packed] = await Promise.all(
      ['folder', 'docker.tgz'].map((name) => readOutput(at(name), at('temp'))),
    );
    expect(packed?.files[0]?.sha256).toBe(folder?.files[0]?.sha256);
  });

  it.each([
    ['nothing', 'nowhere', 'There is no such file or folder.'],
    ['an empty folder', 'empty', 'The folder holds no binaries and no manifest.'],
    ['a folder with half a manifest', 'half', 'Its manifest cannot be used: it is no JSON'],
    ['a binary', 'folder/dockerd-20.10.24', 'no whole manifest of moby-build'],
    ['a package that is cut short', 'cut.tgz', 'tar cannot read it'],
  ])('is not %s', async (_title, name, reason) => {
    const error = await failureIn(readOutput(at(name), at('temp')));
    expect(error).toMatchObject({ code: 'not-an-output', exitCode: 2, where: at(name) });
    expect(error.message).toContain(reason);
  });

  it.skipIf(!spawnable('dpkg-deb'))('a deb', async () => {
    mkdirSync(at('deb/DEBIAN'), { recursive: true });
    mkdirSync(at('deb/usr/bin'), { recursive: true });
    writeFileSync(
      at('deb/DEBIAN/control'),
      'Package: p\nVersion: 1\nArchitecture: all\nMaintainer: m <m@example.com>\nDescription: d\n',
    );
    cpSync(at('folder/dockerd-20.10.24'), at('deb/usr/bin/dockerd'));
    execFileSync('dpkg-deb', ['--root-owner-group', '-b', at('deb'), at('p.deb')], { stdio: 'ignore' });
    expect((await readOutput(at('p.deb'), at('temp'))).files.map(({ name }) => name)).toEqual(['dockerd']);
  });
});

function spawnable(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePackage } from '../../../src/packages/packer.ts';
import { programsOnPath } from '../../../src/make/engine/programs-on-path.ts';
import { packageVersion } from '../../../src/packages/content/package-version.ts';
import { writeTarball } from '../../../src/packages/tar.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-test-packages-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const entries = [
  { path: 'usr/bin/dockerd', mode: 0o755, from: { text: '#!/bin/sh\n' } },
  { path: 'etc/default/docker', mode: 0o644, from: { text: 'A=1\n' }, config: true },
] as const;
const seconds = 1_700_000_000;

it('tar reads an archive: root, fixed modes and times; the same entries are the same bytes', async () => {
  const [first, second] = [join(dir, '1.tgz'), join(dir, '2.tgz')];
  await writeTarball(first, entries, seconds);
  await writeTarball(second, entries.toReversed(), seconds);
  expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
  const listed = execFileSync('tar', ['--utc', '--full-time', '-tvzf', first], { encoding: 'utf8' });
  const file = listed.split('\n').find((line) => line.endsWith('usr/bin/dockerd')) ?? '';
  expect(file.replace(/\s+/gu, ' ')).toBe('-rwxr-xr-x root/root 10 2023-11-14 22:13:20 usr/bin/dockerd');
  execFileSync('tar', ['-xzf', first, '-C', dir]);
  expect(readFileSync(join(dir, 'etc/default/docker'), 'utf8')).toBe('A=1\n');
});

// Only distributions of Debian's family have the tool; CI's machine is one.
it.skipIf(programsOnPath('dpkg-deb', process.env['PATH'] ?? '').length === 0)(
  'dpkg-deb makes a deb, twice with the same bytes, that changes nothing which runs',
  async () => {
    const metadata = {
      version: packageVersion('v20.10.12', null),
      arch: 'amd64',
      depends: ['iptables'],
      others: ['docker.io'],
      commit: null,
    } as const;
    const made: Buffer[] = [];
    for (const turn of ['1', '2']) {
      const to = join(dir, `${turn}.deb`);
      const temp = join(dir, turn);
      mkdirSync(temp);
      await makePackage('dpkg-deb', 'deb', { metadata, entries, seconds, temp, to, nfpmYaml: '' });
      made.push(readFileSync(to));
    }
    expect(made[1]?.equals(made[0] ?? Buffer.alloc(0))).toBe(true);
    const ask = (...words: string[]) => execFileSync('dpkg-deb', words, { encoding: 'utf8' });
    const deb = join(dir, '1.deb');
    expect(ask('-f', deb, 'Version', 'Conflicts')).toBe('Version: 20.10.12-0mobybuild1\nConflicts: docker.io\n');
    expect(ask('-c', deb)).toMatch(/^-rwxr-xr-x root\/root .* \.\/usr\/bin\/dockerd$/mu);
    expect(ask('-I', deb, 'conffiles')).toBe('/etc/default/docker\n');
    expect(`${ask('-I', deb, 'postinst')}${ask('-I', deb, 'postrm')}`).not.toMatch(
      /systemctl (?:re)?(?:start|stop|enable|disable)|invoke-rc\.d|service /u,
    );
  },
);

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readEmulation } from '../../../src/doctor/emulation.ts';
import { lookAtMachine } from '../../../src/doctor/machine.ts';
import { readOsRelease } from '../../../src/doctor/os-release.ts';

const base = mkdtempSync(join(tmpdir(), 'doctor-test-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

function program(directory: string, name: string, script: string): void {
  mkdirSync(join(base, directory), { recursive: true });
  writeFileSync(join(base, directory, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(base, directory, name), 0o755);
}

describe('programs on PATH', () => {
  program('first', 'git', 'echo "git version 2.17.1.windows.2"');
  program('second', 'git', 'echo "git version 2.39.5"');
  program('first', 'make', 'exec sleep 60');
  program('first', 'dockerd', 'true');
  writeFileSync(join(base, 'first/bash'), 'not executable');

  it('are found in its order, with what they say of themselves', async () => {
    const machine = await lookAtMachine({ PATH: `/nonexistent:${join(base, 'first')}:${join(base, 'second')}` });
    expect(await machine.program('git')).toEqual({ path: join(base, 'first/git'), version: '2.17.1' });
    expect(await machine.program('bash')).toBeNull();
    expect(machine.dockerdInstalled).toBe(true);
  });

  it('that do not say their version count as being there', async () => {
    const machine = await lookAtMachine({ PATH: `${join(base, 'first')}:/usr/bin:/bin` });
    expect(await machine.program('make')).toEqual({ path: join(base, 'first/make'), version: null });
  });

  it('tells what is free and writable where a directory is or would be', async () => {
    const machine = await lookAtMachine({});
    const free = await machine.diskFree(join(base, 'not/yet/there'));
    expect(free.path).toBe(base);
    expect(free.freeBytes).toBeGreaterThan(0);
    expect(await machine.mayWrite(join(base, 'not/yet/there'))).toBe(true);
    expect(await machine.mayWrite('/proc/1')).toBe(false);
  });
});

describe('binfmt_misc', () => {
  // As qemu-user-static registers them: kernel, admin-guide/binfmt-misc.
  const arm64 = '7f454c460201010000000000000000000200b700';
  const entry = (magic: string, state = 'enabled', flags = 'OCF') =>
    `${state}\ninterpreter /usr/libexec/qemu-binfmt/x\nflags: ${flags}\noffset 0\nmagic ${magic}\nmask ffffffffffffff00fffffffffffffffffeffffff\n`;

  it.each<[string, Record<string, string>, string, string]>([
    ['ready', { status: 'enabled\n', 'qemu-aarch64': entry(arm64) }, 'arm64', 'ready'],
    ['under any name', { status: 'enabled\n', mine: entry(arm64) }, 'arm64', 'ready'],
    ['another architecture', { status: 'enabled\n', 'qemu-aarch64': entry(arm64) }, 's390x', 'absent'],
    ['big-endian', { status: 'enabled\n', z: entry('7f454c4602020100000000000000000000020016') }, 's390x', 'ready'],
    ['none', { status: 'enabled\n' }, 'arm64', 'absent'],
    ['entry off', { status: 'enabled\n', 'qemu-aarch64': entry(arm64, 'disabled') }, 'arm64', 'disabled'],
    ['all off', { status: 'disabled\n', 'qemu-aarch64': entry(arm64) }, 'arm64', 'disabled'],
    ['without F', { status: 'enabled\n', 'qemu-aarch64': entry(arm64, 'enabled', 'OC') }, 'arm64', 'not-in-containers'],
    [
      'not ELF',
      { status: 'enabled\n', jar: 'enabled\ninterpreter /usr/bin/jexec\nflags: \noffset 0\nmagic 504b0304\n' },
      'arm64',
      'absent',
    ],
    [
      'by extension',
      { status: 'enabled\n', py: 'enabled\ninterpreter /usr/bin/python3\nflags: \nextension .py\n' },
      'arm64',
      'absent',
    ],
    ['not mounted', {}, 'arm64', 'unknown'],
    ['of a CPU that the table knows, though moby is not built for it', { status: 'enabled\n' }, 'loong64', 'absent'],
    ['unheard-of', { status: 'enabled\n' }, 'mips64le', 'unknown'],
  ])('%s', async (name, files, arch, state) => {
    const directory = mkdtempSync(join(base, 'binfmt-'));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
    expect(await readEmulation(arch, directory), name).toBe(state);
  });

  it('tells of this machine without an error', async () => {
    expect(['ready', 'absent', 'disabled', 'not-in-containers', 'unknown']).toContain(await readEmulation('arm64'));
  });
});

describe('os-release', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', 'debian', [], '12'],
    ["ID='ubuntu'\nID_LIKE=debian\nVERSION_ID=24.04", 'ubuntu', ['debian'], '24.04'],
    ['# comment\nID=almalinux\nID_LIKE="rhel centos fedora"\n', 'almalinux', ['rhel', 'centos', 'fedora'], null],
    ['', 'linux', [], null],
  ])('%j', (text, id, idLike, versionId) => {
    expect(readOsRelease(text)).toMatchObject({ id, idLike, versionId });
  });
});

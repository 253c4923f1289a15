import { describe, expect, it } from 'vitest';
import type { VersionAnswer } from '../../../src/artifacts/ask-version.ts';
import type { ElfFacts, FileFormat } from '../../../src/artifacts/elf/elf-format.ts';
import { judgeBinary, type BinaryDemands } from '../../../src/artifacts/judge-binary.ts';

type Elf = FileFormat & ElfFacts & { readonly kind: 'elf' };

const STATIC: Elf = {
  ...{ kind: 'elf', bits: 64, endian: 'little', machine: 'x86_64', type: 'executable' },
  ...{ interpreter: null, needed: [], static: true },
};
const LOADER = '/lib64/ld-linux-x86-64.so.2';
const DYNAMIC: Elf = {
  ...STATIC,
  type: 'pie',
  interpreter: LOADER,
  needed: ['libc.so.6', 'libdl.so.2'],
  static: false,
};
const SILENT: VersionAnswer = { kind: 'not-asked' };
const CANNOT: VersionAnswer = { kind: 'cannot-run' };
const says = (text: string): VersionAnswer => ({ kind: 'said', text, line: text });

interface Seen {
  readonly name: string;
  readonly format: FileFormat;
  readonly answer?: VersionAnswer;
  readonly executable?: boolean;
  readonly bytes?: number;
}

/** `RESULT: what was seen`. */
function judged(
  { name, format, answer = SILENT, executable = true, bytes = 9 }: Seen,
  demands: BinaryDemands = {},
): string {
  const machine = format.kind === 'elf' ? format.machine : 'unknown';
  const facts = { name, path: `/o/${name}`, bytes, sha256: 'aa', machine, static: false, version: null };
  const check = judgeBinary({ facts, format, answer, executable, seconds: 3 }, demands);
  expect(check).toMatchObject({ id: `binary:${name}`, title: name, fix: null, seconds: 3 });
  return `${check.result}: ${check.seen}`;
}

const mute = 'does not say its version';

describe('what a file is', () => {
  it.each<[string, Seen, string]>([
    ['cut short', { name: 'runc', format: { kind: 'damaged', reason: 'no end' } }, 'failed: damaged: no end'],
    ['empty', { name: 'runc', format: { kind: 'other', magic: '' }, bytes: 0 }, 'failed: empty'],
    ['a text', { name: 'runc', format: { kind: 'other', magic: 'ab' } }, 'failed: neither ELF nor a script'],
    ['a script', { name: 'x.sh', format: { kind: 'script', interpreter: '/bin/sh' } }, 'ok: script for /bin/sh'],
    ['a script in its place', { name: 'runc', format: { kind: 'script', interpreter: '/bin/sh' } }, 'failed: a script, not a program; script for /bin/sh'],
    ['no right to run', { name: 'x.sh', format: { kind: 'script', interpreter: '/bin/sh' }, executable: false }, 'failed: not executable; script for /bin/sh'],
    ['a program', { name: 'runc', format: STATIC }, `ok: x86_64 static; ${mute}`],
    ['a program that loads anywhere', { name: 'runc', format: { ...STATIC, type: 'pie' } }, `ok: x86_64 static pie; ${mute}`],
    ['a library', { name: 'runc', format: { ...DYNAMIC, type: 'shared-object' } }, `failed: no program; x86_64 shared object; ${mute}`],
    ['an object', { name: 'runc', format: { ...STATIC, type: 'other' } }, `failed: no program; x86_64 static; ${mute}`],
    ['a core', { name: 'runc', format: { ...DYNAMIC, type: 'other' } }, `failed: no program; needs ${LOADER}, libc.so.6, libdl.so.2; x86_64 dynamic; ${mute}`],
  ])('%s', (_title, seen, expected) => {
    expect(judged(seen)).toBe(expected);
  }); // prettier-ignore
});

describe('its links', () => {
  const needs = `needs ${LOADER}, libc.so.6, libdl.so.2`;
  const loaderOnly: Elf = { ...DYNAMIC, needed: [] };
  it.each<[string, Elf, BinaryDemands['dockerd'], string]>([
    ['runc', DYNAMIC, undefined, `warning: ${needs}; x86_64 dynamic; ${mute}`],
    ['runc', DYNAMIC, 'static', `warning: ${needs}; x86_64 dynamic; ${mute}`],
    ['runc', DYNAMIC, 'dynamic', `warning: ${needs}; x86_64 dynamic; ${mute}`],
    ['runc', STATIC, 'dynamic', `ok: x86_64 static; ${mute}`],
    ['dockerd', DYNAMIC, undefined, `ok: x86_64 dynamic; ${mute}`],
    ['dockerd', DYNAMIC, 'dynamic', `ok: x86_64 dynamic; ${mute}`],
    ['dockerd', DYNAMIC, 'static', `failed: not static: ${needs}; x86_64 dynamic; ${mute}`],
    ['dockerd', { ...DYNAMIC, needed: ['libc.so.6'] }, 'static', `failed: not static: needs ${LOADER}, libc.so.6; x86_64 dynamic; ${mute}`],
    ['dockerd', loaderOnly, 'static', `warning: needs ${LOADER}; x86_64 dynamic; ${mute}`],
    ['dockerd', STATIC, 'static', `ok: x86_64 static; ${mute}`],
    ['dockerd', STATIC, 'dynamic', `failed: not dynamic; x86_64 static; ${mute}`],
    ['dockerd', { ...DYNAMIC, interpreter: null }, 'static', `failed: not static: needs libc.so.6, libdl.so.2; x86_64 dynamic; ${mute}`],
  ])('of %s, %#', (name, format, dockerd, expected) => {
    expect(judged({ name, format }, { dockerd })).toBe(expected);
  }); // prettier-ignore

  it.each([
    ['/lib/ld-linux-aarch64.so.1', 'warning'],
    ['/lib/ld-musl-x86_64.so.1', 'warning'],
    ['/lib64/ld64.so.2', 'warning'],
    ['/lib32/ld.so.1', 'warning'],
    ['/libx32/ld-linux-x32.so.2', 'warning'],
    ['/lib/ld-linux.so.2', 'warning'],
    ['/nix/store/x/ld-linux-x86-64.so.2', 'failed'],
    ['/lib64/ld-linux-x86-64.so.2x', 'failed'],
    ['/x/lib64/ld-linux-x86-64.so.2', 'failed'],
  ])('the loader %s: %s', (interpreter, result) => {
    const format: Elf = { ...DYNAMIC, interpreter };
    for (const answer of [SILENT, CANNOT])
      expect(judged({ name: 'runc', format, answer })).toMatch(new RegExp(`^${result}: `));
    const words = `no system has its loader ${interpreter}`;
    expect(judged({ name: 'runc', format }).includes(words)).toBe(result === 'failed');
    // It has just run, so the loader is there.
    expect(judged({ name: 'runc', format, answer: says('runc version 1.0.2') })).toMatch(/^warning: needs /);
  });
});

describe('its machine and its sum', () => {
  it.each<[BinaryDemands, string]>([
    [{ arch: 'amd64' }, `ok: x86_64 static; ${mute}`],
    [{ arch: 'arm64' }, `failed: x86_64, not aarch64; x86_64 static; ${mute}`],
    [{ sha256: { runc: 'aa' } }, `ok: x86_64 static; ${mute}`],
    [{ sha256: { runc: 'bb' } }, `failed: its sha256 is not the one in the manifest; x86_64 static; ${mute}`],
    [{ sha256: { tini: 'bb' } }, `ok: x86_64 static; ${mute}`],
  ])('%j', (demands, expected) => {
    expect(judged({ name: 'runc', format: STATIC }, demands)).toBe(expected);
  });
});

describe('its answer', () => {
  const refused = (certain: boolean): VersionAnswer => ({ kind: 'refused', certain, args: ['--version', '-x'] });
  const failed = (of: 'loader' | 'emulator' | 'program'): VersionAnswer => ({ kind: 'failed', of, how: 'ended' });
  const unknown = (name: string): string => `does not know --version -x, as every ${name} of its version does`;
  it.each<[string, Elf, VersionAnswer, string]>([
    ['runc', STATIC, says('runc version 1.0.2'), 'ok: x86_64 static; runc version 1.0.2'],
    ['runc', STATIC, CANNOT, 'ok: x86_64 static; cannot run here'],
    ['runc', STATIC, refused(false), `ok: x86_64 static; ${mute}`],
    ['runc', STATIC, refused(true), `warning: ${unknown('runc')}; x86_64 static`],
    ['dockerd', STATIC, refused(true), `failed: ${unknown('dockerd')}; x86_64 static`],
    ['runc', STATIC, failed('program'), 'failed: ended; x86_64 static'],
    ['runc', STATIC, failed('loader'), 'failed: ended; x86_64 static'],
    ['runc', STATIC, failed('emulator'), 'warning: ended, under emulation; x86_64 static'],
    ['dockerd', DYNAMIC, failed('program'), 'failed: ended; x86_64 dynamic'],
    ['dockerd', DYNAMIC, failed('loader'), 'warning: ended; x86_64 dynamic'],
    ['dockerd', DYNAMIC, failed('emulator'), 'warning: ended, under emulation; x86_64 dynamic'],
  ])('%s, %#', (name, format, answer, expected) => {
    expect(judged({ name, format, answer })).toBe(expected);
  });

  const DOCKERD = 'Docker version 20.10.12, build 459d0df';
  const PROXY = 'docker-proxy (commit fca702d) version 24.0.9';
  it.each<[string, string, BinaryDemands, string | null]>([
    ['dockerd', DOCKERD, {}, null],
    ['dockerd', DOCKERD, { version: '20.10.12', gitCommit: '459d0df' }, null],
    ['dockerd', DOCKERD, { version: '20.10.13' }, 'it says version 20.10.12, not 20.10.13'],
    ['dockerd', DOCKERD, { gitCommit: '459d0d0' }, 'it says build 459d0df, not 459d0d0'],
    ['dockerd', DOCKERD, { version: '1', gitCommit: '2' }, 'it says version 20.10.12, not 1; it says build 459d0df, not 2'],
    ['dockerd', 'hello', { version: '20.10.12' }, 'it does not say which version it is'],
    ['dockerd', 'hello', { gitCommit: '459d0df' }, null],
    ['docker-proxy', PROXY, { version: '24.0.9', gitCommit: 'fca702d' }, null],
    ['docker-proxy', PROXY, { version: '24.0.8' }, 'it says version 24.0.9, not 24.0.8'],
    ['docker-proxy', DOCKERD, { version: '20.10.12' }, 'it does not say which version it is'],
    ['runc', 'runc version 1.0.2', { version: '20.10.12', gitCommit: '459d0df' }, null],
  ])('%s that says %s, asked for %j', (name, text, demands, bad) => {
    const expected = bad === null ? `ok: x86_64 static; ${text}` : `failed: ${bad}; x86_64 static; ${text}`;
    expect(judged({ name, format: STATIC, answer: says(text) }, demands)).toBe(expected);
  }); // prettier-ignore
});

it('says what fails first, then what warns, then what is told', () => {
  const seen = { name: 'runc', format: DYNAMIC, executable: false };
  expect(judged(seen, { arch: 'arm64' })).toBe(
    `failed: not executable; x86_64, not aarch64; needs ${LOADER}, libc.so.6, libdl.so.2; x86_64 dynamic; ${mute}`,
  );
});

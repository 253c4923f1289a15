import { describe, expect, it } from 'vitest';
import { readDeparture, type Departure, type VersionAnswer } from '../../../src/artifacts/ask-version.ts';
import { readElf } from '../../../src/artifacts/elf/elf-format.ts';
import { judgeBinary, type BinaryDemands } from '../../../src/artifacts/judge-binary.ts';
import { versionQuestion } from '../../../src/artifacts/version-options.ts';
import type { CheckResult } from '../../../src/types.ts';
import { makeElf, type MadeElf } from './elf-bytes.ts';

const containerd = (version: string): Readonly<Record<string, string>> => ({
  containerd: `containerd github.com/containerd/containerd ${version} 7b11cfaabd73bb80907dd23182b9347b4245eb5d`,
});
const dockerd = (version: string): Readonly<Record<string, string>> => ({
  dockerd: `Docker version ${version}, build x`,
});

describe('versionQuestion', () => {
  it.each<[string, Readonly<Record<string, string>>, string | null, boolean]>([
    // 19.03 and 20.10.0 had containerd 1.2 to 1.4; the shim of runtime v1 learned it in 1.7.
    ['containerd-shim', containerd('v1.2.13'), null, true],
    ['containerd-shim', containerd('v1.6.39'), null, true],
    ['containerd-shim', containerd('v1.7.0-beta.0'), '-v', true],
    ['containerd-shim', containerd('v1.7.34'), '-v', true],
    ['containerd-shim', containerd('7b11cfa'), '-v', false],
    ['containerd-shim', {}, '-v', false],
    ['containerd-shim-runc-v1', containerd('v1.3.10'), null, true],
    ['containerd-shim-runc-v1', containerd('v1.4.0'), '-v', true],
    ['containerd-shim-runc-v2', containerd('v1.3.0'), null, true],
    ['containerd-shim-runc-v2', containerd('v1.4.0-beta.0'), '-v', true],
    ['containerd-shim-runc-v2', containerd('v1.4.12-3-gabcdef0.m'), '-v', true],
    ['containerd-shim-runc-v2', containerd('1.6.20~ds1'), '-v', true],
    ['containerd-shim-runc-v2', containerd('v1.6.22+unknown'), '-v', true],
    ['containerd-shim-runc-v2', containerd('v2.3.3'), '-v', true],
    ['containerd-shim-runc-v2', containerd('.m'), '-v', false],
    ['docker-proxy', dockerd('19.03.15'), null, true],
    ['docker-proxy', dockerd('20.10.24+dfsg1'), null, true],
    ['docker-proxy', dockerd('22.06.0-beta.0'), null, true],
    ['docker-proxy', dockerd('23.0.0-rc.1'), null, true],
    ['docker-proxy', dockerd('23.0.0-rc.2'), '--version', true],
    ['docker-proxy', dockerd('29.7.2'), '--version', true],
    ['docker-proxy', dockerd('dev'), '--version', false],
    ['docker-proxy', dockerd('HEAD'), '--version', false],
    ['docker-proxy', dockerd('-m'), '--version', false],
    ['docker-proxy', dockerd('459d0df'), '--version', false],
    ['rootlesskit-docker-proxy', dockerd('29.0.0'), null, true],
    ['dockerd-rootless.sh', {}, null, true],
    ...['dockerd', 'containerd', 'ctr', 'rootlesskit'].map(
      (name): [string, Readonly<Record<string, string>>, string, boolean] => [name, {}, '--version', true],
    ),
    ['docker-init', {}, '--version', true],
    ['runc', {}, '--version', true],
    ['vpnkit', {}, '--version', false],
  ])('%s beside %j', (name, texts, option, certain) => {
    expect(versionQuestion(name, texts)).toEqual(option === null ? null : { args: [option], certain });
  });
});

const none: Departure = { exitCode: 0, signal: null, stdout: '', stderr: '', timedOut: false };
const certain = { args: ['--version'], certain: true };
const open = { args: ['--version'], certain: false };

describe('readDeparture', () => {
  it.each<[string, Partial<Departure>, 'said' | 'refused' | 'failed']>([
    ['says it on stderr', { stderr: 'tini version 0.18.0 - git.fec3683\n' }, 'said'],
    ['flag', { exitCode: 2, stderr: 'flag provided but not defined: -version\nUsage of x:\n' }, 'refused'],
    ['urfave/cli', { exitCode: 1, stdout: 'Incorrect Usage: flag provided but not defined: -version\n' }, 'refused'],
    ['pflag', { exitCode: 125, stderr: 'unknown flag: --version\n' }, 'refused'],
    ['pflag, short', { exitCode: 1, stderr: "unknown shorthand flag: 'v' in -v\n" }, 'refused'],
    ['cmdliner', { exitCode: 124, stderr: "vpnkit: unknown option '--version'.\n" }, 'refused'],
    ['getopt of glibc', { exitCode: 1, stderr: "x: unrecognized option '--version'\n" }, 'refused'],
    ['getopt, short', { exitCode: 1, stderr: "x: invalid option -- 'v'\n" }, 'refused'],
    ['usage alone', { exitCode: 2, stderr: 'Usage: docker-init [OPTIONS] PROGRAM\n' }, 'refused'],
    ['a panic', { exitCode: 2, stderr: 'panic: runtime error: x\n\ngoroutine 1 [running]:\n' }, 'failed'],
    ['an error', { exitCode: 1, stderr: 'no usage of this is known\n' }, 'failed'],
    ['a signal', { exitCode: null, signal: 'SIGSEGV', stderr: 'Usage: x\n' }, 'failed'],
    ['no end', { exitCode: null, timedOut: true }, 'failed'],
  ])('%s', (_, left, kind) => {
    expect(readDeparture({ ...none, ...left }, certain, false).kind).toBe(kind);
    expect(readDeparture({ ...none, ...left }, open, false).kind).toBe(kind);
  });

  it('a program that may not know the option may say nothing', () => {
    expect(readDeparture(none, open, false)).toEqual({ kind: 'refused', certain: false, args: ['--version'] });
    expect(readDeparture(none, certain, false)).toEqual({ kind: 'failed', of: 'program', how: 'said nothing' });
  });

  it.each<[string, Partial<Departure>, boolean, 'loader' | 'emulator' | 'program']>([
    ['a library', { exitCode: 127, stderr: 'x: error while loading shared libraries: liba.so: no\n' }, false, 'loader'],
    ['a symbol', { exitCode: 1, stderr: "x: /lib/libc.so.6: version `GLIBC_2.34' not found\n" }, false, 'loader'],
    ['musl', { exitCode: 127, stderr: 'Error loading shared library liba.so: no such file\n' }, false, 'loader'],
    ['qemu', { exitCode: 255, stderr: "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1'\n" }, true, 'loader'],
    ['a signal', { exitCode: null, signal: 'SIGSEGV' }, false, 'program'],
    ['a signal, emulated', { exitCode: null, signal: 'SIGSEGV' }, true, 'emulator'],
    ['no end, emulated', { exitCode: null, timedOut: true }, true, 'emulator'],
    ['an error, emulated', { exitCode: 1 }, true, 'program'],
  ])('who failed: %s', (_, left, emulated, of) => {
    expect(readDeparture({ ...none, ...left }, certain, emulated)).toMatchObject({ kind: 'failed', of });
  });
});

function judge(name: string, made: Partial<MadeElf>, answer: VersionAnswer, demands: BinaryDemands = {}): CheckResult {
  const bytes = makeElf({ machine: 62, ...made });
  const format = readElf((at, length) => bytes.subarray(at, at + length), bytes.length);
  const facts = { name, path: name, bytes: bytes.length, sha256: '', machine: 'x86_64', static: true, version: null };
  return judgeBinary({ facts, format, answer, executable: true, seconds: 0 }, demands);
}

describe('judgeBinary: what a program answers', () => {
  const dynamic: Partial<MadeElf> = { needed: ['libc.so.6'], interpreter: '/lib64/ld-linux-x86-64.so.2' };
  const failed = (of: 'loader' | 'emulator' | 'program'): VersionAnswer => ({ kind: 'failed', of, how: 'it went' });
  const refused = (sure: boolean): VersionAnswer => ({ kind: 'refused', certain: sure, args: ['-v'] });
  const said = (text: string): VersionAnswer => ({ kind: 'said', text, line: text });
  const stamp = { version: '24.0.9', gitCommit: 'fca702d' };

  it.each<[string, string, Partial<MadeElf>, VersionAnswer, BinaryDemands, string, RegExp]>([
    ['no option', 'containerd-shim', {}, { kind: 'not-asked' }, {}, 'ok', /static; does not say its version/],
    ['may refuse', 'containerd-shim', {}, refused(false), {}, 'ok', /does not say its version/],
    ['should know', 'runc', {}, refused(true), {}, 'warning', /does not know -v, as every runc/],
    ['dockerd refuses', 'dockerd', {}, refused(true), {}, 'failed', /does not know -v/],
    ['static, fails', 'runc', {}, failed('program'), {}, 'failed', /it went/],
    ['static, a loader speaks', 'runc', {}, failed('loader'), {}, 'failed', /it went/],
    ['dynamic, fails', 'ctr', dynamic, failed('program'), {}, 'failed', /it went; needs/],
    ['dynamic, lacks a library', 'ctr', dynamic, failed('loader'), {}, 'warning', /needs .*; it went/],
    ['emulated', 'runc', {}, failed('emulator'), {}, 'warning', /it went, under emulation/],
    ['no loader here', 'ctr', dynamic, { kind: 'cannot-run' }, {}, 'warning', /needs .*; .*cannot run here/],
    [
      'no such loader anywhere',
      'ctr',
      { ...dynamic, interpreter: '/no/ld.so' },
      { kind: 'cannot-run' },
      {},
      'failed',
      /no system has its loader \/no\/ld\.so/,
    ],
    [
      'an odd loader that is not tried',
      'containerd-shim',
      { ...dynamic, interpreter: '/lib/ld.so' },
      { kind: 'not-asked' },
      {},
      'failed',
      /no system/,
    ],
    [
      'an odd loader that works',
      'ctr',
      { ...dynamic, interpreter: '/nix/ld.so' },
      said('ctr x 1'),
      {},
      'warning',
      /ctr x 1/,
    ],
    [
      'the proxy of this dockerd',
      'docker-proxy',
      {},
      said('docker-proxy (commit fca702d) version 24.0.9'),
      stamp,
      'ok',
      /24/,
    ],
    [
      'the proxy of another version',
      'docker-proxy',
      {},
      said('docker-proxy (commit fca702d) version 24.0.8'),
      stamp,
      'failed',
      /says version 24\.0\.8, not 24\.0\.9/,
    ],
    [
      'the proxy of another commit',
      'docker-proxy',
      {},
      said('docker-proxy (commit 0000000) version 24.0.9'),
      stamp,
      'failed',
      /says build 0000000, not fca702d/,
    ],
    [
      'another program as proxy',
      'docker-proxy',
      {},
      said('runc version 1.1.12'),
      stamp,
      'failed',
      /does not say which/,
    ],
    ['a version without numbers', 'dockerd', {}, said('Docker version dev, build HEAD'), {}, 'ok', /dev/],
    [
      'the version that was asked for, without numbers',
      'dockerd',
      {},
      said('Docker version HEAD, build '),
      { version: 'HEAD', gitCommit: '' },
      'ok',
      /HEAD/,
    ],
  ])('%s', (_, name, made, answer, demands, result, seen) => {
    const check = judge(name, made, answer, demands);
    expect([check.result, check.seen]).toEqual([result, expect.stringMatching(seen) as string]);
  });

  it.each([
    '/lib64/ld-linux-x86-64.so.2',
    '/lib/ld-linux-aarch64.so.1',
    '/lib/ld-linux-armhf.so.3',
    '/lib64/ld64.so.2',
    '/lib/ld64.so.1',
    '/lib/ld-linux-riscv64-lp64d.so.1',
    '/lib/ld-linux.so.2',
    '/lib/ld.so.1',
    '/lib/ld-musl-x86_64.so.1',
    '/libx32/ld-linux-x32.so.2',
  ])('%s is a loader', (interpreter) => {
    expect(judge('ctr', { ...dynamic, interpreter }, { kind: 'cannot-run' }).result).toBe('warning');
  });
});

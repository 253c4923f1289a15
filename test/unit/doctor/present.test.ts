import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { presentDoctor } from '../../../src/commands/doctor/present-doctor.ts';
import type { DoctorReport } from '../../../src/commands/doctor/doctor.ts';
import type { DoctorResult } from '../../../src/document/parts.ts';
import { askYes } from '../../../src/system/process/ask.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { examine } from './asked.ts';

const colours = createColours(false);

function report(checks: readonly DoctorResult[], more: Partial<DoctorReport> = {}): DoctorReport {
  return {
    ...{ command: 'doctor', listed: [], steps: [], ran: [], notes: [], shared: false },
    request: { ref: 'v27.5.1', series: '27', arch: 'amd64', profile: 'auto', smoke: false },
    checks,
    ...more,
  };
}

const shown = (checks: readonly DoctorResult[], more: { verbose?: boolean; quiet?: boolean } = {}) =>
  presentDoctor(
    report(checks),
    { colours, columns: 80 },
    { ...{ colours, verbose: false, quiet: false, line: ['doctor'] }, ...more },
  );

const one = (result: DoctorResult['result'], seen: string, fix: string | null = null): DoctorResult => ({
  ...{ id: 'git', title: 'git', group: 'Programs', result, seen, fix, seconds: 0 },
});

describe('the report of doctor', () => {
  it('fits 80 columns, but for commands to copy', async () => {
    const checks = await examine({
      asked: { suite: 'bookworm', strays: [{ name: `MOBY_BUILD_${'X'.repeat(20)}`, nearest: null }] },
      engine: { serverVersion: '20.10.5', storageDriver: 'vfs', serverCpus: 1 },
      env: { ALL_PROXY: 'socks5://proxy.corp.example:1080' },
      files: { '/sys/class/net/eth0/mtu': '1400', '/etc/resolv.conf': 'nameserver 127.0.0.1' },
    });
    const { stdout, exitCode } = shown(checks);
    expect(exitCode).toBe(3);
    const wide = stdout.split('\n').filter((line) => line.length > 80 && !/^ +\$ /u.test(line));
    expect(wide).toEqual([]);
    expect(stdout).toMatch(/\n\d+ failed, \d+ warnings, \d+ ok, \d+ skipped \(--verbose shows them\); /u);
  });

  it('hides what was skipped, and shows it with --verbose; --quiet shows faults alone', () => {
    const checks = [one('ok', 'fine'), one('skipped', 'no need'), one('warning', 'odd', 'unset X')];
    expect(shown(checks).stdout).not.toContain('no need');
    expect(shown(checks, { verbose: true }).stdout).toContain('skipped  git  no need');
    const quiet = shown(checks, { quiet: true }).stdout;
    expect(quiet).not.toContain('fine');
    expect(quiet).toContain('$ unset X');
  });

  it('ends with 0 where nothing failed, and names the first failure else', () => {
    expect(shown([one('warning', 'w', 'x'), one('unknown', 'could not look: y')])).toMatchObject({
      exitCode: 0,
      error: null,
    });
    const sentence = shown([one('failed', 'gone', 'Install git by hand.')]);
    expect(sentence.error).toMatchObject({ code: 'machine', hint: 'Install git by hand.', command: { is: 'again' } });
    expect(shown([one('failed', 'gone', 'apt-get install -y git')]).error).toMatchObject({
      command: 'apt-get install -y git',
    });
  });

  it('tells nothing of the line where the report is to be shared', () => {
    const { error } = presentDoctor(
      report([one('failed', 'gone', 'Install git by hand.')], { shared: true }),
      { colours, columns: 80 },
      { colours, verbose: false, quiet: false, line: ['doctor', '--share', '--work-dir', '/home/ann'] },
    );
    expect(error).toMatchObject({ code: 'machine' });
    expect(error?.command).toBeUndefined();
  });

  it('shows no control characters of a value', () => {
    expect(shown([one('failed', 'DOCKER_HOST=\u001b[31mx', 'unset \u0007')]).stdout).not.toMatch(/[\u001b\u0007]/u);
  });
});

describe('a question', () => {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true });
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['no\n', false],
    ['yep\n', false],
  ])('%j is %s', async (typed, yes) => {
    const input = terminal();
    input.write(typed);
    expect(await askYes('Run them?', input, terminal())).toBe(yes);
  });

  it('is a no at the end of the input, at Ctrl+C, and where there is no terminal', async () => {
    const ended = terminal();
    ended.end();
    expect(await askYes('?', ended, terminal())).toBe(false);
    const broken = terminal();
    broken.write('\u0003');
    expect(await askYes('?', broken, terminal())).toBe(false);
    expect(await askYes('?', new PassThrough(), terminal())).toBe(false);
    expect(await askYes('?', terminal(), new PassThrough())).toBe(false);
  });
});

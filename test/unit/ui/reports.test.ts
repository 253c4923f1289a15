import { describe, expect, it } from 'vitest';
import { duration, size } from '../../../src/ui/amounts.ts';
import { buildSummary } from '../../../src/commands/build/build-summary.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { planReport } from '../../../src/commands/patch/plan-report.ts';
import { checkReport } from '../../../src/commands/verify/verify-report.ts';
import type { BinaryFacts, CheckResult } from '../../../src/types.ts';
import { plan, point } from './plan-fixture.ts';

const plain = createColours(false);
const style = { colours: plain, columns: 80, verbose: false };
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('planReport', () => {
  const uncovered = point({
    file: 'Dockerfile',
    line: 248,
    kind: 'image',
    url: 'djs55/vpnkit:0.5.0',
    platform: 'arm64',
    via: 'none',
    mirror: null,
  });
  const outside = point({
    file: 'Dockerfile',
    line: 99,
    inClosure: false,
    via: 'none',
    mirror: null,
    url: 'https://outside.example/x.git',
  });

  it('lists the egress points of the closure with what resolves them, and counts the rest', () => {
    const text = planReport(plan([point({}), uncovered, outside]), style);
    expect(text).toMatch(/^rootlesskit\.installer:12 +git +github\.com\/\S+ +mirror ghfast$/mu);
    expect(text).toMatch(/^Dockerfile:248 +image +djs55\/vpnkit:0\.5\.0 \(arm64\) +unresolved$/mu);
    expect(text).not.toContain('outside.example');
    expect(text).toContain('1 of the 2 egress points of target binary are resolved;\n1 is left unchanged.');
    expect(text).toContain('1 more egress point is outside');
  });

  it('lists every place with verbose', () => {
    expect(planReport(plan([point({}), outside]), { ...style, verbose: true })).toContain('outside.example/x ');
  });

  it.each([60, 80, 100])('keeps the table within %i columns', (columns) => {
    const long = point({
      file: `a/${'long-'.repeat(12)}name`,
      url: `https://github.com/${'x'.repeat(200)}`,
      mirror: 'm'.repeat(60),
    });
    const text = planReport(plan([long, uncovered]), { ...style, columns });
    const table = text.slice(text.indexOf('egress point '), text.indexOf('\n\n', text.indexOf('egress point ')));
    expect(table.split('\n')).toHaveLength(3);
    expect(widest(table)).toBeLessThanOrEqual(columns);
  });

  it('names patches and notes', () => {
    const text = planReport(
      plan([point({})], {
        patches: [
          { name: '0001-apt.patch', subject: 'Take apt sources of stage base from a mirror', reason: '', changes: [] },
        ],
        notes: [
          {
            level: 'warning',
            code: 'end-of-life',
            message: 'moby 20.10 is end-of-life',
            hint: 'no fixes come any more',
          },
        ],
      }),
      style,
    );
    expect(text).toContain('  0001  Take apt sources of stage base from a mirror');
    expect(text).toContain('warning: moby 20.10 is end-of-life\n  no fixes come any more');
  });

  it('is the same text with colours, once those are taken out', () => {
    const input = plan([point({}), uncovered, outside]);
    const coloured = planReport(input, { ...style, colours: createColours(true) });

    expect(coloured.replace(/\u001b\[\d+m/gu, '')).toBe(planReport(input, style));
    expect(coloured).toContain('\u001b[31munresolved');
  });

  it('has words for a plan with no places', () => {
    expect(planReport(plan([]), style)).toContain('This target has no egress point.');
  });
});

describe('checkReport', () => {
  const check = (changes: Partial<CheckResult>): CheckResult => ({
    id: 'engine',
    title: 'docker engine',
    result: 'ok',
    seen: '26.1.5',
    fix: null,
    seconds: 0.1,
    ...changes,
  });

  it('says each outcome as a word, what mends it, and the count', () => {
    const text = checkReport(
      [
        check({}),
        check({ title: 'make', result: 'failed', seen: 'not on PATH', fix: 'sudo apt-get install make' }),
        check({ result: 'skipped' }),
      ],
      plain,
      Infinity,
    );
    expect(text).toMatch(/^ok +docker engine +26\.1\.5$/mu);
    expect(text).toMatch(/^FAILED +make +not on PATH$/mu);
    expect(text).toContain('make:\n  sudo apt-get install make');
    expect(text).toContain('1 ok, 1 failed, 1 skipped (0.3 s)');
  });

  it('does not call nothing a success', () => {
    expect(checkReport([], plain, 80)).toContain('Nothing was checked.');
  });
});

describe('buildSummary', () => {
  const dockerd: BinaryFacts = {
    name: 'dockerd',
    path: '/o/dockerd',
    bytes: 87_654_321,
    sha256: 'ab'.repeat(32),
    machine: 'aarch64',
    static: true,
    version: 'Docker version 20.10.12, build 459d0df',
  };
  const outcome = {
    directory: '/home/me/my out',
    log: '/l',
    manifest: '/m',
    binaries: [dockerd],
    packages: ['/p/docker.tgz'],
    seconds: 137,
  };

  it('ends with where the binaries are, and what to do next', () => {
    const install = [
      { title: 'Install', lines: ['sudo cp x'] },
      { title: 'Go back', lines: ['sudo rm x'] },
    ];
    const text = buildSummary({ ...outcome, install }, plain, false, Infinity);
    expect(text).toMatch(
      /^dockerd +87\.7 MB +aarch64 +static +Docker version 20\.10\.12, build 459d0df +abababababab$/mu,
    );
    expect(text).toContain('The binaries are in /home/me/my out.');
    expect(text).toContain('Package: /p/docker.tgz');
    expect(text).toMatch(/\n\nInstall:\n {2}sudo cp x\nGo back:\n {2}sudo rm x\n\nBuilt in 2 min 17 s\.\n$/u);
  });

  it('shows whole checksums on request', () => {
    expect(buildSummary({ ...outcome, install: [] }, plain, true, 80)).toContain('ab'.repeat(32));
  });
});

describe('amounts', () => {
  it.each([
    [0.42, '0.4 s'],
    [12.4, '12 s'],
    [59.6, '1 min 00 s'],
    [243, '4 min 03 s'],
    [3720, '1 h 02 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_999, '1.0 MB'],
    [87_654_321, '87.7 MB'],
    [565_000_000, '565 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });
});

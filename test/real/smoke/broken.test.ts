import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftovers } from '../../../src/smoke/leftovers.ts';
import { hostArch } from '../../../src/smoke/daemon/programs.ts';
import { listChecks, smoke, type SmokeOptions, type SmokeReport } from '../../../src/smoke/smoke.ts';
import { skipWithoutDebianDockerd } from '../../support/debian-dockerd.mjs';
import { hostSnapshot } from '../../support/host-snapshot.mjs';
import { CASES, FOREIGN } from './broken-cases.ts';
import { brokenFolder, lyingFolder, type BrokenFolder } from './broken-folder.ts';

const CASE_MS = 150_000;

let temporary = '';
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'moby-build-test-smoke-'));
});
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

/** Runs smoke on the folder, and sees that nothing of it is left but the logs of what failed. */
async function smokeOn(folder: BrokenFolder, options: Omit<SmokeOptions, 'dir' | 'temporary'>): Promise<SmokeReport> {
  try {
    const report = await smoke({ series: '20.10', ...options, dir: folder.dir, temporary });
    const mine = (path: string): boolean => path.includes(`-${String(process.pid)}-`);
    expect(hostSnapshot().processes.filter(mine)).toEqual([]);
    expect(hostSnapshot().cgroups.filter(mine)).toEqual([]);
    expect(leftovers(temporary).filter(({ kind }) => kind === 'directory')).toEqual([]);
    return report;
  } finally {
    folder.remove();
  }
}

/** `id: what was seen` of the failed ones. */
function failures(report: SmokeReport): Record<string, string> {
  return Object.fromEntries(
    report.checks.filter(({ result }) => result === 'failed').map(({ id, seen }) => [id, seen]),
  );
}

/** What each lie of lying-dockerd.mjs makes fail. */
const LIES =
  'route,version,plugins,volume,image-list,image-remove,network,exit-code,forget,kernel,registry,runtime,reload,exit-3';
const LIES_FAIL: Readonly<Record<string, RegExp>> = {
  'api-version': /expected “Docker version .*”; seen “1.2.3”, build “abc”/,
  'api-unknown-route': /expected 404 “page not found”; seen 200/,
  'containerd-started': /expected its version in \/version; seen none/,
  registry: /expected mirror/,
  'api-info': /expected KernelVersion .*; seen 2.4.0/,
  runtimes: /expected default runtime runc; seen “other”/,
  plugins: /expected no managed plugin; seen .*stranger/,
  'image-import': /expected moby-build-smoke:probe in the list; seen/,
  volume: /expected a directory \/moby\/no\/such\/volume; seen nothing/,
  container: /expected exit code 42; seen 0/,
  network: /expected a bridge br-0123456789ab; seen none/,
  reload: /expected label smoke=reloaded in \/info after SIGHUP; seen smoke=first/,
  'image-remove': /expected no such image after removal; seen status 200/,
  stop: /expected exit code 0; seen with exit code 3/,
};

const ONE_LIE = [
  ['forget', 'kill-restart', /expected the container moby-build-smoke-kept; seen no container/],
  ['hang-on', 'stop', /expected an end within 25 s; seen still running/],
  ['leave-socket', 'stop', /docker\.sock removed; seen still there/],
] as const;

test('every check is made to fail by something', () => {
  const failing = [
    ...CASES.flatMap(({ fails }) => Object.keys(fails)),
    ...Object.keys(LIES_FAIL),
    ...ONE_LIE.map(([, id]) => id),
  ];
  expect([...new Set(failing)].sort()).toEqual(
    listChecks()
      .map(({ id }) => id)
      .sort(),
  );
});

describe.skipIf(skipWithoutDebianDockerd())('a broken build fails where it is broken', () => {
  test.each(CASES)('$title', { timeout: CASE_MS }, async ({ shims, only, fails, options }) => {
    const report = await smokeOn(brokenFolder(shims), { ...options, only });
    const seen = failures(report);
    expect(Object.keys(seen).sort()).toEqual(Object.keys(fails).sort());
    for (const [id, words] of Object.entries(fails)) expect(seen[id]).toMatch(words);
    for (const { result, fix } of report.checks)
      if (result === 'failed') expect(fix).toMatch(/log is in .*moby-build-smoke-log-/);
    expect(report.log).toMatch(/moby-build-smoke-log-/);
  });

  test('a dockerd of another architecture is left out, and said so', { timeout: CASE_MS }, async () => {
    const report = await smokeOn(brokenFolder({ dockerd: FOREIGN }), {});
    expect(report.totals).toMatchObject({ ok: 0, failed: 0, skipped: report.checks.length });
    for (const { seen } of report.checks) expect(seen).toMatch(/runs no \w+ programs .* moby-build verify/);
  });

  test('a dockerd of another architecture than asked for fails', { timeout: CASE_MS }, async () => {
    const report = await smokeOn(brokenFolder({ dockerd: FOREIGN }), {
      arch: hostArch(),
      only: ['version', 'api-unix'],
    });
    expect(failures(report)).toEqual({
      version: expect.stringMatching(/^expected a dockerd for \w+; seen one for \w+$/) as string,
      'api-unix': expect.stringMatching(/dockerd is for \w+, not for \w+/) as string,
    });
  });

  test('a daemon that lies in its answers', { timeout: CASE_MS }, async () => {
    const report = await smokeOn(lyingFolder(LIES.split(',')), {
      only: ['version', 'api-unix', ...Object.keys(LIES_FAIL)],
    });
    const seen = failures(report);
    expect(Object.keys(seen).sort()).toEqual(Object.keys(LIES_FAIL).sort());
    for (const [id, words] of Object.entries(LIES_FAIL)) expect(seen[id]).toMatch(words);
  });

  test.each(ONE_LIE)('a daemon with the lie %s fails %s', { timeout: CASE_MS }, async (lie, id, words) => {
    const report = await smokeOn(lyingFolder([lie]), { only: ['api-unix', id] });
    expect(failures(report)).toEqual({ [id]: expect.stringMatching(words) as string });
  });
});

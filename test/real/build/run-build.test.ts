import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBuild, type BuildRequest } from '../../../src/make/progress/run-build.ts';
import type { BuildSummary } from '../../../src/make/progress/progress.ts';
import { killAll, liveChildren, resumeAfterKill } from '../../../src/system/process/supervisor.ts';
import type { MetPoint } from '../../../src/types.ts';
import { until } from '../system/processes.ts';
import { writeProgram } from './fake-programs.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-run-'));
});
afterEach(() => {
  resumeAfterKill();
  rmSync(dir, { recursive: true });
});

const LEFT: MetPoint = {
  id: 'runc/git',
  file: 'hack/dockerfile/install/runc.installer',
  line: 19,
  netLines: [19],
  stage: 'runc',
  kind: 'git',
  url: 'https://github.com/opencontainers/runc.git',
  host: 'github.com',
  inClosure: true,
  anchor: null,
  via: 'none',
  mirror: null,
  reason: '',
};

/** A zombie that nobody has waited for yet does not run. */
function runs(pid: number): boolean {
  if (!existsSync(`/proc/${String(pid)}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
}

/** A fake `make`; `body` is bash. */
function request(body: string, more: Partial<BuildRequest> = {}): BuildRequest {
  const make = writeProgram(dir, 'make', body);
  return {
    spec: { file: make, args: ['binary'], env: { HOME: dir }, cwd: dir },
    logFile: join(dir, 'logs', 'build.log'),
    outputDir: join(dir, 'bundles', 'binary-daemon'),
    points: [LEFT],
    ...more,
  };
}

describe('runBuild', () => {
  it('empties the output, follows the steps, keeps the log', async () => {
    mkdirSync(join(dir, 'bundles', 'binary-daemon'), { recursive: true });
    writeFileSync(join(dir, 'bundles', 'binary-daemon', 'dockerd-old'), '');
    const seen: BuildSummary[] = [];
    const outcome = await runBuild(
      request(
        `echo '#1 [base 1/1] RUN a' >&2; echo '#1 sha256:ab 2MB / 2MB done' >&2; echo '#1 DONE 0.4s' >&2; echo '#2 [base 2/2] RUN b' >&2; echo '#2 CACHED' >&2`,
        {
          onProgress: (summary) => seen.push(summary),
        },
      ),
    );
    expect(outcome.steps.map(({ name, cached, seconds }) => [name, cached, seconds])).toEqual([
      ['[base 1/1] RUN a', false, 0.4],
      ['[base 2/2] RUN b', true, null],
    ]);
    expect(outcome.downloadedBytes).toBe(2_000_000);
    expect(existsSync(join(dir, 'bundles', 'binary-daemon'))).toBe(false);
    expect(readFileSync(outcome.log, 'utf8')).toContain('#1 DONE 0.4s');
    expect(seen.at(-1)?.finished).toBe(2);
  });

  it('calls ten times a second at most, however many lines come, and misses none in the log', async () => {
    let calls = 0;
    const started = performance.now();
    const outcome = await runBuild(
      request(`echo '#1 [base 1/1] RUN a'; for n in {1..20000}; do echo "#1 0.1 line $n"; done; echo '#1 DONE 1.0s'`, {
        onProgress: () => (calls += 1),
      }),
    );
    expect(calls).toBeLessThanOrEqual(Math.ceil((performance.now() - started) / 100) + 2);
    expect(calls).toBeGreaterThan(0);
    expect(readFileSync(outcome.log, 'utf8').split('\n')).toHaveLength(20_004);
  });

  it('fails with the step, the telling lines, the point that was left, and exit 6', async () => {
    let last: BuildSummary | null = null;
    const failing = runBuild(
      request(
        `echo '#1 [runc 1/1] RUN PREFIX=/build /tmp/install/install.sh runc'
echo "#1 0.2 fatal: unable to access 'https://github.com/opencontainers/runc.git/': Could not resolve host: github.com"
echo '#1 ERROR: executor failed running [/bin/sh -c x]: exit code: 128'
echo 'make: *** [Makefile:179: binary] Error 1' >&2; exit 2`,
        { onProgress: (summary) => (last = summary) },
      ),
    );
    await expect(failing).rejects.toMatchObject({
      code: 'build-failed',
      exitCode: 6,
      where: join(dir, 'logs', 'build.log'),
      message: expect.stringMatching(/stage runc[\s\S]*Could not resolve host[\s\S]*runc\.installer:19/) as string,
    });
    expect((last as BuildSummary | null)?.steps[0]?.failed).toBe(true);
  });

  it('ends a step that asks a mirror and says nothing, with all its processes', async () => {
    const pid = join(dir, 'pid');
    const met: MetPoint = { ...LEFT, via: 'mirror', mirror: 'ghfast' };
    const silent = runBuild(
      request(
        `echo '#1 [runc 1/1] RUN git clone https://github.com/opencontainers/runc.git'; sleep 300 & echo $! >'${pid}'; wait; exit 2`,
        { points: [met], stallMs: 1000 },
      ),
    );
    await expect(silent).rejects.toMatchObject({
      code: 'build-failed',
      exitCode: 6,
      fault: { what: expect.stringMatching(/^nothing came for \d+ s$/) as string, transient: false },
      blame: { point: { id: 'runc/git' } },
      message: expect.stringMatching(
        /stage runc: .*RUN git clone[\s\S]*said nothing for \d+ seconds[\s\S]*runc\.installer:19 .*resolved by ghfast/,
      ) as string,
    });
    expect(runs(Number(readFileSync(pid, 'utf8')))).toBe(false);
    expect(liveChildren()).toBe(0);
  });

  it.each([
    ['compiles', '[build-binary 1/1] RUN hack/make.sh binary', 'mirror'],
    [
      'takes what this machine handed in',
      '[runc 1/1] RUN git clone https://github.com/opencontainers/runc.git',
      'host',
    ],
  ] as const)('never ends a silent step that %s', async (_what, name, via) => {
    const outcome = await runBuild(
      request(`echo '#1 ${name}'; sleep 3; echo '#1 DONE 3.0s'`, { points: [{ ...LEFT, via }], stallMs: 1000 }),
    );
    expect(outcome.steps).toMatchObject([{ name, seconds: 3, failed: false }]);
  });

  it('does not take words on stderr for a failure', async () => {
    await expect(runBuild(request(`echo 'ERROR: this is only talk' >&2; exit 0`))).resolves.toMatchObject({
      steps: [],
    });
  });

  it('ends the whole tree when it is interrupted, with the log so far, and can be run again', async () => {
    const pidFile = join(dir, 'pid');
    const spec = request(`echo '#1 [base 1/1] RUN a'; sleep 300 & echo $! >'${pidFile}'; echo '#1 0.1 before'; wait`);
    const running = runBuild(spec).then(
      () => null,
      (error: unknown) => error,
    );
    await until(() => existsSync(spec.logFile) && readFileSync(spec.logFile, 'utf8').includes('#1 0.1 before'));
    await killAll('SIGINT', 500);
    expect(await running).toMatchObject({ code: 'interrupted', exitCode: 130 });
    expect(liveChildren()).toBe(0);
    const sleeper = Number(readFileSync(pidFile, 'utf8'));
    expect(runs(sleeper)).toBe(false);
    expect(readFileSync(spec.logFile, 'utf8')).toContain('\n#1 0.1 before\n');

    resumeAfterKill();
    await expect(runBuild(request(`echo '#1 [base 1/1] RUN a'; echo '#1 CACHED'`))).resolves.toMatchObject({
      steps: [{ cached: true }],
    });
  });

  it('ends the build when the listener throws', async () => {
    const failing = runBuild(
      request(`echo '#1 [base 1/1] RUN a'; sleep 300`, {
        onProgress: () => {
          throw new Error('listener');
        },
      }),
    );
    await expect(failing).rejects.toThrow('listener');
    expect(liveChildren()).toBe(0);
  });

  it('says what lacks when there is no make', async () => {
    const broken = { ...request('true'), spec: { file: join(dir, 'no-make'), args: [], env: {}, cwd: dir } };
    await expect(runBuild(broken)).rejects.toMatchObject({ code: 'no-such-program', exitCode: 3 });
  });
});

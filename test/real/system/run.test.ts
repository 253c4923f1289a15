import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { runGit } from '../../../src/system/git/git.ts';
import { run } from '../../../src/system/process/run.ts';
import { liveChildren, runCleanups } from '../../../src/system/process/supervisor.ts';
import { failureIn } from '../../support/failure.ts';
import { startGitServer } from '../../support/git-server.mjs';
import { processesWith, uniqueSeconds } from './processes.ts';

const dir = mkdtempSync(join(tmpdir(), 'run-test-'));
afterAll(() => {
  runCleanups();
  rmSync(dir, { recursive: true, force: true });
});

const bash = (script: string, env: Record<string, string> = {}) => ({ file: 'bash', args: ['-c', script], env });

describe('run', () => {
  it('tells both streams, the exit code and the time', async () => {
    const result = await run(bash('echo out; echo err >&2; sleep 0.1'));
    expect(result).toMatchObject({ exitCode: 0, signal: null, stdout: 'out\n', stderr: 'err\n', timedOut: false });
    expect(result.seconds).toBeGreaterThan(0.09);
    expect(result.seconds).toBeLessThan(60);
  });

  it('uses no shell: arguments arrive as they are', async () => {
    const words = ['$(touch x)', "a'b", '`id`', 'two words', '; exit 9', '', 'ü\n"'];
    const { stdout } = await run({ file: 'printf', args: ['%s\\0', ...words], env: {}, cwd: dir });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
    expect(existsSync(join(dir, 'x'))).toBe(false);
  });

  it('decides by the exit code, not by what stands on stderr', async () => {
    expect((await run(bash('echo "ERROR: fatal" >&2'))).exitCode).toBe(0);
    const error = await failureIn(run(bash('echo fine; exit 3')));
    expect(error).toMatchObject({ code: 'command-failed', exitCode: 1 });
    expect(error.message).toContain('exit code 3');
    expect(error.message).toContain('fine');
  });

  it('quotes the last lines of stderr only', async () => {
    const error = await failureIn(run(bash('for i in $(seq 100); do echo "line $i" >&2; done; exit 1')));
    expect(error.message).toContain('line 100');
    expect(error.message).not.toContain('line 50\n');
  });

  it('tells a failure in the result where that is wanted', async () => {
    expect(await run(bash('kill -SEGV $$'), { allowFailure: true })).toMatchObject({
      exitCode: null,
      signal: 'SIGSEGV',
    });
  });

  it.each([
    ['a program that is not there', { file: 'no-such-program-here', args: [], env: {} }, 'no-such-program', 3],
    ['a file that is not executable', { file: '/etc/passwd', args: [], env: {} }, 'no-such-program', 3],
    [
      'a working directory that is not there',
      { file: 'ls', args: [], env: {}, cwd: '/no/such/dir' },
      'no-such-directory',
      1,
    ],
  ] as const)('%s', async (_, spec, code, exitCode) => {
    expect(await failureIn(run(spec, { allowFailure: true }))).toMatchObject({ code, exitCode });
  });

  it('never lets a child wait for input', async () => {
    expect((await run({ file: 'cat', args: [], env: {} }, { timeoutMs: 5000 })).stdout).toBe('');
    expect((await run({ file: 'cat', args: [], env: {} }, { input: 'given' })).stdout).toBe('given');
    expect((await run({ file: 'true', args: [], env: {} }, { input: 'x'.repeat(10_000_000) })).exitCode).toBe(0);
  });

  it('adds to the environment, or replaces it', async () => {
    expect((await run(bash('echo "$A-$HOME"', { A: '1' }))).stdout).toBe(`1-${process.env['HOME'] ?? ''}\n`);
    expect((await run({ file: '/usr/bin/env', args: [], env: { A: '1' } }, { cleanEnv: true })).stdout).toBe('A=1\n');
  });

  it('gives bytes as bytes', async () => {
    const { stdout } = await run(bash("printf '\\377\\0\\200'"), { encoding: 'buffer' });
    expect([...stdout]).toEqual([255, 0, 128]);
  });

  it('hands over lines as they come, of both streams', async () => {
    const lines: string[] = [];
    await run(bash("printf '10%%\\r20%%\\r\\ndone\\nno end'; echo e >&2; printf '\\303'; sleep 0.1; printf '\\274'"), {
      onLine: (line, stream) => lines.push(`${stream}:${line}`),
    });
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout:10%',
      'stdout:20%',
      'stdout:done',
      'stdout:no endü',
    ]);
    expect(lines).toContain('stderr:e');
  });

  it('ends the child when a listener throws, and throws that on', async () => {
    const seconds = uniqueSeconds();
    const promise = run(bash(`echo go; sleep ${seconds}`), {
      onLine: () => {
        throw new RangeError('mine');
      },
    });
    await expect(promise).rejects.toThrow(new RangeError('mine'));
    expect(processesWith(seconds)).toEqual([]);
  });

  it('keeps a whole log in a file and only the tail in memory', async () => {
    const logFile = join(dir, 'logs/deep/build.log');
    const result = await run(bash('for i in $(seq 50000); do echo "line $i"; done; echo err >&2'), {
      logFile,
      maxBytes: 1000,
    });
    expect(result.stdout.length).toBeLessThanOrEqual(1000);
    expect(result.stdout.endsWith('line 50000\n')).toBe(true);
    const log = readFileSync(logFile, 'utf8').split('\n');
    expect(log[0]).toMatch(/^\$ bash -c '/);
    expect(log).toHaveLength(50_000 + 1 + 1 + 1);
    await run(bash('echo more'), { logFile });
    expect(readFileSync(logFile, 'utf8')).toMatch(/line 50000\n[^]*\$ bash -c 'echo more'\nmore\n$/);
  });

  it('does not cut data: more than expected is an error', async () => {
    expect(await failureIn(run({ file: 'yes', args: [], env: {} }, { maxBytes: 5000 }))).toMatchObject({
      code: 'output-too-long',
    });
  });

  it('no space for the log is exit 3', async () => {
    const error = await failureIn(run(bash('echo x; sleep 100'), { logFile: '/dev/full' }));
    expect(error).toMatchObject({ code: 'disk-full', exitCode: 3 });
  });

  it('does not wait for a grandchild that holds the pipe', async () => {
    const seconds = uniqueSeconds();
    // That it still runs afterwards is the proof.
    const { stdout } = await run(bash(`sleep ${seconds} & echo $!`));
    expect(process.kill(Number(stdout), 'SIGKILL')).toBe(true);
  });
});

describe('a deadline', () => {
  it.each(['timeoutMs', 'idleTimeoutMs'] as const)('%s ends the whole tree', async (which) => {
    const seconds = uniqueSeconds();
    const error = await failureIn(
      run(bash(`bash -c 'sleep ${seconds} & bash -c "sleep ${seconds}; true"; true' & wait`), { [which]: 600 }),
    );
    expect(error).toMatchObject({ code: 'command-timed-out' });
    expect(processesWith(seconds)).toEqual([]);
    expect(liveChildren()).toBe(0);
  });

  it('ends shells that start the next program as soon as the last one is gone', async () => {
    for (const timeoutMs of [100, 150, 200, 250]) {
      const seconds = uniqueSeconds();
      const loop = `while :; do sleep ${seconds}; done`;
      await run(bash(`bash -c '${loop}' & bash -c '${loop}' & ${loop}`), { timeoutMs, allowFailure: true });
      expect(processesWith(seconds)).toEqual([]);
    }
  });

  it('idleTimeoutMs does not end one that goes on talking', async () => {
    expect(
      (await run(bash('for i in 1 2 3 4 5 6 7; do echo $i; sleep 0.6; done'), { idleTimeoutMs: 3500 })).exitCode,
    ).toBe(0);
  });

  it('leaves no git-remote-http behind a server that never answers', async () => {
    const server = await startGitServer({ '/hang': { kind: 'hang' } });
    try {
      const url = `${server.url}/hang`;
      const remote = { access: new GitAccess({ env: process.env }), url };
      const { timedOut } = await runGit(dir, ['ls-remote', url], { remote, timeoutMs: 10_000, allowFailure: true });
      expect(timedOut).toBe(true);
      // Only git-remote-http asks the server: it was there, and waited for the answer.
      expect(server.requests).toHaveLength(1);
      expect(processesWith(server.url)).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

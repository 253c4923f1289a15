import { fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeWorkDir } from '../../../src/workdir/leftovers.ts';
import { lockHolder, takeLock } from '../../../src/workdir/lock.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';

const base = mkdtempSync(join(tmpdir(), 'lock-test-'));
let dir: string;
let lock: string;
let other: ReturnType<typeof spawn> | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(base, 'v20.10.12-linux-'));
  lock = join(dir, 'in-use');
});
afterEach(() => {
  other?.kill('SIGKILL');
  other = null;
  runCleanups();
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

/** Another process that writes its lock after so many milliseconds, and lives on. */
async function writesItsLockAfter(milliseconds: number): Promise<number> {
  const program = `
const start = require('fs').readFileSync('/proc/self/stat', 'utf8').replace(/^.*\\) /s, '').split(' ')[19];
console.log('up');
setTimeout(() => require('fs').writeFileSync(process.argv[1], JSON.stringify({ pid: process.pid, start })), ${String(milliseconds)});
setTimeout(() => {}, 60000);`;
  const child = spawn(process.execPath, ['-e', program, lock], { stdio: ['ignore', 'pipe', 'inherit'] });
  other = child;
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

describe('a lock', () => {
  it('that its run has made and not written yet is not taken for one of a killed run', async () => {
    writeFileSync(lock, '');
    const pid = await writesItsLockAfter(50);
    expect(() => {
      takeLock(lock);
    }).toThrow(expect.objectContaining({ code: 'work-dir-busy', exitCode: 3 }));
    expect(lockHolder(lock)).toBe(pid);
  });

  it('of which a killed run left half is taken over', () => {
    writeFileSync(lock, '{"pid":1');
    takeLock(lock);
    expect(lockHolder(lock)).toBe(process.pid);
  });

  it('that a run takes before clean gets to its work dir keeps the dir', async () => {
    mkdirSync(join(dir, 'moby'));
    writeFileSync(join(dir, 'moby/Dockerfile'), 'FROM x');
    const pid = await writesItsLockAfter(0);
    while (!existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await removeWorkDir(dir)).toEqual({ by: pid });
    expect(readFileSync(join(dir, 'moby/Dockerfile'), 'utf8')).toBe('FROM x');
    other?.kill('SIGKILL');
    await new Promise((resolve) => other?.once('exit', resolve));
    expect(await removeWorkDir(dir)).toBeNull();
    expect(existsSync(dir)).toBe(false);
  });
});

describe('a stale lock that many runs find at once', () => {
  it('is taken over by one of them, and what lies beside it goes', async () => {
    const racers = Array.from({ length: 6 }, () =>
      fork(join(import.meta.dirname, 'lock-racer.ts'), [lock], {
        execArgv: ['--import', join(import.meta.dirname, '../../support/typescript-loader.mjs')],
      }),
    );
    const answers = (): Promise<string[]> =>
      Promise.all(racers.map(async (racer) => ((await once(racer, 'message')) as [string])[0]));
    const tell = async (word: string): Promise<string[]> => {
      const told = answers();
      for (const racer of racers) racer.send(word);
      return told;
    };
    try {
      await answers();
      for (let round = 0; round < 30; round += 1) {
        // Of a process that is gone; every other one is half a lock.
        writeFileSync(lock, round % 10 === 9 ? '{"pid":1' : `{"pid":4194304,"start":"${String(round)}"}`);
        const said = await tell('take');
        expect(said.filter((word) => word === 'taken')).toHaveLength(1);
        expect(said.filter((word) => word === 'work-dir-busy')).toHaveLength(racers.length - 1);
        await tell('release');
        expect(readdirSync(dir)).toEqual([]);
      }
    } finally {
      for (const racer of racers) racer.kill('SIGKILL');
    }
  });

  it('is left to the run that is just taking it over', () => {
    writeFileSync(lock, '{"pid":4194304,"start":"1"}');
    const facts = lstatSync(lock, { bigint: true });
    const id = `${String(facts.ino)} ${String(facts.mtimeNs)} {"pid":4194304,"start":"1"}`;
    const guard = `${lock}.${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
    // This process has the right to it, and has not used it.
    takeLock(guard);
    expect(() => {
      takeLock(lock);
    }).toThrow(expect.objectContaining({ code: 'work-dir-busy' }));
    expect(readFileSync(lock, 'utf8')).toBe('{"pid":4194304,"start":"1"}');
    // Killed there, it holds nobody up.
    writeFileSync(guard, '{"pid":4194304,"start":"2"}');
    takeLock(lock);
    expect(lockHolder(lock)).toBe(process.pid);
    expect(existsSync(guard)).toBe(false);
  });
});

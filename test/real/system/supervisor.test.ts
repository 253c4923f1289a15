import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { processesWith, uniqueSeconds, until } from './processes.ts';

const parent = mkdtempSync(join(tmpdir(), 'supervisor-test-'));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

const loader = fileURLToPath(new URL('../../support/typescript-loader.mjs', import.meta.url));
const program = fileURLToPath(new URL('killed-run.ts', import.meta.url));

describe('a run that is ended by a signal', () => {
  it.each([
    ['SIGTERM', 'willing', 143],
    ['SIGINT', 'willing', 130],
    ['SIGTERM', 'stubborn', 143],
  ] as const)('%s, %s children: none is left, temporary things neither', async (signal, mood, exitCode) => {
    const seconds = uniqueSeconds();
    const child = spawn(process.execPath, ['--import', loader, program, seconds, mood, parent], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until(() => processesWith(`sleep ${seconds}`).filter((line) => line.startsWith('sleep')).length >= 4);
    expect(readdirSync(parent)).toHaveLength(1);
    child.kill(signal);
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(exitCode);
    expect(said).toBe('ready\ninterrupted\n');
    expect(processesWith(seconds)).toEqual([]);
    expect(readdirSync(parent)).toEqual([]);
  });
});

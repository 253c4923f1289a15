import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isAlive, seeProcess } from '../../../src/system/process/process-tree.ts';
import { removeTree } from '../../../src/system/files/remove-tree.ts';
import { Stage, ofTree } from '../commands/stage.ts';

const stage = new Stage();
const temporary = mkdtempSync(join(tmpdir(), 'moby-build-signal-guard-'));
const started = join(temporary, 'started');

/** A display that never comes back: the first write after make has started takes the main thread for ever. */
const loops = join(temporary, 'loops.mjs');
writeFileSync(
  loops,
  `import { existsSync, writeFileSync } from 'node:fs';
const write = process.stderr.write;
process.stderr.write = function (...args) {
  if (!existsSync(${JSON.stringify(started)})) return write.apply(this, args);
  writeFileSync(${JSON.stringify(`${started}.loops`)}, '');
  for (;;);
};
`,
);

let running: ChildProcess | null = null;
afterEach(() => {
  running?.kill('SIGKILL');
});
afterAll(async () => {
  stage.remove();
  await removeTree(temporary);
});

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 50));
}

function present(file: string): boolean {
  return readdirSync(temporary).includes(file);
}

describe('a signal, while the display takes the main thread for ever', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends the run, its children and its temporary directories',
    async (signal) => {
      for (const file of ['started', 'started.loops']) if (present(file)) await removeTree(join(temporary, file));
      stage.make(
        `echo $$ > ${started}.new; mv ${started}.new ${started}; while :; do echo '#1 [base 1/2] FROM golang'; sleep 1; done`,
      );
      const { child, ended } = stage.start(['build', ...ofTree(stage), '--verbose'], {
        NODE_OPTIONS: `--import=${pathToFileURL(loops).href}`,
        TMPDIR: temporary,
      });
      running = child;
      await until(() => present('started.loops'));
      const make = seeProcess(Number(readFileSync(started, 'utf8')));
      if (make === null) throw new Error('make does not run');
      child.kill(signal);
      const { status, stderr } = await ended;
      expect({ status, signal: child.signalCode }).toEqual({ status: null, signal });
      expect(stderr).toContain(`Interrupted by ${signal}`);
      expect(isAlive(make)).toBe(false);
      expect(readdirSync(temporary).filter((name) => name.startsWith('moby-build-'))).toEqual([]);
    },
    60_000,
  );
});

describe('a terminal that does not say its width', () => {
  it.each([0, 1, 3, 19])('of %i columns shows an audit, which ends', async (columns) => {
    const words = [process.execPath, 'bin/moby-build.cjs', 'audit', ...ofTree(stage)].map((word) => `'${word}'`);
    const child = spawn('script', ['-qec', `stty cols ${String(columns)} rows 0; ${words.join(' ')}`, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: stage.environment({ TERM: 'xterm' }),
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(shown).toContain('egress points');
    expect(status).toBe(0);
  });
});

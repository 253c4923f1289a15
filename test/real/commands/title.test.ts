import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { until } from '../system/processes.ts';
import { ofTree, Stage } from './stage.ts';

/** Titles that were set, and the stack of them, as a terminal reads them (xterm, ctlseqs). */
function titlesIn(text: string): readonly string[] {
  return [...text.matchAll(/\u001b\[(2[23]);2t|\u001b\]2;([^\u0007]*)\u0007/gu)].map(
    ([, stack, title = '']) => stack ?? title,
  );
}

describe('the title of a terminal', () => {
  it.skipIf(!existsSync('/usr/bin/script'))('has the step, and is taken back after ^C', async () => {
    const stage = new Stage();
    onTestFinished(() => {
      stage.remove();
    });
    stage.make(`echo '#1 [base 1/2] RUN sleep'; exec sleep 120`);
    const words = [process.execPath, join(packageRoot(), 'bin/moby-build.cjs'), ...ofTree(stage)];
    const file = join(stage.dir, 'typescript');
    // util-linux's script gives its program a terminal, whose line discipline makes a signal of ^C.
    const child = spawn('script', ['-qefc', words.map((word) => `'${word}'`).join(' '), file], {
      ...{ cwd: stage.cwd, env: stage.environment({ TERM: 'xterm' }), stdio: ['pipe', 'ignore', 'ignore'] as const },
    });
    const seen = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    await until(() => seen().includes('RUN sleep') || seen().includes('sleep (') || child.exitCode !== null);
    child.stdin.write('\u0003');
    const [status] = (await once(child, 'close')) as [number];
    expect(status, seen()).toBe(130);
    const titles = titlesIn(seen());
    expect(titles[0]).toBe('22');
    expect(titles).toContain('moby-build: Compile');
    expect(titles.slice(-2)).toEqual(['', '23']);
  });

  it('is never set where stderr is no terminal', async () => {
    const stage = new Stage();
    onTestFinished(() => {
      stage.remove();
    });
    const { status, stderr } = await stage.run(ofTree(stage), { TERM: 'xterm' });
    expect(status, stderr).toBe(0);
    expect(titlesIn(stderr)).toEqual([]);
  });
});

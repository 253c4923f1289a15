import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { ARCH, ofTree, Stage } from './stage.ts';

let stage: Stage;
beforeAll(() => {
  stage = new Stage();
});
afterAll(() => {
  stage.remove();
});

/** Runs the command with a stream that nobody takes: `full` is a disk without space (full(4)), `gone` a reader that has left. */
function run(args: readonly string[], stream: 'stdout' | 'stderr', how: 'full' | 'gone') {
  const target = how === 'full' ? openSync('/dev/full', 'w') : 'pipe';
  const child = spawn(process.execPath, [join(packageRoot(), 'bin/moby-build.cjs'), ...args], {
    cwd: stage.cwd,
    env: stage.environment(),
    stdio: ['ignore', stream === 'stdout' ? target : 'pipe', stream === 'stderr' ? target : 'pipe'],
  });
  if (how === 'gone') child[stream]?.destroy();
  const other = child[stream === 'stdout' ? 'stderr' : 'stdout'];
  let said = '';
  other?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise<{ status: number | null; said: string }>((resolve) => {
    child.on('close', (status) => {
      resolve({ status, said });
    });
  });
}

describe('a terminal', () => {
  // script(1) of util-linux makes one; Debian always has it.
  it.skipIf(!existsSync('/usr/bin/script'))('shows an error on a line of its own, below no progress', () => {
    mkdirSync(join(stage.dir, 'w/store/git', `${'a'.repeat(40)}.git`), { recursive: true });
    const command = [process.execPath, join(packageRoot(), 'bin/moby-build.cjs')].join(' ');
    const { stdout } = spawnSync(
      '/usr/bin/script',
      ['-qec', `stty cols 80; ${command} cache verify --work-dir ${join(stage.dir, 'w')}`, '/dev/null'],
      { env: stage.environment({ NO_COLOR: '1', CI: '', TERM: 'xterm' }), encoding: 'utf8' },
    );
    expect(stdout).toContain('1/1 ');
    expect(stdout).toContain('\r\u001b[Kmoby-build: 1 of 1 stored sources');
    expect(stdout).not.toMatch(/\u001b\[\d+m/u);
  });
});

describe('a stdout that takes nothing', () => {
  it.each([[['--help']], [['smoke', '--list']], [['smoke', '--list', '--json']], [['mirrors', 'list']]])(
    'is an error of this machine, said in words: %j',
    async (args) => {
      const { status, said } = await run(args, 'stdout', 'full');
      expect(said).toContain('The output cannot be written: ENOSPC');
      expect(said).not.toMatch(/mistake in moby-build|^\s+at /mu);
      expect(status).toBe(3);
    },
  );

  it('is no error where the reader has left', async () => {
    expect(await run(['smoke', '--list'], 'stdout', 'gone')).toEqual({ status: 0, said: '' });
  });
});

describe.each(['full', 'gone'] as const)('a stderr that is %s', (how) => {
  it('changes no exit code', async () => {
    expect((await run(['verify', '.'], 'stderr', how)).status).toBe(7);
    expect((await run(['--json', 'docto'], 'stderr', how)).status).toBe(2);
  });

  it('ends no build', async () => {
    const out = join(stage.cwd, `out-${how}-linux-${ARCH}`);
    expect((await run(['build', ...ofTree(stage), '--out', out], 'stderr', how)).status).toBe(0);
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  });
});

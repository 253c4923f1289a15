import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hangingProgram } from '../../support/answering-program.ts';
import { until } from '../system/processes.ts';
import { ARCH, BUILDS, ofTree, Stage } from './stage.ts';

let stage: Stage;
let out: string;
beforeEach(() => {
  stage = new Stage();
  out = join(stage.dir, 'out');
  writeFileSync(join(stage.dir, 'hangs'), hangingProgram(ARCH));
});
afterEach(() => {
  for (const { pid } of hanging()) process.kill(pid, 'SIGKILL');
  stage.remove();
});

/** The runc of a build that never answers: its run waits in verify, between collecting and the manifest. */
const HANGS = `${BUILDS}\ncp "$(dirname "$0")/../hangs" $out/runc; rm $out/runc.md5 $out/runc.sha256`;

/** Programs of this stage that hang, and where they lie. */
function hanging(): readonly { readonly pid: number; readonly exe: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const exe = /^\d+$/.test(name) ? readlinkSync(`/proc/${name}/exe`) : '';
      return exe.startsWith(stage.dir) ? [{ pid: Number(name), exe }] : [];
    } catch {
      return [];
    }
  });
}

const beside = (): readonly string[] => readdirSync(stage.dir).filter((name) => name.startsWith('.out.'));
const refOf = (): unknown => (JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { ref: unknown }).ref;

describe('the out dir', () => {
  it('is the earlier build until the new one is verified; what a killed run leaves is found by clean and by the next run', async () => {
    const words = [...ofTree(stage), '--out', out];
    expect((await stage.run(words)).status).toBe(0);
    const before = readFileSync(join(out, 'manifest.json'), 'utf8');

    stage.make(HANGS);
    for (const next of ['clean', 'build'] as const) {
      const run = stage.start(words);
      await until(() => hanging().length > 0 || run.child.exitCode !== null);
      expect(run.child.exitCode, run.seen()).toBeNull();
      run.child.kill('SIGKILL');
      await run.ended;
      for (const { pid } of hanging()) process.kill(pid, 'SIGKILL');
      expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe(before);
      const [left = ''] = beside();
      expect(beside()).toHaveLength(1);
      if (next === 'clean') {
        expect((await stage.run(['clean'], { TMPDIR: stage.cwd })).stderr).toContain(left);
        await stage.run(['clean', '--yes'], { TMPDIR: stage.cwd });
      } else {
        stage.make(BUILDS);
        expect((await stage.run(words)).status).toBe(0);
      }
      expect(beside()).toEqual([]);
    }
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).not.toBe(before);
  });

  it('is of one run where two with different work dirs write to it', async () => {
    stage.make(HANGS);
    const other = join(stage.dir, 'other');
    mkdirSync(other);
    const slow = stage.start([...ofTree(stage), '--out', out]);
    await until(() => hanging().length > 0 || slow.child.exitCode !== null);
    stage.make(BUILDS);
    // Components that are fetched lie beside the work dirs, so this one takes them from mirrors.
    const quick = await stage.run([
      ...ofTree(stage),
      '--ref',
      'v20.10.11',
      '--sources',
      'mirror',
      '--work-dir',
      other,
      '--out',
      out,
    ]);
    expect(quick.status, quick.stderr).toBe(0);
    const files = readdirSync(out).map((name) => readFileSync(join(out, name)).toString('latin1'));
    // The slow run fails at its runc, and its manifest says so.
    for (const { pid } of hanging()) process.kill(pid, 'SIGKILL');
    expect((await slow.ended).status).toBe(7);
    const after = readdirSync(out).map((name) => readFileSync(join(out, name)).toString('latin1'));
    expect(after).not.toEqual(files);
    expect(refOf()).toBe('v20.10.12');
    const { stdout } = await stage.run(['verify', out, '--json']);
    const { checks, binaries } = JSON.parse(stdout) as {
      checks: { id: string; result: string }[];
      binaries: { path: string }[];
    };
    expect(checks.find(({ id }) => id === 'manifest')?.result).toBe('ok');
    expect(binaries.every(({ path }) => existsSync(path))).toBe(true);
  });
});

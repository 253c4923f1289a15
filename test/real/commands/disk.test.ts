import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofTree, Stage } from './stage.ts';

/** Small file systems of our own are mounted, which only root may. */
describe.skipIf(process.getuid?.() !== 0)('a disk that will not take it', () => {
  let stage: Stage;
  const mounted: string[] = [];
  const mount = (name: string, options: string): string => {
    const dir = join(stage.dir, name);
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
    mounted.push(dir);
    return dir;
  };
  beforeAll(() => {
    stage = new Stage();
  });
  afterAll(() => {
    for (const dir of mounted) execFileSync('umount', [dir]);
    stage.remove();
  });

  it('without room for the work is exit 3 before anything is written, with how much there is', async () => {
    const small = mount('small', 'size=1m');
    const { status, stderr } = await stage.run([...ofTree(stage), '--work-dir', small]);
    expect(status).toBe(3);
    expect(stderr).toContain(small);
    expect(readdirSync(small)).toEqual([]);
  });

  it('without room for temporary files is exit 3 in words', async () => {
    const full = mount('full', 'size=16k');
    execFileSync('dd', ['if=/dev/zero', `of=${join(full, 'fill')}`, 'bs=4k', 'count=4'], { stdio: 'ignore' });
    const { status, stdout, stderr } = await stage.run(['audit', ...ofTree(stage)], { TMPDIR: full });
    expect(stderr).toContain('space left on');
    expect(stderr).not.toMatch(/mistake in moby-build|^\s+at /mu);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });

  it('that is read-only cannot hold the out dir, and is said to be before the build', async () => {
    const still = mount('still', 'size=1m,ro');
    const { status, stderr } = await stage.run([...ofTree(stage), '--out', join(still, 'out')]);
    expect(status).toBe(3);
    expect(stderr).toContain(still);
    expect(stderr).toMatch(/read-only/iu);
  });
});

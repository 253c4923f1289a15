import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../../src/patching/apply.ts';
import { loadTree } from '../../../src/system/files/load-tree.ts';
import type { Plan, PlannedPatch, Tree } from '../../../src/types.ts';
import { lightTree } from '../../unit/mirrors/fixtures.ts';
import { planFor } from '../../unit/patching/fixtures.ts';
import { contentsOf, tempDir, write } from './repository.ts';

let tree: Tree;
let plan: Plan;
beforeAll(async () => {
  tree = await lightTree();
  plan = planFor(tree, 'cn');
});

function onDisk(): string {
  const dir = tempDir();
  write(dir, tree);
  return dir;
}

describe('applyPlan', () => {
  it('applies once, and says so the second time', async () => {
    const dir = onDisk();
    const first = await applyPlan(plan, dir);
    expect(first.outcome).toBe('applied');
    expect([...first.files].sort()).toEqual([...plan.after.keys()]);
    const after = contentsOf(dir);
    expect(await applyPlan(plan, dir)).toEqual({ outcome: 'already', files: [] });
    expect(contentsOf(dir)).toEqual(after);
    expect(await applyPlan(planFor(tree, 'direct'), dir)).toEqual({ outcome: 'nothing', files: [] });
  });

  it('is found again on the disk, with a keyring as large as the real one', async () => {
    const flags = {
      sourcesList: 'deb http://apt.example/debian trixie main\n',
      aptKeyring: new Uint8Array(60_000).fill(1).fill(0x99, 0, 1),
    };
    const dir = onDisk();
    await applyPlan(planFor(tree, 'cn', flags), dir);
    expect(planFor(await loadTree(dir), 'cn', flags).patches).toEqual([]);
  });

  it('keeps the modes of files', async () => {
    const dir = onDisk();
    const path = join(dir, 'hack/dockerfile/install/tini.installer');
    chmodSync(path, 0o750);
    await applyPlan(plan, dir);
    expect(statSync(path).mode & 0o777).toBe(0o750);
    expect(statSync(join(dir, 'sources.list')).mode & 0o777).toBe(0o644);
  });

  it('goes on after a run that was killed half way', async () => {
    const dir = onDisk();
    const half = [...plan.after].slice(0, 2);
    for (const [path, { text }] of half) writeFileSync(join(dir, path), text);
    const { files } = await applyPlan(plan, dir);
    expect(files).toHaveLength(plan.after.size - 2);
    for (const [path, { text }] of plan.after) expect(readFileSync(join(dir, path), 'utf8')).toBe(text);
  });

  it.each<[string, (dir: string) => void]>([
    [
      'another text',
      (dir) => {
        writeFileSync(join(dir, 'hack/dockerfile/install/tini.installer'), 'mine\n');
      },
    ],
    [
      'another mode',
      (dir) => {
        chmodSync(join(dir, 'hack/dockerfile/install/tini.installer'), 0o644);
      },
    ],
    [
      'a file that is gone',
      (dir) => {
        rmSync(join(dir, 'hack/dockerfile/install/tini.installer'));
      },
    ],
    [
      'a file that is there',
      (dir) => {
        writeFileSync(join(dir, 'sources.list'), 'mine\n');
      },
    ],
  ])('%s is a conflict, exit 4, and nothing is written', async (_, change) => {
    const dir = onDisk();
    change(dir);
    const before = contentsOf(dir);
    await expect(applyPlan(plan, dir)).rejects.toMatchObject({ code: 'apply-conflict', exitCode: 4 });
    expect(contentsOf(dir)).toEqual(before);
  });

  it('does not follow a link out of the tree', async () => {
    const dir = onDisk();
    const outside = tempDir();
    write(outside, new Map([...tree].filter(([path]) => path.startsWith('hack/'))));
    rmSync(join(dir, 'hack'), { recursive: true });
    symlinkSync(join(outside, 'hack'), join(dir, 'hack'));
    const before = contentsOf(outside);
    await expect(applyPlan(plan, dir)).rejects.toMatchObject({ code: 'unsafe-path', exitCode: 4 });
    expect(contentsOf(outside)).toEqual(before);
  });

  it('puts everything back when a write fails', async () => {
    const dir = onDisk();
    const before = contentsOf(dir);
    const patches: PlannedPatch[] = [
      ...plan.patches,
      {
        name: '9999-x.patch',
        subject: 'x',
        reason: 'x',
        changes: [{ path: `new/${'n'.repeat(300)}`, before: null, after: { text: 'x', mode: '100644' } }],
      },
    ];
    mkdirSync(join(dir, 'new'));
    await expect(applyPlan({ patches }, dir)).rejects.toThrow();
    expect(contentsOf(dir)).toEqual(before);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/patching/plan.ts';
import type { Plan, Tree } from '../../../src/types.ts';
import { lightTree, resolveWith, scanOf } from '../mirrors/fixtures.ts';
import { changedLines, RULES, treeAfterPlan } from './fixtures.ts';

let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});
const HOME = '--mount=type=secret,id=moby-build-netrc,target=/root/.netrc';
const APT = '--mount=type=secret,id=moby-build-netrc,target=/etc/apt/auth.conf.d/90moby-build.conf';

function planned(source: Tree, logins = true): Plan {
  const scan = scanOf(source, 'arm64');
  return makePlan({
    tree: source,
    scan,
    scanOptions: { target: 'binary', arch: 'arm64' },
    resolutions: resolveWith(scan, 'cn'),
    rules: RULES,
    logins,
    ref: 'v20.10.12',
    commit: null,
    series: '20.10',
    profile: 'cn',
  });
}

/** The RUN lines with one of our mounts, each with its stage. */
function mounted(plan: Plan, target: string): string[] {
  let stage = '';
  const stages: string[] = [];
  for (const line of (plan.after.get('Dockerfile')?.text ?? '').split('\n')) {
    stage = /^FROM .* as (\S+)$/iu.exec(line)?.[1] ?? stage;
    if (line.includes(target)) stages.push(stage);
  }
  return stages;
}

describe('logins for the steps of a build', () => {
  it('are shown to the steps in the closure that load from mirrors, and to no other', () => {
    const plan = planned(tree);
    expect(mounted(plan, HOME)).toEqual(['containerd', 'proxy', 'runc', 'tini', 'rootlesskit']);
    // Not the step that only writes the file of a source.
    expect(mounted(plan, APT)).toEqual(['runtime-dev-cross-false', 'containerd', 'tini']);
  });

  it('stand before the flags that were there', () => {
    const changed = changedLines(tree, planned(tree))['Dockerfile'] ?? [];
    expect(changed).toContain(`+RUN ${HOME} --mount=type=cache,target=/root/.cache/go-build \\`);
  });

  it('change nothing without --netrc, and nothing the second time', () => {
    expect(mounted(planned(tree, false), 'type=secret')).toEqual([]);
    const after = treeAfterPlan(tree, planned(tree));
    expect(planned(after).patches).toEqual([]);
  });

  it('are one patch, which says why', () => {
    const patch = planned(tree).patches.at(-1);
    expect(patch?.name).toMatch(/^\d{4}-logins-of-mirrors\.patch$/u);
    expect(patch?.changes.map(({ path }) => path)).toEqual(['Dockerfile']);
  });
});

import { loadRuleSet } from '../../../src/patching/rules/rule-set.ts';
import { makePlan } from '../../../src/patching/plan.ts';
import type { RuleSet } from '../../../src/patching/rules/rule-set.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import type { Plan, Tree } from '../../../src/types.ts';
import { resolveWith, scanOf } from '../mirrors/fixtures.ts';

export const RULES: RuleSet = loadRuleSet();

/** Scan, resolve and plan in one: what the pipeline does. */
export function planFor(
  tree: Tree,
  profile: string,
  flags: Partial<ResolveInput> = {},
  { arch = 'arm64', rules = RULES, series = '20.10', sourceDate = null as string | null } = {},
): Plan {
  const scan = scanOf(tree, arch);
  const resolutions = resolveWith(scan, profile, flags);
  return makePlan({
    tree,
    scan,
    scanOptions: { target: 'binary', arch },
    resolutions,
    rules,
    sourceDate,
    ref: 'v20.10.12',
    commit: null,
    series,
    profile,
  });
}

/** The tree after a plan. */
export function treeAfterPlan(tree: Tree, plan: Plan): Tree {
  return new Map([...tree, ...plan.after]);
}

/** The lines that a plan takes away and puts in, by file: `-…`, `+…`. */
export function changedLines(tree: Tree, plan: Plan): Record<string, string[]> {
  return Object.fromEntries(
    [...plan.after].map(([path, { text }]) => {
      const before = (tree.get(path)?.text ?? '').split('\n');
      const after = text.split('\n');
      return [
        path,
        [...without(before, after).map((line) => `-${line}`), ...without(after, before).map((line) => `+${line}`)],
      ];
    }),
  );
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

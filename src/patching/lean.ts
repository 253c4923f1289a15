import type { Tree } from '../types.ts';
import { prepareTree, type Prepared } from './before-scan.ts';
import type { RuleSet } from './rules/rule-set.ts';

/**
 * Leaves out of a tree what a build for Linux fetches and does not use. It is scanned and planned for afterwards, so what is gone is no egress
 * point, and is in no bundle. A rule for a stage that the tree does not have is not for its series. Pure.
 *
 * @param before how many patches the tree has already
 * @throws MobyBuildError `rule-mismatch` (4) with the line that the rules do not fit
 */
export function makeLean(tree: Tree, { leaving }: RuleSet, before: number): Prepared {
  return prepareTree(tree, leaving, {
    values: new Map(),
    before,
    isFor: (rule, stages) => rule.operation !== 'replace-in-file' || rule.stage === undefined || stages.has(rule.stage),
  });
}

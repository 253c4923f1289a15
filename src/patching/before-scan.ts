import { parseDockerfile } from '../dockerfile/parse.ts';
import type { PlannedPatch, Tree } from '../types.ts';
import { makePatches, treeAfter } from './patches.ts';
import type { Concern, Rule } from './rules/rule.ts';
import type { Values } from './rules/values.ts';
import { runRule } from './operations/run-rule.ts';

const DOCKERFILE = 'Dockerfile';

/** A tree with patches that are there before it is scanned, and these patches. */
export interface Prepared {
  readonly tree: Tree;
  /** None where the tree was so already. */
  readonly patches: readonly PlannedPatch[];
}

export interface Preparing {
  readonly values: Values;
  /** How many patches the tree has already. */
  readonly before: number;
  /** Which of the rules are for a tree with these stages: all unless told. */
  readonly isFor?: ((rule: Rule, stages: ReadonlySet<string | null>) => boolean) | undefined;
}

/**
 * Applies rules of a phase before the scan. Pure.
 *
 * @throws MobyBuildError `rule-mismatch` (4) with the file and line that the rules do not fit; the tree is never half changed
 */
export function prepareTree(
  tree: Tree,
  concerns: readonly Concern[],
  { values, before, isFor = () => true }: Preparing,
): Prepared {
  const text = tree.get(DOCKERFILE)?.text;
  if (text === undefined) return { tree, patches: [] };
  const dockerfile = parseDockerfile(text, DOCKERFILE);
  const stages = new Set(dockerfile.stages.map(({ name }) => name));
  const context = { tree, dockerfile, points: [], components: [], values };
  let order = 0;
  const runs = concerns.map((concern) => ({
    concern,
    runs: concern.rules
      .filter((rule) => isFor(rule, stages))
      .map((rule) => {
        order += 1;
        return runRule(rule, { ...context, order });
      }),
  }));
  const patches = makePatches(tree, runs, [], before);
  return { tree: new Map([...tree, ...treeAfter(patches)]), patches };
}

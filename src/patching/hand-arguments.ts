import { parseDockerfile } from '../dockerfile/parse.ts';
import type { PlannedPatch, Tree } from '../types.ts';
import { makePatches, treeAfter } from './patches.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { runRule } from './operations/run-rule.ts';

const DOCKERFILE = 'Dockerfile';

/** The scripts that `hack/make.sh` runs are beside it. */
const SCRIPTS = /^hack\/(?:make\.sh|make\/[^/]+)$/u;

/** Whether a script of `make binary` reads this variable. Pure. @param name of letters, digits and `_` */
export function isReadByScripts(tree: Tree, name: string): boolean {
  const use = new RegExp(String.raw`\$(?:\{#?)?${name}\b`, 'u');
  return [...tree].some(([path, { text }]) => SCRIPTS.test(path) && use.test(text));
}

/**
 * Makes the stages that run hack/make.sh hear build arguments that no ARG names. Pure.
 *
 * @param names of build arguments
 * @param before how many patches the tree has already
 * @throws MobyBuildError `rule-mismatch` (4) where no stage is such a one
 */
export function handArguments(
  tree: Tree,
  { handing }: RuleSet,
  names: readonly string[],
  before: number,
): { readonly tree: Tree; readonly patches: readonly PlannedPatch[] } {
  const text = tree.get(DOCKERFILE)?.text;
  if (names.length === 0 || text === undefined) return { tree, patches: [] };
  const values = new Map([['arguments', names.map((name) => `ARG ${name}`).join('\n')]] as const);
  const context = { tree, dockerfile: parseDockerfile(text, DOCKERFILE), points: [], components: [], values };
  let order = 0;
  const runs = handing.map((concern) => ({
    concern,
    runs: concern.rules.map((rule) => {
      order += 1;
      return runRule(rule, { ...context, order });
    }),
  }));
  const patches = makePatches(tree, runs, [], before);
  return { tree: new Map([...tree, ...treeAfter(patches)]), patches };
}

import type { Tree } from '../types.ts';
import { prepareTree, type Prepared } from './before-scan.ts';
import type { RuleSet } from './rules/rule-set.ts';
import type { Values } from './rules/values.ts';

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
export function handArguments(tree: Tree, { handing }: RuleSet, names: readonly string[], before: number): Prepared {
  if (names.length === 0) return { tree, patches: [] };
  const values: Values = new Map([['arguments', names.map((name) => `ARG ${name}`).join('\n')]]);
  return prepareTree(tree, handing, { values, before });
}

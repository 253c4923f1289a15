import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Rule } from '../rules/rule.ts';

/** A tree does not fit a rule. `seen`: what was found where the rule expects `times` places. */
export function mismatch(
  rule: Rule,
  file: string,
  line: number | null,
  expected: string,
  seen: string,
): MobyBuildError {
  return new MobyBuildError({
    code: 'rule-mismatch',
    exitCode: EXIT.tree,
    message: `Rule ${rule.id} does not fit this tree: ${file} should have ${expected}, but has ${seen}.`,
    where: line === null ? file : `${file}:${String(line)}`,
    hint: 'The tree was changed, or is of a series that the rules do not know. Nothing was changed.',
  });
}

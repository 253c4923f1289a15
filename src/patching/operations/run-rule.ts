import { replacePin } from './component-operations.ts';
import { deleteInstruction, insertInstruction, replaceArgDefault, replaceText } from './dockerfile-operations.ts';
import { replaceInFile } from './file-operations.ts';
import { addRunFlag, replaceAdd } from './host-operations.ts';
import { mismatch } from './mismatch.ts';
import { deleteLine, deletePointInstruction, insertBeforeLoop, replaceAnchor } from './point-operations.ts';
import type { Rule, RuleOf } from '../rules/rule.ts';
import { addMount } from './secret-operations.ts';
import { NOTHING, pointsFor, type RuleContext, type RuleRun } from './rule-run.ts';
import { insertIntoStages, replaceInScripts } from './stage-operations.ts';
import { fillIn } from '../rules/values.ts';

/**
 * What one rule does to a tree.
 * Throws MobyBuildError `rule-mismatch` (4) that names rule, file and line when the rule does not match as often as it must.
 */
export function runRule(rule: Rule, context: RuleContext): RuleRun {
  const run = operate(rule, context);
  const { file } = context.dockerfile;
  if (rule.times === 'any') return run;
  if (rule.times === 'per-point') {
    const expected = 'points' in rule ? pointsFor(rule.points, context).length : 0;
    if (run.places !== expected) throw mismatch(rule, file, null, `${String(expected)} places`, String(run.places));
  } else if (rule.times === 'at-least-once') {
    if (run.places === 0) throw mismatch(rule, file, null, 'at least one place', 'none');
  } else if (run.places !== rule.times) {
    throw mismatch(
      rule,
      file,
      null,
      `${String(rule.times)} ${rule.times === 1 ? 'place' : 'places'}`,
      run.places === 0 ? 'none' : String(run.places),
    );
  }
  return run;
}

function operate(rule: Rule, context: RuleContext): RuleRun {
  switch (rule.operation) {
    case 'replace-anchor':
      return replaceAnchor(rule, context);
    case 'delete-line':
      return deleteLine(rule, context);
    case 'delete-point-instruction':
      return deletePointInstruction(rule, context);
    case 'insert-before-loop':
      return insertBeforeLoop(rule, context);
    case 'insert-before':
    case 'insert-after':
      return insertInstruction(rule, context);
    case 'insert-into-stages':
      return insertIntoStages(rule, context);
    case 'replace-in-scripts':
      return replaceInScripts(rule, context);
    case 'delete-instruction':
      return deleteInstruction(rule, context);
    case 'add-mount':
      return addMount(rule, context);
    case 'replace-text':
      return replaceText(rule, context);
    case 'replace-arg-default':
      return replaceArgDefault(rule, context);
    case 'replace-pin':
      return replacePin(rule, context);
    case 'add-run-flag':
      return addRunFlag(rule, context);
    case 'replace-add':
      return replaceAdd(rule, context);
    case 'replace-in-file':
      return replaceInFile(rule, context);
    case 'add-file':
      return addFile(rule, context);
  }
}

/** A file of the tree's own that has this name is not overwritten: ours is known by the instruction that brings it in. */
function addFile(rule: RuleOf<'add-file'>, context: RuleContext): RuleRun {
  const text = fillIn(rule.put, context.values);
  const there = context.tree.get(rule.path);
  if (there?.text === text) return { ...NOTHING, places: 1, already: 1 };
  const ours = context.dockerfile.stages.some(({ instructions }) =>
    instructions.some(
      ({ keyword, words }) => (keyword === 'ADD' || keyword === 'COPY') && words[0]?.text === rule.path,
    ),
  );
  if (there !== undefined && !ours) throw mismatch(rule, rule.path, null, 'no such file', 'one of its own');
  return { ...NOTHING, files: new Map([[rule.path, text]]), places: 1 };
}

import type { FileChange, PlannedPatch, Tree, TreeFile } from '../types.ts';
import type { DecidedPoint } from './operations/conditions.ts';
import type { Concern } from './rules/rule.ts';
import type { RuleRun } from './operations/rule-run.ts';
import { splice, type Edit } from './rules/splice.ts';

/** What the rules of one concern do. */
export interface ConcernRun {
  readonly concern: Concern;
  readonly runs: readonly RuleRun[];
}

/**
 * One patch for each concern that changes anything, each relative to the tree after those before it. All edits are ranges
 * of the original text, so the state after concern N is the original with the edits of the first N.
 *
 * @param before how many patches the tree has already: they are numbered on
 */
export function makePatches(
  tree: Tree,
  runs: readonly ConcernRun[],
  points: readonly DecidedPoint[],
  before = 0,
): readonly PlannedPatch[] {
  const patches: PlannedPatch[] = [];
  const edits = new Map<string, Edit[]>();
  const state = new Map<string, TreeFile>();
  for (const { concern, runs: ruleRuns } of runs) {
    const own = ruleRuns.flatMap((run) => run.edits);
    for (const edit of own) edits.set(edit.file, [...(edits.get(edit.file) ?? []), edit]);
    const after = new Map<string, TreeFile>();
    for (const path of new Set(own.map(({ file }) => file))) {
      const file = tree.get(path);
      if (file !== undefined) after.set(path, { text: splice(file.text, edits.get(path) ?? []), mode: file.mode });
    }
    for (const run of ruleRuns) {
      for (const [path, text] of run.files) after.set(path, { text, mode: tree.get(path)?.mode ?? '100644' });
    }
    const changes = [...after]
      .map(([path, file]): FileChange => ({ path, before: state.get(path) ?? tree.get(path) ?? null, after: file }))
      .filter(({ before, after: file }) => before?.text !== file?.text)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const { path, after: file } of changes) if (file !== null) state.set(path, file);
    if (changes.length === 0) continue;
    const number = String(before + patches.length + 1).padStart(4, '0');
    patches.push({
      name: `${number}-${concern.slug}.patch`,
      subject: concern.subject,
      reason: reasonOf(concern, own, points),
      changes,
    });
  }
  return patches;
}

/** The files that patches leave behind. */
export function treeAfter(patches: readonly PlannedPatch[]): Tree {
  const after = new Map<string, TreeFile>();
  for (const { changes } of patches)
    for (const { path, after: file } of changes) if (file !== null) after.set(path, file);
  return new Map([...after].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The concern's reason, and which places became what. */
function reasonOf({ reason, rules }: Concern, edits: readonly Edit[], points: readonly DecidedPoint[]): string {
  const kinds = new Set(rules.flatMap((rule) => ('points' in rule ? rule.points.kinds : [])));
  const touched = new Set(edits.map(({ file, start }) => `${file}:${String(start)}`));
  const lines = points
    .filter(({ point }) => kinds.has(point.kind))
    .filter(({ point }) => point.anchor !== null && touched.has(`${point.anchor.file}:${String(point.anchor.start)}`))
    .map(({ point, resolution }) => `  ${point.file}:${String(point.line)} ${resolution.to ?? 'is gone'}`);
  const list = [...new Set(lines)];
  return list.length === 0 ? reason.trimEnd() : `${reason.trimEnd()}\n\n${list.join('\n')}`;
}

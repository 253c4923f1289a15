import { mismatch } from './mismatch.ts';
import type { RuleOf } from '../rules/rule.ts';
import { lineEndAt, NOTHING, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';
import { fillIn } from '../rules/values.ts';

/**
 * Matches in one file, or in one stage of the Dockerfile, are replaced. How often is counted here, for what lacks has a line: that of what
 * the rule is about.
 *
 * @throws MobyBuildError `rule-mismatch` (4): where that line stands, and what it should have
 */
export function replaceInFile(rule: RuleOf<'replace-in-file'>, context: RuleContext): RuleRun {
  const { tree, order, values } = context;
  if (rule.beside !== undefined && !tree.has(rule.beside)) return { ...NOTHING, places: expectedOf(rule) };
  const text = tree.get(rule.path)?.text ?? '';
  const [from, to] = rule.stage === undefined ? [0, text.length] : stageRange(rule, rule.stage, context);
  const part = text.slice(from, to);
  const pattern = (source: string): RegExp => new RegExp(fillIn(source, values), 'gmu');
  const subject = pattern(rule.about).exec(part);
  if (subject === null) return { ...NOTHING, places: expectedOf(rule) };
  const found = [...part.matchAll(pattern(rule.find))];
  const already = rule.same === undefined ? 0 : [...part.matchAll(pattern(rule.same))].length;
  const places = found.length + already;
  const enough = typeof rule.times === 'number' ? places === rule.times : places > 0;
  if (!enough) {
    const line = text.slice(0, from + subject.index).split('\n').length;
    const wanted = `${String(rule.times)} of ${rule.find}`;
    throw mismatch(rule, rule.path, line, wanted, String(places));
  }
  const put = fillIn(rule.put, values);
  const edits = found.map((match): Edit => {
    const start = from + match.index;
    const filled = put.replaceAll(/\$<([a-z]+)>/gu, (_, name: string) => match.groups?.[name] ?? '');
    const lines = filled.replaceAll('\n', lineEndAt(text, start));
    return { file: rule.path, start, end: start + match[0].length, text: lines, rule: rule.id, order };
  });
  return { ...NOTHING, edits, places, already };
}

/** What counts as fitting where there is nothing to change. */
function expectedOf({ times }: RuleOf<'replace-in-file'>): number {
  return typeof times === 'number' ? times : 1;
}

/** From its FROM to the next one's. */
function stageRange(
  rule: RuleOf<'replace-in-file'>,
  name: string,
  { dockerfile }: RuleContext,
): readonly [start: number, end: number] {
  const { stages, text, file } = dockerfile;
  const index = stages.findIndex((stage) => stage.name === name);
  const stage = stages[index];
  if (stage === undefined) throw mismatch(rule, file, null, `a stage ${name}`, 'none');
  return [stage.from.start, stages[index + 1]?.from.start ?? text.length];
}

import type { Instruction } from '../../dockerfile/text/dockerfile.ts';
import type { DecidedPoint } from './conditions.ts';
import { mismatch } from './mismatch.ts';
import type { RuleOf } from '../rules/rule.ts';
import { NOTHING, pointsFor, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';

/**
 * The RUN instructions that make the points get a `--mount` before whatever flags they have. A place is one instruction; points that
 * BuildKit itself fetches (ADD, FROM) have none.
 */
export function addMount(rule: RuleOf<'add-mount'>, context: RuleContext): RuleRun {
  const { file } = context.dockerfile;
  const found = new Map<number, Instruction>();
  for (const decided of pointsFor(rule.points, context))
    for (const instruction of instructionsOf(rule, decided, context)) found.set(instruction.start, instruction);
  const edits: Edit[] = [];
  let already = 0;
  for (const { start, keyword, flags } of found.values()) {
    if (flags.some(({ name, value }) => name === 'mount' && value?.text === rule.put)) already += 1;
    else {
      const at = start + keyword.length;
      edits.push({ file, start: at, end: at, text: ` --mount=${rule.put}`, rule: rule.id, order: context.order });
    }
  }
  return { ...NOTHING, edits, places: found.size, already };
}

/**
 * Those around the point's commands; for a point in a script, those of its stage that name the script, or the install.sh that sources it
 * (hack/dockerfile/install/install.sh, 19.03 to 22.06).
 */
function instructionsOf(
  rule: RuleOf<'add-mount'>,
  { point }: DecidedPoint,
  { dockerfile }: RuleContext,
): readonly Instruction[] {
  const inStage = dockerfile.stages
    .filter(({ name }) => name === point.stage)
    .flatMap(({ instructions }) => instructions);
  if (point.file === dockerfile.file) {
    const around = inStage.filter(({ line, endLine }) => point.netLines.some((at) => line <= at && at <= endLine));
    if (around.length === 0) throw mismatch(rule, point.file, point.line, 'an instruction that reaches out', 'none');
    return around.filter(({ keyword }) => keyword === 'RUN');
  }
  const script = point.file.slice(point.file.lastIndexOf('/') + 1);
  const calls = inStage.filter(
    ({ keyword, rest }) =>
      keyword === 'RUN' &&
      (rest.text.includes(script) || (script.endsWith('.installer') && /\binstall\.sh\b/u.test(rest.text))),
  );
  if (calls.length === 0)
    throw mismatch(rule, dockerfile.file, null, `a RUN of ${point.file} in stage ${point.stage}`, 'none');
  return calls;
}

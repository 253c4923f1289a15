import type { Instruction, Stage } from '../../dockerfile/text/dockerfile.ts';
import type { DecidedPoint } from './conditions.ts';
import { mismatch } from './mismatch.ts';
import type { RuleOf } from '../rules/rule.ts';
import { lineAfter, lineEndAt, NOTHING, pointsFor, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';
import { fillIn, type Values } from '../rules/values.ts';

/** A new instruction in each stage that has such points; one of the same kind that stands there already is brought up to date instead. */
export function insertIntoStages(rule: RuleOf<'insert-into-stages'>, context: RuleContext): RuleRun {
  const { dockerfile } = context;
  const edits = new Map<string, Edit>();
  const points = pointsFor(rule.points, context);
  let already = 0;
  for (const decided of points) {
    const { point } = decided;
    const stage = dockerfile.stages.find(({ name }) => name === point.stage);
    const place = stage === undefined ? undefined : placeIn(rule, stage);
    if (stage === undefined || place === undefined)
      throw mismatch(rule, dockerfile.file, point.line, `a stage ${point.stage} that may be told first`, 'none');
    const put = fillIn(rule.put, withRedirect(context.values, decided));
    const last = stage.instructions.findLast((instruction) => new RegExp(rule.same).test(written(instruction)));
    if (last !== undefined && written(last) === put) {
      already += 1;
      continue;
    }
    const { text } = dockerfile;
    const [start, end] = last === undefined ? [place, place] : [last.start, last.end];
    const whole = last === undefined ? `${put}${lineEndAt(text, start)}` : put;
    const key = `${String(start)} ${rule.id}`;
    const before = edits.get(key);
    if (before !== undefined && before.text !== whole)
      throw mismatch(rule, dockerfile.file, point.line, `one ${rule.put} for stage ${point.stage}`, 'two');
    edits.set(key, { file: dockerfile.file, start, end, text: whole, rule: rule.id, order: context.order });
  }
  return { ...NOTHING, edits: [...edits.values()], places: points.length, already };
}

/** The offset at which a new instruction of a stage goes in. */
function placeIn({ at }: RuleOf<'insert-into-stages'>, { from, instructions }: Stage): number | undefined {
  if (at === 'first-apt')
    return instructions.find(({ keyword, rest }) => keyword === 'RUN' && /(?:^|[\s;&|(])apt(?:-get)?\s/.test(rest.text))
      ?.start;
  return instructions[0]?.start ?? from.end;
}

function withRedirect(values: Values, { resolution: { redirect } }: DecidedPoint): Values {
  if (redirect === undefined) return values;
  return new Map([...values, ['redirect-base', redirect.base], ['redirect-prefix', redirect.prefix]]);
}

/** Keyword and text in one line, without flags and continuations. */
function written({ keyword, rest }: Instruction): string {
  return `${keyword} ${rest.text}`;
}

/** Every match of `find` in the files of the points' anchors becomes `put`, where `$<name>` is a group of it; `same` tells that it is done. */
export function replaceInScripts(rule: RuleOf<'replace-in-scripts'>, context: RuleContext): RuleRun {
  const files = new Set(pointsFor(rule.points, context).flatMap(({ point }) => point.anchor?.file ?? []));
  const edits: Edit[] = [];
  let already = 0;
  for (const file of files) {
    const text = context.tree.get(file)?.text ?? '';
    const found = [...text.matchAll(new RegExp(rule.find, 'gm'))];
    const done = [...text.matchAll(new RegExp(rule.same, 'gm'))].length;
    already += done;
    if (found.length + done === 0) throw mismatch(rule, file, null, `text that matches ${rule.find}`, 'none');
    for (const match of found) {
      const end = match.index + match[0].length;
      const put = rule.put.replaceAll(/\$<([a-z]+)>/g, (_, name: string) => match.groups?.[name] ?? '').trimEnd();
      const lines = lineAfter(text, match.index) - 2;
      edits.push({
        file,
        start: match.index,
        end,
        text: text[lines] === '\r' ? put.replaceAll('\n', '\r\n') : put,
        rule: rule.id,
        order: context.order,
      });
    }
  }
  return { ...NOTHING, edits, places: edits.length + already, already };
}

import { fileSource } from '../../shell/source.ts';
import { parseShell } from '../../shell/parse.ts';
import type { Node, Word } from '../../shell/syntax.ts';
import type { Anchor } from '../../types.ts';
import type { DecidedPoint } from './conditions.ts';
import { mismatch } from './mismatch.ts';
import { pathForAnchor, textForAnchor } from './quoting.ts';
import type { Rule, RuleOf } from '../rules/rule.ts';
import { anchorsOf, lineAfter, lineEndAt, lineStart, pointsFor, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';
import { fillIn } from '../rules/values.ts';

/** The text at each anchor becomes what was decided. */
export function replaceAnchor(rule: RuleOf<'replace-anchor'>, context: RuleContext): RuleRun {
  const edits = new Map<string, Edit>();
  let already = 0;
  const points = pointsFor(rule.points, context);
  const isPath = rule.points.decided === 'host' && !rule.points.kinds.includes('image');
  const text = isPath ? pathForAnchor : textForAnchor;
  for (const decided of points) {
    const to = putFor(rule, decided, context);
    let changed = false;
    for (const anchor of anchorsOf(decided)) {
      checkAnchor(rule, anchor, context);
      if (anchor.text === to) continue;
      changed = true;
      // Two points may share one text, such as an ARG that two stages start from.
      edits.set(
        `${anchor.file}:${String(anchor.start)}:${to}`,
        edit(rule, context, anchor, text(rule, anchor, to, context)),
      );
    }
    if (!changed) already += 1;
  }
  return { edits: [...edits.values()], files: new Map(), places: points.length, already };
}

/** The lines of the anchors go. */
export function deleteLine(rule: RuleOf<'delete-line'>, context: RuleContext): RuleRun {
  const points = pointsFor(rule.points, context);
  const edits = points.flatMap((decided) =>
    anchorsOf(decided).map((anchor) => {
      checkAnchor(rule, anchor, context);
      const text = context.tree.get(anchor.file)?.text ?? '';
      const start = lineStart(text, anchor.start);
      const after = lineAfter(text, anchor.end);
      // The blank line below the first line of a file goes with it.
      const blank = start === 0 ? (/^[ \t]*\r?\n/.exec(text.slice(after))?.[0].length ?? 0) : 0;
      return edit(rule, context, { file: anchor.file, start, end: after + blank }, '');
    }),
  );
  return { edits, files: new Map(), places: points.length, already: 0 };
}

/** The RUN instructions that do nothing but make the points go, with the end of their line. */
export function deletePointInstruction(rule: RuleOf<'delete-point-instruction'>, context: RuleContext): RuleRun {
  const { dockerfile } = context;
  const points = pointsFor(rule.points, context);
  const edits = points.map(({ point }) => {
    const instruction = dockerfile.stages
      .flatMap(({ instructions }) => instructions)
      .find(({ line, endLine }) => point.file === dockerfile.file && line <= point.line && point.line <= endLine);
    if (instruction === undefined || !new RegExp(rule.text).test(instruction.rest.text)) {
      throw mismatch(
        rule,
        point.file,
        point.line,
        'an instruction that does nothing but add this source',
        'another one',
      );
    }
    return edit(
      rule,
      context,
      { file: dockerfile.file, start: instruction.start, end: lineAfter(dockerfile.text, instruction.end) },
      '',
    );
  });
  return { edits, files: new Map(), places: points.length, already: 0 };
}

/** A line before the loop in whose body the modules are loaded. */
export function insertBeforeLoop(rule: RuleOf<'insert-before-loop'>, context: RuleContext): RuleRun {
  const edits = new Map<string, Edit>();
  let already = 0;
  const points = pointsFor(rule.points, context);
  for (const decided of points) {
    const anchor = decided.point.anchor;
    if (anchor === null) continue;
    if (anchor.text === decided.resolution.to) {
      already += 1;
      continue;
    }
    const { file } = decided.point;
    const text = context.tree.get(file)?.text ?? '';
    const loops = loopsOver(parseShell(fileSource(file, text)).body, rule.words);
    const [first] = loops;
    if (first === undefined || loops.length > 1) {
      throw mismatch(rule, file, decided.point.line, `one loop over ${rule.words.join(' ')}`, String(loops.length));
    }
    const start = lineStart(text, first.start);
    const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
    edits.set(
      file,
      edit(
        rule,
        context,
        { file, start, end: start },
        `${indent}${putFor(rule, decided, context)}${lineEndAt(text, start)}`,
      ),
    );
  }
  return { edits: [...edits.values()], files: new Map(), places: points.length, already };
}

/** The first words of the `for` loops over exactly these words. */
function loopsOver(node: Node, words: readonly string[]): readonly Word[] {
  const inside = (nodes: readonly Node[]): readonly Word[] => nodes.flatMap((child) => loopsOver(child, words));
  switch (node.kind) {
    case 'command':
    case 'test':
    case 'arithmetic':
      return [];
    case 'sequence':
    case 'and-or':
    case 'pipeline':
      return inside(node.nodes);
    case 'if':
      return inside([
        ...node.branches.flatMap(({ test, body }) => [test, body]),
        ...(node.otherwise === null ? [] : [node.otherwise]),
      ]);
    case 'case':
      return inside(node.items.map(({ body }) => body));
    case 'while':
      return inside([node.test, node.body]);
    case 'for': {
      const own = node.words ?? [];
      const [first] = own;
      const fits =
        first !== undefined && own.length === words.length && own.every(({ text }, index) => text === words[index]);
      return [...(fits ? [first] : []), ...inside([node.body])];
    }
    case 'subshell':
    case 'function':
    case 'redirected':
      return inside([node.body]);
  }
}

function putFor(rule: Rule & { readonly put: string }, { resolution }: DecidedPoint, context: RuleContext): string {
  return fillIn(
    rule.put,
    resolution.to === null ? context.values : new Map([...context.values, ['to', resolution.to]]),
  );
}

/** A scan and a tree that do not belong together would cut anywhere. */
function checkAnchor(rule: Rule, anchor: Anchor, context: RuleContext): void {
  const text = context.tree.get(anchor.file)?.text ?? '';
  if (text.slice(anchor.start, anchor.end) === anchor.text && anchor.text !== '') return;
  throw mismatch(rule, anchor.file, null, `"${anchor.text}" where it was found`, 'something else there');
}

function edit(
  rule: Rule,
  { order }: RuleContext,
  range: { readonly file: string; readonly start: number; readonly end: number },
  text: string,
): Edit {
  return { file: range.file, start: range.start, end: range.end, text, rule: rule.id, order };
}

import type { Instruction, Stage } from '../../dockerfile/text/dockerfile.ts';
import { mismatch } from './mismatch.ts';
import type { Place, Rule, RuleOf } from '../rules/rule.ts';
import { lineAfter, lineEndAt, NOTHING, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';
import { fillIn } from '../rules/values.ts';

/** A new instruction before or after the one at the rule's place; one of the same kind that stands in the stage already is brought up to date. */
export function insertInstruction(
  rule: RuleOf<'insert-before'> | RuleOf<'insert-after'>,
  context: RuleContext,
): RuleRun {
  const { dockerfile } = context;
  const found = rule.at === 'base-settings' ? baseSettings(context) : instructionsAt(rule.at, context);
  const [place] = found;
  if (place === undefined || found.length > 1)
    throw mismatch(
      rule,
      dockerfile.file,
      place?.instruction.line ?? null,
      `one ${describe(rule.at)}`,
      String(found.length),
    );
  const put = fillIn(rule.put, context.values);
  const same = place.stage.instructions.filter((instruction) => new RegExp(rule.same).test(written(instruction)));
  const [last] = same.slice(-1);
  if (last !== undefined) {
    if (written(last) === put) return { ...NOTHING, places: 1, already: 1 };
    return one(edit(rule, context, last.start, last.end, put));
  }
  const { instruction } = place;
  const lineEnd = lineEndAt(dockerfile.text, instruction.start);
  if (rule.operation === 'insert-before')
    return one(edit(rule, context, instruction.start, instruction.start, `${put}${lineEnd}`));
  const after = lineAfter(dockerfile.text, instruction.end);
  const open = after === dockerfile.text.length && !dockerfile.text.endsWith('\n');
  return one(edit(rule, context, after, after, open ? `${lineEnd}${put}` : `${put}${lineEnd}`));
}

/** Instructions at the rule's place go, with the end of their line. */
export function deleteInstruction(rule: RuleOf<'delete-instruction'>, context: RuleContext): RuleRun {
  const found = instructionsAt(rule.at, context);
  const edits = found.map(({ instruction }) =>
    edit(rule, context, instruction.start, lineAfter(context.dockerfile.text, instruction.end), ''),
  );
  return { ...NOTHING, edits, places: found.length };
}

/** Matches inside the instructions at the rule's place are replaced. */
export function replaceText(rule: RuleOf<'replace-text'>, context: RuleContext): RuleRun {
  const literal = (value: string): string => value.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
  const find = new RegExp(fillIn(rule.find, context.values, literal), 'g');
  const put = fillIn(rule.put, context.values);
  const { text } = context.dockerfile;
  const edits = instructionsAt(rule.at, context).flatMap(({ instruction }) =>
    [...text.slice(instruction.start, instruction.end).matchAll(find)].map((match) => {
      const start = instruction.start + match.index;
      return edit(rule, context, start, start + match[0].length, put);
    }),
  );
  return { ...NOTHING, edits, places: edits.length };
}

/** The default of an ARG that FROM lines see. */
export function replaceArgDefault(rule: RuleOf<'replace-arg-default'>, context: RuleContext): RuleRun {
  const { dockerfile } = context;
  const found = dockerfile.globals.flatMap(({ assignments }) =>
    assignments.filter(({ name, inner }) => name === rule.arg && inner !== null),
  );
  const put = fillIn(rule.put, context.values);
  const edits = found.flatMap(({ inner }) =>
    inner === null || dockerfile.text.slice(inner.start, inner.end) === put
      ? []
      : [edit(rule, context, inner.start, inner.end, put)],
  );
  return { ...NOTHING, edits, places: found.length, already: found.length - edits.length };
}

interface Found {
  readonly stage: Stage;
  readonly instruction: Instruction;
}

function instructionsAt(place: Place, { dockerfile }: RuleContext): readonly Found[] {
  const text = new RegExp(place.text ?? '');
  const from = place.from === undefined ? null : new RegExp(place.from);
  return dockerfile.stages
    .filter(({ name }) => place.stage === '*' || name === place.stage)
    .flatMap((stage) =>
      [stage.from, ...stage.instructions]
        .filter(({ keyword, rest, flags }) => {
          if (keyword !== place.instruction || !text.test(rest.text)) return false;
          return (
            from === null || flags.some(({ name, value }) => name === 'from' && value !== null && from.test(value.text))
          );
        })
        .map((instruction) => ({ stage, instruction })),
    );
}

/**
 * Where stage `base` may be told its sources: before the first RUN of its own that calls apt (from 23.0), else before
 * `ENV GO111MODULE=off` (19.03.9 to 22.06); either stands below the RUN that edits the image's sources for APT_MIRROR. Where
 * there is neither, before `ARG APT_MIRROR` (19.03.0 to 19.03.8): that RUN then edits the sources that are put in.
 */
function baseSettings(context: RuleContext): readonly Found[] {
  const apt = instructionsAt(
    { stage: 'base', instruction: 'RUN', text: String.raw`(?:^|[\s;&|(])(?:xx-)?apt(?:-get)?\s` },
    context,
  );
  if (apt.length > 0) return apt.slice(0, 1);
  const env = instructionsAt({ stage: 'base', instruction: 'ENV', text: '^GO111MODULE=off$' }, context);
  return env.length > 0
    ? env
    : instructionsAt({ stage: 'base', instruction: 'ARG', text: '^APT_MIRROR(=|$)' }, context);
}

/** Keyword and text in one line, without flags and continuations. */
function written({ keyword, rest }: Instruction): string {
  return `${keyword} ${rest.text}`;
}

function describe(place: Place | 'base-settings'): string {
  if (place === 'base-settings') return 'apt-get, ENV GO111MODULE=off or ARG APT_MIRROR in stage base';
  return `${place.instruction}${place.text === undefined ? '' : ` that matches ${place.text}`} in stage ${place.stage}`;
}

function edit(rule: Rule, { dockerfile, order }: RuleContext, start: number, end: number, text: string): Edit {
  return { file: dockerfile.file, start, end, text, rule: rule.id, order };
}

function one(only: Edit): RuleRun {
  return { ...NOTHING, edits: [only], places: 1 };
}

import type { Instruction } from '../../dockerfile/text/dockerfile.ts';
import type { DecidedPoint } from './conditions.ts';
import { mismatch } from './mismatch.ts';
import type { Rule, RuleOf } from '../rules/rule.ts';
import { lineEndAt, pointsFor, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';
import { fillIn, type Values } from '../rules/values.ts';

/** What is put into a flag or a script as it is: a plain path. */
const PLAIN_PATH = /^[\w./-]+$/;
/** What names a version: a plain word, or the variable that holds it. */
const PLAIN_REF = /^(?:[\w.+/-]+|\$[A-Z_]+|\$\{[A-Z_]+\})$/;

/** A flag in front of all others of the RUN instructions that reach out to the points. */
export function addRunFlag(rule: RuleOf<'add-run-flag'>, context: RuleContext): RuleRun {
  const points = pointsFor(rule.points, context);
  const edits = new Map<string, Edit>();
  for (const decided of points) {
    const put = fillIn(rule.put, valuesOf(rule, decided, context));
    for (const instruction of instructionsOf(rule, decided, 'RUN', context)) {
      const { text, escape, file } = context.dockerfile;
      const start = instruction.start + 'RUN'.length;
      const flag = ` ${put} ${escape}${lineEndAt(text, instruction.start)}   `;
      edits.set(`${String(start)} ${put}`, {
        file,
        start,
        end: start,
        text: flag,
        rule: rule.id,
        order: context.order,
      });
    }
  }
  return { edits: [...edits.values()], files: new Map(), places: points.length, already: 0 };
}

/** The ADD instructions that fetch the points become another instruction. */
export function replaceAdd(rule: RuleOf<'replace-add'>, context: RuleContext): RuleRun {
  const points = pointsFor(rule.points, context);
  const edits = points.flatMap((decided) =>
    instructionsOf(rule, decided, 'ADD', context).map((instruction): Edit => {
      const { file, text, escape } = context.dockerfile;
      const { start, end, line } = instruction;
      const facts = addOfRepository(instruction);
      if (facts === null) throw mismatch(rule, file, line, 'ADD of one repository with its .git', 'another form of it');
      const values = new Map([
        ...valuesOf(rule, decided, context),
        ['destination', facts.destination] as const,
        ['ref', facts.ref] as const,
      ]);
      const written = fillIn(rule.put, values).trimEnd();
      const put = written.replaceAll('\\\n', `${escape}${lineEndAt(text, start)}`);
      return { file, start, end, text: put, rule: rule.id, order: context.order };
    }),
  );
  return { edits, files: new Map(), places: points.length, already: 0 };
}

/**
 * What an ADD of one git repository says, as it is written; null for another form than moby's, which has no flag, one source, and keeps
 * the .git. Rule: Dockerfile reference, ADD, "Adding files from a Git repository".
 */
export function addOfRepository({
  keyword,
  flags,
  json,
  words,
  heredocs,
}: Pick<Instruction, 'keyword' | 'flags' | 'json' | 'words' | 'heredocs'>): {
  readonly destination: string;
  readonly ref: string;
} | null {
  const [source, target, ...more] = words;
  if (keyword !== 'ADD' || flags.length + more.length + heredocs.length > 0 || json !== null) return null;
  const query = source?.text.split('?')[1] ?? '';
  const fields = new Map(query.split('&').map((field) => [field.replace(/=.*$/, ''), field.replace(/^[^=]*=?/, '')]));
  const kept = fields.get('keep-git-dir') === '1' || fields.get('keep-git-dir') === 'true';
  const ref = fields.get('ref') ?? fields.get('commit') ?? '';
  const destination = target?.text ?? '';
  const usual = kept && fields.size === 2 && PLAIN_REF.test(ref) && PLAIN_PATH.test(destination);
  return usual ? { destination, ref } : null;
}

function valuesOf(rule: Rule, { point, resolution }: DecidedPoint, { values }: RuleContext): Values {
  const { path = '', at = '' } = resolution.handIn ?? {};
  if (!PLAIN_PATH.test(path) || !PLAIN_PATH.test(at))
    throw mismatch(rule, point.file, point.line, 'a plain path to its repository', 'none');
  return new Map([...values, ['host-path', path], ['host-at', at]]);
}

function instructionsOf(
  rule: Rule,
  { point }: DecidedPoint,
  keyword: 'RUN' | 'ADD',
  { dockerfile }: RuleContext,
): readonly Instruction[] {
  const reached = point.reachedIn ?? [];
  const found = dockerfile.stages
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => reached.includes(instruction.start) && instruction.keyword === keyword);
  if (found.length > 0 && found.length === reached.length) return found;
  const seen = `${String(found.length)} of ${String(reached.length)}`;
  throw mismatch(rule, point.file, point.line, `a ${keyword} wherever ${point.url} is fetched`, seen);
}

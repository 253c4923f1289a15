import { mismatch } from './mismatch.ts';
import type { RuleOf } from '../rules/rule.ts';
import { NOTHING, type RuleContext, type RuleRun } from './rule-run.ts';
import type { Edit } from '../rules/splice.ts';

/**
 * What a version may be made of: it is put into a script or a Dockerfile as it is. Values of users were checked long before
 * (config/component-options.ts); this is the second lock.
 */
const PLAIN_VERSION = /^[0-9A-Za-z][0-9A-Za-z._/-]*$/;

/** The pins of the components that are chosen by an edit become what was asked for; a comment that names the tag of the old one goes. */
export function replacePin(rule: RuleOf<'replace-pin'>, context: RuleContext): RuleRun {
  const chosen = context.components.filter(({ by }) => by === 'edit');
  const edits = chosen.flatMap(({ file, line, start, end, treePin, note, version }): Edit[] => {
    const text = context.tree.get(file)?.text ?? '';
    if (text.slice(start, end) !== treePin || treePin === '')
      throw mismatch(rule, file, line, `"${treePin}" where it was found`, 'something else there');
    if (!PLAIN_VERSION.test(version)) throw mismatch(rule, file, line, 'a version in plain text', 'something else');
    if (version === treePin) return [];
    const rest = /^[^\n]*/.exec(text.slice(end))?.[0] ?? '';
    const kept = note === null ? rest : rest.replace(/[ \t]+#.*?(?=\r?$)/, '');
    return [{ file, start, end: end + rest.length, text: `${version}${kept}`, rule: rule.id, order: context.order }];
  });
  return { ...NOTHING, edits, places: chosen.length, already: chosen.length - edits.length };
}

import type { Anchor } from '../../types.ts';
import { mismatch } from './mismatch.ts';
import type { Rule } from '../rules/rule.ts';
import type { RuleContext } from './rule-run.ts';

/** What a shell or a Dockerfile takes for itself outside quotes. */
const ACTIVE = /[|&;<>()*?[\]#~!\s"'`\\]/;
/** What the tree's own texts may hold: plain variables, kept as they are. */
const VARIABLE = /\$(?:\{[A-Za-z_][A-Za-z0-9_]*(?::[-+][A-Za-z0-9._-]*)?\}|[A-Za-z_][A-Za-z0-9_]*)/g;

/** What resolve-redirect.ts puts behind the query of an ADD. */
const NO_SUBMODULES = '&submodules=false';

/**
 * The text that may stand at an anchor, so that it is read as `to` and nothing more. `|` of a GOPROXY list is put in quotes
 * where the anchor has none; variables must be those that stood there before.
 * Throws MobyBuildError `rule-mismatch` (4) for a text that cannot stand there. Values of users were checked long before
 * (mirrors/template.ts); this is the second lock.
 */
export function textForAnchor(rule: Rule, anchor: Anchor, to: string, context: RuleContext): string {
  const before = new Set(anchor.text.match(VARIABLE) ?? []);
  // The tree's own end of it stays to the letter, whatever it holds: `?ref=…&keep-git-dir=1`, `$(uname -m).tgz`.
  const inAdd = anchor.file === context.dockerfile.file && anchor.role === 'git-url' && anchor.text.includes('?');
  const plain = inAdd && !anchor.text.endsWith(NO_SUBMODULES) ? withoutEnd(to, NO_SUBMODULES) : to;
  // The query says which commit it is: no mirror may lose it.
  if (inAdd && queryOf(withoutEnd(to, NO_SUBMODULES)) !== queryOf(withoutEnd(anchor.text, NO_SUBMODULES)))
    refuse(rule, anchor, context, `an address with ${queryOf(anchor.text)} at its end`, to);
  const address = plain.slice(0, plain.length - sameEnd(anchor.text, plain));
  const rest = address.replaceAll(VARIABLE, (variable) => (before.has(variable) ? '' : variable));
  if (!/^[\u0021-\u007e]*$/.test(rest) || /["'`\\$]/.test(rest)) refuse(rule, anchor, context);
  if (!ACTIVE.test(rest)) return to;
  // Only what a list of module proxies needs.
  if (!/^[A-Za-z0-9._:/@%+=,|-]*$/.test(rest)) refuse(rule, anchor, context);
  if (anchor.quote !== 'none' || anchor.role === 'syntax' || anchor.role === 'image') return to;
  return anchor.file === context.dockerfile.file ? to : `"${to}"`;
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

/** The path of a repository that `git clone` takes in place of a URL, with the one option that may stand before it. */
export function pathForAnchor(rule: Rule, anchor: Anchor, to: string, context: RuleContext): string {
  const plain = /^(-c core\.abbrev=\d{1,2} )?\/[\w./-]+$/.exec(to);
  if (plain === null || anchor.role !== 'git-url') return refuse(rule, anchor, context);
  // Words inside quotes are one word.
  return plain[1] !== undefined && anchor.quote !== 'none' ? refuse(rule, anchor, context) : to;
}

function queryOf(address: string): string {
  return address.slice(address.indexOf('?'));
}

function refuse(
  rule: Rule,
  anchor: Anchor,
  context: RuleContext,
  expected = 'a place where the new text is plain text',
  found = 'one where it would be more',
): never {
  const line = (context.tree.get(anchor.file)?.text ?? '').slice(0, anchor.start).split('\n').length;
  throw mismatch(rule, anchor.file, line, expected, found);
}

/** How many characters at their ends two texts share. */
function sameEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-length - 1) === b.at(-length - 1)) length += 1;
  return length;
}

import type { Anchor } from '../types.ts';
import { mismatch } from './mismatch.ts';
import type { Rule } from './rule.ts';
import type { RuleContext } from './rule-run.ts';

/** What a shell or a Dockerfile takes for itself outside quotes. */
const ACTIVE = /[|&;<>()*?[\]#~!\s"'`\\]/;
/** What the tree's own texts may hold: plain variables, kept as they are. */
const VARIABLE = /\$(?:\{[A-Za-z_][A-Za-z0-9_]*(?::[-+][A-Za-z0-9._-]*)?\}|[A-Za-z_][A-Za-z0-9_]*)/g;

/**
 * The text that may stand at an anchor, so that it is read as `to` and nothing more. `|` of a GOPROXY list is put in quotes
 * where the anchor has none; variables must be those that stood there before.
 * Throws MobyBuildError `rule-mismatch` (4) for a text that cannot stand there. Values of users were checked long before
 * (mirrors/template.ts); this is the second lock.
 */
export function textForAnchor(rule: Rule, anchor: Anchor, to: string, context: RuleContext): string {
  const before = new Set(anchor.text.match(VARIABLE) ?? []);
  const rest = to.replaceAll(VARIABLE, (variable) => (before.has(variable) ? '' : variable));
  const refuse = (what: string): never => {
    const line = (context.tree.get(anchor.file)?.text ?? '').slice(0, anchor.start).split('\n').length;
    throw mismatch(rule, anchor.file, line, 'a place where the new text is plain text', what);
  };
  if (!/^[\u0021-\u007e]*$/.test(rest) || /["'`\\$]/.test(rest)) refuse('one where it would be more');
  if (!ACTIVE.test(rest)) return to;
  // Only what a list of module proxies needs.
  if (!/^[A-Za-z0-9._:/@%+=,|-]*$/.test(rest)) refuse('one where it would be more');
  if (anchor.quote !== 'none' || anchor.role === 'syntax' || anchor.role === 'image') return to;
  return anchor.file === context.dockerfile.file ? to : `"${to}"`;
}

import type * as unbash from 'unbash';

/**
 * The position of a `$[` that has no `]`, or null.
 * unbash takes it for two characters; bash looks for the end and refuses the script. Not so in a here-document's body, nor in single
 * quotes or behind a backslash. Rule: GNU Bash `parse.y` (`parse_matched_pair` for `$[`).
 */
export function unclosedArithmetic(parsed: unbash.Script, text: string): number | null {
  return text.includes('$[') ? search(parsed) : null;
}

function search(node: unknown): number | null {
  if (typeof node !== 'object' || node === null) return null;
  const { type, text, parts, pos, script, expression } = node as Readonly<Record<string, unknown>>;
  if (type === 'HereDocBody') return null;
  // What an expansion begins is a part of its own; the rest is a literal, or a word that has no parts at all.
  const isPlain = type === 'Literal' || (type === 'Word' && parts === undefined);
  if (isPlain && typeof text === 'string' && typeof pos === 'number' && hasOpening(text)) return pos;
  // These three are read on demand: they are not among a node's own values.
  const own: unknown[] = Object.values(node);
  for (const child of new Set([...own, parts, script, expression])) {
    const found = search(child);
    if (found !== null) return found;
  }
  return null;
}

function hasOpening(text: string): boolean {
  return text.replaceAll(/\\[\s\S]/g, '').includes('$[');
}

import type { Dockerfile } from './dockerfile.ts';
import { skipSpace } from './white-space.ts';
import { dockerfileSyntaxError } from './syntax-error.ts';

/** `\s` of Go's regexp: neither a vertical tab nor anything beyond ASCII. */
const DIRECTIVE = /^(#[\t\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=[\t\f\r ]*)(.+?)[\t\f\r ]*$/s;
const KNOWN = new Set(['syntax', 'escape', 'check']);

/**
 * The directives at the very start of a Dockerfile.
 * Out: the escape character, and the reference of `# syntax=` up to the first blank, with its place.
 * Throws exit 4 for a directive given twice and for an unknown escape character.
 * Rule: buildkit frontend/dockerfile/parser/directives.go: the first line that is no known directive ends them, an empty line too;
 * `# syntax=` is looked for in a second way (`DetectSyntax`), which knows `#!` in the first line and no white space before `#`.
 */
export function readDirectives(text: string, file: string): Pick<Dockerfile, 'escape' | 'syntax'> {
  const first = text.startsWith('\uFEFF') ? 1 : 0;
  let escape = '\\';
  walk(text, first, 1, (name, value, _at, line, again) => {
    if (again) throw dockerfileSyntaxError(file, line, `the directive ${name} is given twice`);
    if (name !== 'escape') return;
    if (value !== '\\' && value !== '`')
      throw dockerfileSyntaxError(file, line, `the escape character ${value.slice(0, 40)} is not known`);
    escape = value;
  });

  let syntax: Dockerfile['syntax'] = null;
  const lineBreak = text.indexOf('\n');
  const shebang = text.startsWith('#!') && lineBreak !== -1;
  walk(text, shebang ? lineBreak + 1 : 0, shebang ? 2 : 1, (name, value, at, line) => {
    if (name !== 'syntax' || text.charAt(text.lastIndexOf('\n', at) + 1) !== '#') return;
    const [reference = ''] = value.split(' ', 1);
    syntax = { text: reference, start: at, end: at + reference.length, line };
  });
  return { escape, syntax };
}

/** Calls `found` for each directive with its value, the value's offset, its line, and whether its name came before. */
function walk(
  text: string,
  from: number,
  firstLine: number,
  found: (name: string, value: string, at: number, line: number, again: boolean) => void,
): void {
  const seen = new Set<string>();
  let start = from;
  for (let line = firstLine; start < text.length; line++) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const written = text.slice(start, end);
    const indent = skipSpace(written, 0);
    const match = DIRECTIVE.exec(written.slice(indent));
    const [, before = '', name = '', value = ''] = match ?? [];
    const key = name.toLowerCase();
    if (match === null || !KNOWN.has(key)) return;
    found(key, value, start + indent + before.length, line, seen.has(key));
    seen.add(key);
    start = end + 1;
  }
}

import { isAlias, LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';

/** A file of the user's, taken apart. JSON is YAML too. All scalars are texts: `163`, `1.20` and `no` stay what was written. */
export interface YamlFile {
  /** undefined where there are problems; null for an empty file. */
  readonly value: unknown;
  /** What is wrong with the text itself; none of it was read then. */
  readonly problems: readonly PlacedProblem[];
  /** `file:line:column` of the value at a path, or of the nearest thing above it that the file holds. */
  readonly place: (path: readonly PropertyKey[]) => string;
}

/** A problem with its place: `file:line:column`. */
export interface PlacedProblem {
  readonly where: string;
  readonly message: string;
}

/** A file that people write is much smaller; above this it is something else. */
const MOST_BYTES = 1024 * 1024;
/** Deeper nesting than any of our files has. The parser calls itself for each level, and Node dies of some thousands. */
const MOST_LEVELS = 64;
/** Uses of anchors that a file may have; each copies what it names. */
const MOST_ALIASES = 20;

/**
 * Reads the text of a YAML or JSON file whose problems shall all be told at once, each with its place. The only reader of files that users
 * write. Pure.
 *
 * @param text bytes as they were read, or a text that is surely one
 * @param file its name in messages
 */
export function readYamlFile(text: string | Uint8Array, file: string): YamlFile {
  const decoded = typeof text === 'string' ? { text, problem: null } : decode(text, file);
  const problem = decoded.problem ?? tooMuch(decoded.text, file);
  if (problem !== null) return { value: undefined, problems: [problem], place: () => `${file}:1:1` };
  const counter = new LineCounter();
  const document = parseDocument(decoded.text, { schema: 'failsafe', lineCounter: counter, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = counter.linePos(offset);
    return `${file}:${String(Math.max(1, line))}:${String(Math.max(1, col))}`;
  };
  const place = (path: readonly PropertyKey[]): string => at(offsetOf(document, path));
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    where: at(error.pos[0]),
    message: wordsFor(error, decoded.text),
  }));
  problems.push(...aliasProblems(document).map(({ offset, message }) => ({ where: at(offset), message })));
  return { value: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: -1 }), problems, place };
}

/** UTF-8, with or without its mark at the start; what is none is told, not replaced. */
function decode(bytes: Uint8Array, file: string): { readonly text: string; readonly problem: PlacedProblem | null } {
  const refuse = (where: string, message: string) => ({ text: '', problem: { where, message } });
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return refuse(`${file}:1:1`, 'is UTF-16; save it as UTF-8');
  const text = new TextDecoder('utf-8').decode(bytes);
  // The character that a decoder puts for bytes that mean nothing; in a file that holds it itself the bytes are the same.
  if (!text.includes('\ufffd') || Buffer.from(text).equals(withoutMark(bytes))) return { text, problem: null };
  const before = text.slice(0, text.indexOf('\ufffd')).split('\n');
  return refuse(
    `${file}:${String(before.length)}:${String((before.at(-1) ?? '').length + 1)}`,
    'is not UTF-8 there; save the file as UTF-8',
  );
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Files that would take the parser's memory or stack. */
function tooMuch(text: string, file: string): PlacedProblem | null {
  if (text.length > MOST_BYTES)
    return { where: file, message: `is longer than ${String(MOST_BYTES)} bytes; is it the file that was meant?` };
  for (const [index, line] of text.split('\n').entries()) {
    const compact = /^[\s?-]*/u.exec(line)?.[0].replaceAll(/\s/gu, '').length ?? 0;
    if (compact > MOST_LEVELS && !/^-+\s*$/u.test(line)) return tooDeep(file, index);
    if ((/^ */u.exec(line)?.[0].length ?? 0) > 4 * MOST_LEVELS && line.trim() !== '') return tooDeep(file, index);
  }
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > MOST_LEVELS) return tooDeep(file, text.slice(0, index).split('\n').length - 1);
  }
  return null;
}

function tooDeep(file: string, line: number): PlacedProblem {
  return { where: `${file}:${String(line + 1)}:1`, message: `is nested deeper than ${String(MOST_LEVELS)} levels` };
}

/** The parser's words, or ours where they would speak to a programmer. */
function wordsFor(error: YAMLError, text: string): string {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return 'starts a second document (---), and only one is read';
    case 'DUPLICATE_KEY':
      return `${/^\s*["']?[^\s:"',{}[\]]*/u.exec(text.slice(error.pos[0]))?.[0].trim() ?? 'a name'} is there twice in one mapping`;
    case 'TAB_AS_INDENT':
      return 'is indented by a tab; YAML takes spaces only';
    case 'TAG_RESOLVE_FAILED':
      return `${error.message}; leave the tag (!…) out, every value is read as a text`;
    default:
      return error.message;
  }
}

/** Aliases without an anchor before them, inside of what they name, or more than anybody writes. */
function aliasProblems(document: Document): readonly { readonly offset: number; readonly message: string }[] {
  const problems: { offset: number; message: string }[] = [];
  const anchors = new Set<string>();
  let count = 0;
  visit(document, {
    Node: (_key, node, path) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return undefined;
      }
      const offset = node.range?.[0] ?? 0;
      count += 1;
      if (count > MOST_ALIASES) {
        problems.push({ offset, message: `is one alias too many; ${String(MOST_ALIASES)} are the most` });
        return visit.BREAK;
      }
      if (!anchors.has(node.source))
        problems.push({
          offset,
          message: `*${node.source} names no anchor (&${node.source}) before it; quote a text that starts with *`,
        });
      else if (path.some((above) => 'anchor' in above && above.anchor === node.source))
        problems.push({ offset, message: `*${node.source} stands inside of what it names` });
      return undefined;
    },
  });
  return problems;
}

/** Offset of the value at a path, or of the nearest thing above it that the file holds. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return Number(node.range[0]);
  }
  return 0;
}

import { LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';

/** A file of the user's, taken apart. JSON is YAML too. */
export interface YamlFile {
  /** undefined where the text is no YAML. */
  readonly value: unknown;
  /** `file:line:column what`, for a text that is no YAML. */
  readonly problems: readonly string[];
  /** `file:line:column` of the value at a path, or of the nearest thing above it that the file holds. */
  readonly place: (path: readonly PropertyKey[]) => string;
}

/** Something that is wrong in a file, at a path in it. */
export interface FileProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Reads the text of a YAML or JSON file whose problems shall all be told at once, each with its place. Pure. */
export function readYamlFile(text: string, file: string): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = counter.linePos(offset);
    return `${file}:${String(line)}:${String(col)}`;
  };
  const place = (path: readonly PropertyKey[]): string => at(offsetOf(document, path));
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `${at(error.pos[0])} ${error.message}`);
    return { value: undefined, problems, place };
  }
  try {
    return { value: document.toJS({ maxAliasCount: 20 }), problems: [], place };
  } catch (cause) {
    // More aliases than anybody writes.
    if (!(cause instanceof Error)) throw cause;
    return { value: undefined, problems: [`${file}:1:1 ${cause.message}`], place };
  }
}

/** What a schema has against the file's value; an unknown key is told at the key. `whole`: what the value is called. */
export function schemaProblems(error: z.ZodError | undefined, whole: string): readonly FileProblem[] {
  return (error?.issues ?? []).map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    return { path, message: `${issue.path.length === 0 ? `(${whole})` : issue.path.join('.')}: ${issue.message}` };
  });
}

/** `one problem`, `3 problems` and each on its line. */
export function problemText(problems: readonly string[]): string {
  const count = problems.length === 1 ? 'one problem' : `${String(problems.length)} problems`;
  return `${count}:\n${problems.map((line) => `  ${line}`).join('\n')}`;
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

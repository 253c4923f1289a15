import { EXIT, MobyBuildError } from '../../errors.ts';

/** The text at `[start, end)` of a file (UTF-16, as the tree was scanned) becomes `text`. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The rule that asks for it, and its place among all rules. */
  readonly rule: string;
  readonly order: number;
}

/**
 * Applies edits to one text. All ranges are of the text as it was given; insertions at one place stand in the order of their rules.
 * Throws MobyBuildError `edits-overlap` (4) when two of them change the same text.
 */
export function splice(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
  let result = '';
  let at = 0;
  let last: Edit | null = null;
  for (const edit of sorted) {
    if (edit.start < at && last !== null) {
      throw new MobyBuildError({
        code: 'edits-overlap',
        exitCode: EXIT.tree,
        message: `Two rules want to change the same text of ${edit.file}: ${last.rule} and ${edit.rule}.`,
        where: `${edit.file}:${String(text.slice(0, edit.start).split('\n').length)}`,
        hint: 'This tree is not shaped as its series is; nothing was changed.',
      });
    }
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
    last = edit;
  }
  return result + text.slice(at);
}

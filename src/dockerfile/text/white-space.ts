/** What Go's `unicode.IsSpace` takes for white space: JavaScript's `\s` with U+0085 and without U+FEFF. */
const SPACE = /^(?:[^\S\uFEFF]|\u0085)$/;

/** Whether one character is white space for BuildKit where it cuts lines, flags and quoted words (`unicode.IsSpace`). */
export function isSpace(char: string): boolean {
  return SPACE.test(char);
}

/** The offset of the first character that is no white space, from `from` on; the text's length where there is none. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at;
}

/** The offset after the last character that is no white space; 0 where there is none. */
export function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) end--;
  return end;
}

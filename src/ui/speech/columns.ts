import stringWidth from 'string-width';

/** How many columns a text takes on a terminal: a Chinese character takes two, a code of colours none. Pure. */
export const columnsOf = (text: string): number => stringWidth(text);

/** A text with blanks behind it, so that it takes that many columns. Pure. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** As much of the start of a text as fits. Pure. */
export function startOf(text: string, columns: number): string {
  let start = '';
  let taken = 0;
  for (const character of text) {
    taken += columnsOf(character);
    if (taken > columns) break;
    start += character;
  }
  return start;
}

/** As much of the end of a text as fits. Pure. */
export function endOf(text: string, columns: number): string {
  let end = '';
  let taken = 0;
  for (const character of Array.from(text).reverse()) {
    taken += columnsOf(character);
    if (taken > columns) break;
    end = character + end;
  }
  return end;
}

import stringWidth from 'string-width';

/** The width of every page: what a terminal of the oldest kind has. */
export const PAGE_COLUMNS = 80;

/** A text is broken at spaces, and on either side of a Chinese character: marks that close stay with what is before them, those that open with what comes. */
const PIECE =
  /(?<gap>\s*)(?<text>[（“[]*(?:[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef（“]+)?[、。，：；？！）”…]*)/gu;

/** A text in lines of at most `width` columns; a longer word has a line of its own. Pure. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const { groups = {} } of text.trim().matchAll(PIECE)) {
    const { gap = '', text: piece = '' } = groups;
    if (piece === '') continue;
    const space = line === '' || gap === '' ? '' : ' ';
    const more = space.length + stringWidth(piece);
    if (taken + more > width && line !== '') {
      lines.push(line);
      line = piece;
      taken = more - space.length;
    } else {
      line += space + piece;
      taken += more;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Two columns: what a thing is called, and its text, which starts in one place for all. `indent`: where names start; `column`: where texts do. */
export function entry(name: string, text: string, indent: number, column: number): string {
  const lines = wrapped(text, PAGE_COLUMNS - column);
  const head = `${' '.repeat(indent)}${name}`;
  const rest = lines.map((line) => ' '.repeat(column) + line);
  const room = column - stringWidth(head);
  if (room < 2) return [head, ...rest].join('\n');
  const [first = ''] = lines;
  return [`${head}${' '.repeat(room)}${first}`.trimEnd(), ...rest.slice(1)].join('\n');
}

import stringWidth from 'string-width';

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

/** The width of every page: what a terminal of the oldest kind has. */
export const PAGE_COLUMNS = 80;

/** A text in lines of at most `width` characters, broken at spaces; a longer word has a line of its own. Pure. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

/** Two columns: what a thing is called, and its text, which starts in one place for all. `indent`: where names start; `column`: where texts do. */
export function entry(name: string, text: string, indent: number, column: number): string {
  const lines = wrapped(text, PAGE_COLUMNS - column);
  const head = `${' '.repeat(indent)}${name}`;
  const rest = lines.map((line) => ' '.repeat(column) + line);
  if (head.length + 2 > column) return [head, ...rest].join('\n');
  const [first = ''] = lines;
  return [`${head.padEnd(column)}${first}`.trimEnd(), ...rest.slice(1)].join('\n');
}

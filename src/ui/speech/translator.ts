import stringWidth from 'string-width';

/** Sentences in another language, by the English. Both hold the same holes: `{1}`, `{2}` …; `{is|are}` stands for either, `{{` for a brace. */
export type Translations = Readonly<Record<string, string>>;

interface Pattern {
  /** How much of the English is no hole: of several that fit, the one that says most is meant. */
  readonly weight: number;
  /** The longest text between its holes: a quick look tells that it is not there. */
  readonly literal: string;
  readonly form: RegExp;
  readonly meaning: string;
}

/** What stands between holes has to be that long, or anything would fit. */
const LEAST_LETTERS = 4;

/** Of a form that says less, everything that fills its holes has to be a name or another sentence: "it is not that" fits too much. */
const SAYS_LITTLE = 7;

/** A longer text is no sentence of ours, and to look for one in it takes its square or more. */
const LONGEST = 600;

const HOLE = /\{\{|\}\}|\{(\d)\}|\{([^{}|]*)\|([^{}]*)\}/gu;

/** The same, for taking a sentence apart: every second part is a hole. */
const HOLE_PARTS = /(\{\{|\}\}|\{\d\}|\{[^{}|]*\|[^{}]*\})/u;

/** Colours and blanks around a text. */
const AROUND = /^((?:\s|\u001b\[[0-9;]*m)*)([^]*?)((?:\s|\u001b\[[0-9;]*m)*)$/u;
/** A comment behind a command. */
const COMMENT = /^([^]*?)( {3}# )([^]*)$/u;
/** Where a sentence ends and the next begins; a hole never holds that. */
const END = /(?<=[a-z0-9)"'][.?!]) (?=\S)/u;
/** The same, and what else may be two sentences. */
const BETWEEN = new RegExp(`(${END.source}|(?<=[a-z]:) (?=[A-Z-])|(?=; ))`, 'u');
/** What stands in brackets at the end of a line. */
const ASIDE = /^(\S[^]*) \(([^()]+)\)$/u;
/** How a value of somebody begins: a path, an option, a quoted word. */
const VALUE = /^(?:[~.]{0,2}\/|--?\w|['"`])/u;
const TWO_WORDS = /[A-Za-z]{2,}[,;:.)]? \(?[a-z]{2,}/u;

/**
 * Makes the translator of one table. It takes an English text as it is shown (lines, columns, colours, a comment behind a command) and gives
 * each of its sentences that the table has in the other language; what it does not have stays English. What fills a hole is translated
 * too, where it is a sentence itself. A single word counts where it is the whole text. Pure, but for what it remembers.
 */
export function translatorOf(table: Translations): (english: string) => string {
  const exact = new Map(Object.entries(table).filter(([english]) => !HOLE_IN.test(english)));
  const patterns = Object.entries(table)
    .filter(([english]) => HOLE_IN.test(english))
    .map(([english, meaning]) => patternOf(english, meaning))
    .filter(({ weight }) => weight >= LEAST_LETTERS)
    .toSorted((a, b) => b.weight - a.weight);
  const known = new Map<string, string | null>();

  const sentence = (english: string): string | null => {
    if (english.length > LONGEST) return null;
    const before = known.get(english);
    if (before !== undefined) return before;
    // A text within itself stays as it is.
    known.set(english, null);
    const found = exact.get(english) ?? byPattern(english) ?? aboutSubject(english) ?? inParts(english);
    known.set(english, found);
    return found;
  };

  const byPattern = (english: string): string | null => {
    for (const { weight, literal, form, meaning } of patterns) {
      if (!english.includes(literal)) continue;
      const match = form.exec(english);
      // A hole that holds the end of a sentence holds too much.
      if (match === null || match.slice(1).some((held) => END.test(held))) continue;
      const told = match.map((held, index) => (index === 0 ? '' : within(held)));
      if (weight < SAYS_LITTLE && told.some((text, index) => text === match[index] && isEnglish(text))) continue;
      return filled(meaning, (index) => told[index] ?? '');
    }
    return null;
  };

  const inParts = (english: string): string | null => {
    const [, command = '', mark = '', comment = ''] = COMMENT.exec(english) ?? [];
    if (mark !== '') return `${sentence(command) ?? command}${mark}${sentence(comment) ?? comment}`;
    // Every second part is what stands between.
    const parts = english.split(BETWEEN);
    const told = parts.map((part, index) => (index % 2 === 0 ? sentence(part) : null));
    if (parts.length > 1 && told.some((part) => part !== null))
      return parts
        .map((part, index) => (told[index] ?? part).replace(/^; /u, '；'))
        .join('')
        .replaceAll(/(?<=[。：？]) /gu, '');
    const [, before = '', aside = ''] = ASIDE.exec(english) ?? [];
    const reason = aside === '' ? null : sentence(aside);
    if (reason !== null) return `${sentence(before) ?? before}（${reason}）`;
    const at = english.indexOf(': ');
    if (at < 0) return null;
    const [head, tail] = [english.slice(0, at), english.slice(at + 2)];
    const [toldHead, toldTail] = [isEnglish(head) ? sentence(head) : null, sentence(tail)];
    return toldHead === null && toldTail === null ? null : `${toldHead ?? head}：${toldTail ?? tail}`;
  };

  const aboutSubject = (english: string): string | null => {
    for (const words of [1, 2]) {
      const [subject, rest] = splitAfter(english, words);
      // Behind a colon stands a part.
      const told = TWO_WORDS.test(rest) && !subject.endsWith(':') ? (exact.get(rest) ?? byPattern(rest)) : null;
      if (told !== null) return `${subject} ${told}`;
    }
    return null;
  };

  // A word alone may be anything: a name, a path. A path may hold blanks, and then words that look like a sentence.
  const within = (held: string): string => (isEnglish(held) ? (sentence(held) ?? held) : held);

  const cell = (english: string): string => {
    const [, before = '', core = '', after = ''] = AROUND.exec(english) ?? [];
    return TWO_WORDS.test(core) ? before + (sentence(core) ?? core) + after : english;
  };

  const line = (english: string): string => (english.length > LONGEST ? english : inCells(english, cell));

  return (text) => (text.includes('\n') ? text.split('\n').map(line).join('\n') : (sentence(text) ?? line(text)));
}

/** Whether a text may hold a sentence of ours. */
function isEnglish(text: string): boolean {
  return TWO_WORDS.test(text) && !VALUE.test(text);
}

/** A line of a table: what stands behind a cell stays where it is, if the cell has room. */
function inCells(line: string, translate: (cell: string) => string): string {
  const [first = '', ...rest] = line.split(/(?<=\S)( {2,})(?=[^\s#])/u);
  let told = translate(first);
  let width = stringWidth(first);
  for (let at = 0; at < rest.length; at += 2) {
    const [gap = '', held = ''] = rest.slice(at, at + 2);
    width += gap.length;
    told += ' '.repeat(Math.max(2, width - stringWidth(told))) + translate(held);
    width += stringWidth(held);
  }
  return told;
}

const HOLE_IN = /\{/u;

/** The first words of a text, which say what it is about (an option, a variable, a place in a file), and the rest. */
function splitAfter(text: string, words: number): readonly [string, string] {
  const all = text.split(' ');
  return [all.slice(0, words).join(' '), all.slice(words).join(' ')];
}

function patternOf(english: string, meaning: string): Pattern {
  const source = english
    .split(HOLE_PARTS)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : holeSource(part)))
    .join('');
  const fixed = english.replaceAll(HOLE, (_, __, one: string | undefined) => one ?? '');
  const literals = english.split(HOLE_PARTS).filter((_, index) => index % 2 === 0);
  const letters = fixed.replaceAll(/[^A-Za-z]/gu, '').length;
  return {
    weight: letters + (letters < LEAST_LETTERS ? 0 : fixed.length / 1000),
    literal: literals.toSorted((a, b) => b.length - a.length)[0] ?? '',
    form: new RegExp(`^${source}$`, 'u'),
    meaning,
  };
}

function holeSource(hole: string): string {
  if (hole === '{{' || hole === '}}') return `\\${hole.slice(0, 1)}`;
  if (/^\{\d\}$/u.test(hole)) return '(.*?)';
  return `(?:${hole.slice(1, -1).split('|').map(escaped).join('|')})`;
}

/** A sentence with its holes filled. */
function filled(meaning: string, hole: (index: number) => string): string {
  return meaning.replaceAll(HOLE, (mark, index: string | undefined) =>
    index === undefined ? mark.slice(0, 1) : hole(Number(index)),
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
}

import { CHINESE } from '../../src/ui/speech/chinese.ts';
import { translatorOf } from '../../src/ui/speech/translator.ts';

/** Two words side by side, the second of lower case, as in a sentence. */
const TWO_WORDS = /[A-Za-z]{2,}[,;:.)]? \(?[a-z]{2,}/u;

/** What is the same in every language: quoted and code, URLs, paths, options with their values, digests. */
const SAME = [
  /\u001b\[[0-9;]*m/gu,
  /`+[^`]*`+/gu,
  /“[^”]*”/gu,
  /'[^']*'/gu,
  /"[^"]*"/gu,
  /https?:\S+/gu,
  /(?<![\w])~?\/[\w./+:@*-]+/gu,
  /--[a-z][\w-]*(?:[= ][A-Z|=,]{2,}\S*)?/gu,
  /sha256:[0-9a-f]+/gu,
];

/** Words that only a sentence has. */
const SENTENCE = /(?<![-\w/.])(?:a|an|and|are|at|by|for|from|in|is|it|more|not|of|on|that|the|to|was|with) (?=\S)/u;
const CHINESE_LETTER = /[\u4e00-\u9fff]/u;

/** Cells in English that are no sentences of ours: what programs print, stages and images, lists of names. */
const NAMES =
  /(?:^| )version \d|\bFROM |\bRUN |^\W*(?:[a-z0-9_./:@|-]+(?:, |、)?)+\W*$|<[a-z]+ default>|^(?:[\w.:/-]+, ){2,}|^E: |^curl: |Docker version|\bstatic; |^\d\S* \w?B [0-9a-f]{12}$|^Dockerfile:\d|^<?[a-z]+ github\.com|^University of| buster-backports$|\[[a-z, ]+\]$|^moby-build /u;

/** A line that is a command to paste, or of a file that is shown. */
const COMMAND =
  /^\s*(?:\$ |# ?)?(?:sudo |printf |moby-build |docker |eval |cd |sysctl |[A-Z_]+=\S+ )|下一步：|^#\w+: /u;

const translate = translatorOf(CHINESE);

/**
 * What of a text in Chinese is still a sentence or a word in English: every cell that reads like a sentence, or that the table of
 * sentences would have in Chinese. Pure.
 *
 * @param names single words that are names here
 */
export function englishLeft(text: string, names: ReadonlySet<string> = new Set()): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !COMMAND.test(line))
    .flatMap((line) => line.split(/ {2,}| \| |\| | \|$/u))
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '' && !names.has(cell) && isEnglish(cell));
}

function isEnglish(cell: string): boolean {
  if (/^[A-Za-z][a-z-]+:?$/u.test(cell)) return translate(cell) !== cell;
  const left = SAME.reduce((text, same) => text.replaceAll(same, '·'), cell);
  if (CHINESE_LETTER.test(cell)) return TWO_WORDS.test(left) && SENTENCE.test(left);
  return TWO_WORDS.test(left) && !NAMES.test(left);
}

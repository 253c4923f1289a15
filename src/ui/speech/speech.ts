import type { Language } from '../../names.ts';

let current: (english: string) => string = (english) => english;
let spokenNow: Language = 'en';

/** Chooses the language of everything that this process shows to people; documents and logs stay English. Called before anything is shown. */
export async function speak(language: Language): Promise<void> {
  if (language === spokenNow) return;
  spokenNow = language;
  if (language === 'en') {
    current = (english) => english;
    return;
  }
  const [{ translatorOf }, { CHINESE }] = await Promise.all([import('./translator.ts'), import('./chinese.ts')]);
  current = translatorOf(CHINESE);
}

/** A text as this process shows it: in the language that was chosen, where it has it. @param english sentences of ours, in lines, coloured or not */
export function spoken(english: string): string {
  return current(english);
}

/** Chinese characters: such a line was told already, piece by piece. */
const TOLD = /[\u4e00-\u9fff]/u;

/** Lines of which some were told when they were made. What stands in those (a path, a command to paste) is not looked at again. */
export function spokenLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (TOLD.test(line) ? line : spoken(line)))
    .join('\n');
}

/** A command to paste, which stays as it is, with the comment behind it (three blanks and `# `) in the language of the run. */
export function spokenCommand(text: string): string {
  const [, command = '', comment = ''] = /^([^]*? {3}# )([^]*)$/u.exec(text) ?? [];
  return comment === '' ? text : `${command}${spoken(comment)}`;
}

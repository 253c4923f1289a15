import type { Language } from '../../names.ts';

let current: (english: string) => string = (english) => english;

/** Chooses the language of everything that this process shows to people; documents and logs stay English. Called before anything is shown. */
export async function speak(language: Language): Promise<void> {
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

import { COMMAND_NAMES } from '../options/option.ts';
import { pageKey } from './asked-page.ts';
import { completionPages } from './completion.ts';
import { helpPage, type Say } from './help-page.ts';

/** Every page whose text does not change from run to run, by its key. @param chinese gives a sentence of help in Chinese */
export function allPages(chinese: Say): Readonly<Record<string, string>> {
  const pages = [null, ...COMMAND_NAMES].flatMap((command) =>
    [false, true].flatMap((all) => {
      const page = { is: 'help', command, all } as const;
      return [
        [pageKey(page), helpPage(command, all)],
        [pageKey(page, 'zh'), helpPage(command, all, chinese)],
      ];
    }),
  );
  const scripts = completionPages().map(([shell, text]) => [pageKey({ is: 'completion', shell }), text]);
  return Object.fromEntries([...pages, ...scripts]) as Record<string, string>;
}

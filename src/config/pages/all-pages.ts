import { COMMAND_NAMES } from '../options/option.ts';
import { pageKey } from './asked-page.ts';
import { completionPages } from './completion.ts';
import { helpPage } from './help-page.ts';

/** Every page whose text does not change from run to run, by its key. */
export function allPages(): Readonly<Record<string, string>> {
  const pages: readonly (readonly [Parameters<typeof pageKey>[0], string])[] = [null, ...COMMAND_NAMES].flatMap(
    (command) => [false, true].map((all) => [{ is: 'help', command, all }, helpPage(command, all)] as const),
  );
  const scripts = completionPages().map(([shell, text]) => [pageKey({ is: 'completion', shell }), text]);
  return Object.fromEntries([...pages.map(([page, text]) => [pageKey(page), text]), ...scripts]) as Record<
    string,
    string
  >;
}

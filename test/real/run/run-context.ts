import type { CommandContext } from '../../../src/commands/context/context.ts';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import type { RunOptions } from '../../../src/config/layers/parse.ts';

export type TestContext = CommandContext & { readonly document: Record<string, unknown> };

/** What a command gets for a line, with everything of its own below `workDir`; nothing is shown. */
export async function contextOf(workDir: string, argv: readonly string[]): Promise<TestContext> {
  const line = await parseCommandLine([...argv, '--work-dir', workDir], {
    ...{ env: { HOME: '/nonexistent' }, cwd: workDir, nodeArch: 'x64' },
    readFile: () => Promise.resolve(null),
  });
  const options: RunOptions = line.options;
  return {
    ...{ options, isGiven: () => false, env: {}, notes: [], toolVersion: '0', line: [] },
    display: { list: {}, live: false, throttle: (show) => show, title: () => undefined, spoken: (english) => english },
    wait: (_text, work) => work(),
    progress: () => undefined,
    say: () => undefined,
    askSecret: () => Promise.resolve(null),
    passphrase: null,
    ask: () => Promise.resolve(false),
    document: {},
  };
}

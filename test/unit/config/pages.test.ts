import { describe, expect, it } from 'vitest';
import { askedPage, pageKey } from '../../../src/config/pages/asked-page.ts';
import { allPages } from '../../../src/config/pages/all-pages.ts';
import { EXAMPLES } from '../../../src/config/pages/examples.ts';
import { CHINESE } from '../../../src/ui/speech/chinese.ts';
import stringWidth from 'string-width';
import { LANGUAGES } from '../../../src/names.ts';
import { translatorOf } from '../../../src/ui/speech/translator.ts';
import { COMMON_OPTIONS, helpPage } from '../../../src/config/pages/help-page.ts';
import { entry } from '../../../src/config/pages/entry.ts';
import { wrapped } from '../../../src/wrapped.ts';
import { COMMAND_NAMES, COMMANDS, SHELLS, type CommandName } from '../../../src/config/options/option.ts';
import { OPTION_NAMES, optionsOf, specOf, spelled } from '../../../src/config/options/options.ts';
import { EXIT } from '../../../src/codes.ts';
import { parsed } from './command-line-from.ts';

const shown = (text: string): string[] => [...text.matchAll(/^ {2}(--[a-z-]+)/gmu)].map(([, flag]) => String(flag));
const flat = (text: string): string => text.replaceAll(/\s+/gu, ' ');

const translate = translatorOf(CHINESE);
const pages = allPages(translate);

describe('the page that a line asks for', () => {
  const help = (command: CommandName | null, all = false) => ({ is: 'help', command, all });
  it.each([
    [['--help'], help(null)],
    [['-h'], help(null)],
    [['-help'], help(null)],
    [['help'], help(null)],
    [['--help', '--all'], help(null, true)],
    [['help', '--all'], help(null, true)],
    [['patch', '--help'], help('patch')],
    [['--help', 'patch'], help('patch')],
    [['-h', 'patch', '--all'], help('patch', true)],
    [['help', 'verify'], help('verify')],
    [['patch', 'help'], help('patch')],
    [['mirrors', 'probe', '-h'], help('mirrors')],
    [['--nonsense', '--help'], help(null)],
    [['--ref', '--help'], help(null)],
    [['--help=x'], help(null)],
    [['--version'], { is: 'version' }],
    [['-v'], { is: 'version' }],
    [['-V'], { is: 'version' }],
    [['version'], { is: 'version' }],
    [['patch', '--version'], { is: 'version' }],
    [['-h', '-v'], help(null)],
    [['completion', 'bash'], { is: 'completion', shell: 'bash' }],
    [['completion', '--help'], help('completion')],
  ])('%j', (argv, page) => {
    expect(askedPage(argv)).toEqual(page);
  });

  it.each([
    [[]],
    [['patch']],
    [['--', '--help']],
    [['verify', 'help']],
    [['verify', '--', '-h']],
    [['help', 'nonsense']],
    [['help', 'patch', 'more']],
    [['version', 'more']],
    [['--make-arg=-h']],
    [['--all']],
    [['completion']],
    [['completion', 'tcsh']],
    [['completion', 'bash', '--json']],
  ])('%j is a line to be run', (argv) => {
    expect(askedPage(argv)).toBeNull();
  });

  it('has a text, and no text is there that no line asks for', () => {
    const keys = [null, ...COMMAND_NAMES].flatMap((command) =>
      [false, true].flatMap((all) => LANGUAGES.map((language) => pageKey({ is: 'help', command, all }, language))),
    );
    const scripts = SHELLS.map((shell) => pageKey({ is: 'completion', shell }));
    expect(Object.keys(pages).sort()).toEqual([...keys, ...scripts].sort());
    expect(pages['help patch all']).toBe(helpPage('patch', true));
    expect(pages['zh help patch all']).toBe(helpPage('patch', true, translate));
  });
});

describe('--help', () => {
  it('shows the ten options that most people need, three examples and every command', () => {
    const text = helpPage(null, false);
    expect(shown(text)).toEqual(COMMON_OPTIONS.map(spelled));
    expect(COMMON_OPTIONS).toHaveLength(10);
    expect(EXAMPLES.build).toHaveLength(3);
    for (const { does } of EXAMPLES.build) expect(text).toContain(does);
    for (const command of COMMAND_NAMES) expect(flat(text)).toContain(flat(COMMANDS[command]));
    expect(text).toContain('moby-build --help --all');
  });

  it('--all shows every option with its sentence, and what each exit code means', () => {
    const text = helpPage(null, true);
    expect(shown(text).sort()).toEqual([...OPTION_NAMES.map(spelled), '--help', '--version'].sort());
    for (const name of OPTION_NAMES) expect(flat(text)).toContain(flat(specOf(name).description));
    for (const code of Object.values(EXIT)) expect(text).toMatch(new RegExp(`^ {2}${String(code)} {2,}\\S`, 'mu'));
    expect(text).toContain('MOBY_BUILD_NO_PROBE');
  });

  it.each(COMMAND_NAMES)('%s --help --all names every option that it takes and no other', (command) => {
    const every = [...optionsOf(command).map(spelled), '--help', '--version'].sort();
    expect(shown(helpPage(command, true)).sort()).toEqual(every);
    const short = shown(helpPage(command, false));
    // Where it does not show all, it says how to see the others.
    if (short.length < every.length) {
      expect(short.length).toBeLessThanOrEqual(10);
      expect(helpPage(command, false)).toContain(`moby-build ${command} --help --all`);
    }
  });

  it.each(Object.entries(pages).filter(([key]) => !key.startsWith('completion')))(
    '%s keeps to 80 columns',
    (_key, text) => {
      expect(text.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
      expect(text).not.toMatch(/[ \t]$/mu);
    },
  );

  it('is in Chinese for who reads Chinese: every option with its sentence, commands, examples and exit codes', () => {
    const text = flat(pages['zh help all'] ?? '').replaceAll(' ', '');
    const english = [
      ...OPTION_NAMES.map((name) => specOf(name).description),
      ...COMMAND_NAMES.map((command) => COMMANDS[command]),
      ...EXAMPLES.build.map(({ does }) => does),
    ];
    for (const sentence of english) {
      expect(translate(sentence)).not.toBe(sentence);
      expect(text).toContain(translate(sentence).replaceAll(/\s/gu, ''));
    }
    expect(shown(pages['zh help all'] ?? '').sort()).toEqual(shown(pages['help all'] ?? '').sort());
  });

  it.each([
    ['build', '--stall-timeout', '[default: 1800]'],
    ['patch', '--probe-timeout', '[default: 10]'],
    ['build', '--ref', '[default: v20.10.12; with a source directory'],
  ] as const)('%s: %s says %s', (command, flag, words) => {
    const entries = helpPage(command, true).split(/\n(?= {2}--)/u);
    expect(flat(entries.find((each) => each.startsWith(`  ${flag} `)) ?? '')).toContain(words);
  });

  it.each(Object.entries(EXAMPLES).flatMap(([command, all]) => all.map(({ words }) => [command, words] as const)))(
    'an example of %s is a line that is understood: %j',
    async (command, words) => {
      expect((await parsed(words)).command).toBe(command);
    },
  );
});

describe('lines', () => {
  it('break at spaces, and a long word stands alone', () => {
    expect(wrapped('aa bb  cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrapped('a loooooong b', 4)).toEqual(['a', 'loooooong', 'b']);
    expect(wrapped('', 4)).toEqual([]);
    // A Chinese character takes two columns; what closes is never at the start of a line, what opens never at its end.
    for (const text of ['/srv/テスト/ＡＢ.pem', '「full」＝《x》', '（“a”）'])
      expect(wrapped(`see ${text} now`, 4).join('')).toBe(`see${text}now`);
    expect(wrapped('构建失败（见 log）。', 8)).toEqual(['构建失败', '（见', 'log）。']);
    expect(wrapped('请看，a b', 6)).toEqual(['请看，', 'a b']);
  });

  it('a name that is too long has a line of its own', () => {
    expect(entry('ab', 'text', 2, 6)).toBe('  ab  text');
    expect(entry('abc', 'text', 2, 6)).toBe('  abc\n      text');
  });
});

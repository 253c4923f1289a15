import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYMPTOMS } from '../../../src/symptoms/table.ts';
import { COMMAND_NAMES, type CommandName } from '../../../src/config/options/option.ts';
import { optionByFlag, specOf } from '../../../src/config/options/options.ts';
import { changedWords, NEXT, wordsOf, type OwnCommand } from '../../../src/next-command.ts';
import { askedPage } from '../../../src/config/pages/asked-page.ts';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { surroundings } from '../config/command-line-from.ts';
import { readRepositoryFile, repositoryFiles } from './repository.ts';

/** Lines that users type, by their command, each with options that a recommended line has to get along with. */
const LINES: readonly (readonly [CommandName, readonly string[]])[] = [
  ['build', []],
  [
    'build',
    [
      'build',
      '--profile=auto',
      '--mirror',
      'git=https://g.example/{url}',
      '--image',
      'golang=r.example/golang:1',
      '--locked',
    ],
  ],
  ['patch', ['patch', '--ref', 'v20.10.24', '--component=runc=v1.1.0', '--out', "it's here", '--frontend', 'official']],
  ['audit', ['audit', '--source', '/a clone', '--profile', 'direct', '--ca=c']],
  ['doctor', ['doctor', '--ref', 'v27.5.1', '--only', 'git', '--docker=/d']],
  ['smoke', ['smoke', '/out dir', '--only', 'containerd']],
  ['verify', ['verify', '/out dir', '--quiet']],
  ['cache', ['cache', 'verify']],
  ['clean', ['clean', '--yes']],
  ['mirrors', ['mirrors', 'probe', '--ref', 'v27.5.1']],
  ['bundle', ['bundle', 'create', '--ref', 'v27.5.1', '--out', 'moby.tar', '--split', '1M']],
];

/** Whether each option of a change is one of the command that the line runs: else the error that recommends it cannot come up there. */
function fits(command: OwnCommand, of: CommandName, [, action = '']: readonly string[]): boolean {
  if (command.is === 'other') return of === 'build';
  const { set = [], pairs = [], add = [] } = command.change;
  const flags = [...set, ...pairs, ...add].map(([flag = '']) => flag.replace(/^--(?:no-)?/u, ''));
  return flags.every((flag) => {
    const option = optionByFlag(flag);
    if (option === null || !specOf(option).commands.includes(of)) return false;
    return of !== 'bundle' || (specOf(option).actions?.includes(action) ?? true);
  });
}

const makers = Object.entries(NEXT).map(
  ([name, make]) => [name, (make as (...args: readonly string[]) => OwnCommand)(...make.sample)] as const,
);
// A hint with the same words as the sample of the table would only be tried twice.
const known = new Set(makers.map(([, command]) => JSON.stringify(command)));
const hints = SYMPTOMS.flatMap(({ code, next: command }) =>
  command === null || typeof command === 'string' || known.has(JSON.stringify(command))
    ? []
    : [[`hint ${code}`, command] as const],
);

describe('every command of ours that is recommended', () => {
  it.each([...makers, ...hints])(
    '%s is one that our own parser takes, on each line where it can come up',
    async (_, command) => {
      let tried = 0;
      for (const [of, line] of LINES) {
        if (!fits(command, of, line)) continue;
        const words = wordsOf(command, line);
        // Help is shown before a line is taken apart.
        if (askedPage(words)?.is !== 'help')
          await expect(parseCommandLine(words, surroundings()), words.join(' ')).resolves.toBeDefined();
        tried += 1;
      }
      expect(tried).toBeGreaterThan(0);
    },
  );

  it('says a switch once, whether the line has it or not', () => {
    const expected = ['build', '--seal', '--seal-host', 'cdn.example'];
    for (const line of [['build'], ['build', '--seal']])
      expect(wordsOf(NEXT.sealHost('cdn.example'), line)).toEqual(expected);
  });

  it('stands in the table: no error and no hint writes one by itself', () => {
    const wrong = repositoryFiles()
      .filter((file) => /^src\/.*\.ts$/u.test(file))
      .flatMap((file) =>
        readRepositoryFile(file)
          .split('\n')
          .filter((line) =>
            /(?:(?:command|fix):(?!.*(?:commandLine|ownLine)\().*|return )["'`](?!--\$)(?:sudo .*)?(?:npx )?(?:moby-build|--)/u.test(
              line,
            ),
          )
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  it('is a command that there is, where a sentence names one', () => {
    const words = repositoryFiles()
      .filter((file) => /^src\/.*\.ts$/u.test(file))
      .flatMap((file) =>
        readRepositoryFile(file)
          .split('\n')
          // Comments are for us; of a title (`.meta`) the rest is the kind of file.
          .filter((line) => !/^\s*(?:\/?\*|\/\/)|title:/u.test(line))
          .flatMap((line) => [...line.matchAll(/\bmoby-build ([a-z]+)/gu)].map(([text]) => text)),
      );
    const prose = /^moby-build (?:above|as|collects|did|does|has|is|itself|or|reads|takes|turns)$/u;
    const unknown = words.filter(
      (text) => !prose.test(text) && !COMMAND_NAMES.some((name) => text === `moby-build ${name}`),
    );
    expect([...new Set(unknown)]).toEqual([]);
    expect(words).toContain('moby-build verify');
  });

  it('keeps the command and the options of the user, and changes one thing', () => {
    const line = ['patch', '--ref', 'v20.10.24', '--mirror', 'apt=http://a.example', '--out=it is here', '--', 'rest'];
    expect(wordsOf(NEXT.ref('v20.10.27'), line)).toEqual([
      'patch',
      '--mirror',
      'apt=http://a.example',
      '--out=it is here',
      '--ref',
      'v20.10.27',
      '--',
      'rest',
    ]);
    expect(wordsOf(NEXT.mirror('apt', 'http://b.example'), line)).toEqual([
      'patch',
      '--ref',
      'v20.10.24',
      '--out=it is here',
      '--mirror',
      'apt=http://b.example',
      '--',
      'rest',
    ]);
    expect(wordsOf(NEXT.mirror('git', 'https://g/{url}'), line)).toContain('apt=http://a.example');
    expect(wordsOf(NEXT.newLock('moby-build.lock', ''), ['build', '--locked', '--dry-run', '--ref', 'v1'])).toEqual([
      'build',
      '--ref',
      'v1',
      '--lock',
      'moby-build.lock',
    ]);
    expect(wordsOf(NEXT.doctor(), ['build', '--dry-run', '--ref', 'v1'])).toEqual(['doctor', '--ref', 'v1']);
    expect(wordsOf(NEXT.doctor(), ['--ref', 'v1'])).toEqual(['doctor', '--ref', 'v1']);
    expect(wordsOf(NEXT.doctor(), [])).toEqual(['doctor']);
    expect(wordsOf(NEXT.doctor(), ['smoke', '/out'])).toEqual(['doctor']);
    expect(wordsOf(NEXT.oneTag('v1'), ['audit', '--tags=v1.*'])).toEqual(['audit', '--ref', 'v1']);
  });

  it('replaces whatever the old value was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.boolean(), (value, glued) => {
        fc.pre(value !== '--');
        const words = glued ? [`--profile=${value}`] : ['--profile', value];
        expect(changedWords(['audit', ...words, '--all'], { set: [['--profile', null]] })).toEqual(['audit', '--all']);
      }),
    );
  });
});

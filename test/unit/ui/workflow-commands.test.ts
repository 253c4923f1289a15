import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Note } from '../../../src/document/parts.ts';
import { MESSAGES } from '../../../src/ui/messages.ts';
import { Screen } from '../../../src/ui/terminal/screen.ts';
import {
  annotations as annotationsWith,
  inert,
  isInWorkflow,
  type Annotated,
} from '../../../src/ui/workflow/commands.ts';

const annotations = (error: Annotated | null, notes: readonly Note[]): string =>
  annotationsWith(error, notes, MESSAGES.moreWarnings);

const warning = (index: number): Note => ({
  level: 'warning',
  code: 'pin-by-tag' as Note['code'],
  message: `w${String(index)}`,
});

describe('annotations of a GitHub workflow', () => {
  it('begin with the error that ended the run; notes are none', () => {
    const error = { code: 'build-failed', message: 'It failed.', hint: 'Look there.' };
    const notes: Note[] = [warning(1), { ...warning(2), level: 'info' }, { ...warning(3), hint: 'Do that.' }];
    expect(annotations(error, notes).split('\n')).toEqual([
      '::error title=moby-build build-failed::It failed.%0ALook there.',
      '::warning title=moby-build pin-by-tag::w1',
      '::warning title=moby-build pin-by-tag::w3%0ADo that.',
      '',
    ]);
    expect(annotations(null, [])).toBe('');
  });

  it.each([
    [10, 10, 'w10'],
    [11, 10, '2 more warnings'],
    [40, 10, '31 more warnings'],
  ])('of %i warnings are %i, the last of which is %s', (all, shown, last) => {
    const lines = annotations(
      null,
      Array.from({ length: all }, (_, index) => warning(index + 1)),
    )
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(shown);
    expect(lines.at(-1)).toContain(last);
  });

  it.each([
    ['a\n::set-env name=PATH::/tmp', 'a%0A::set-env name=PATH::/tmp'],
    ['100 %\r\n%0A', '100 %25%0D%0A%250A'],
  ])('a message %j stays one line, and comes back as it was', (message, written) => {
    expect(annotations({ code: 'bug', message }, [])).toBe(`::error title=moby-build bug::${written}\n`);
  });

  it.each([
    [{ GITHUB_ACTIONS: 'true' }, true],
    [{ GITHUB_ACTIONS: 'false' }, false],
    [{ CI: 'true' }, false],
    [{ GITHUB_ACTIONS: 'true', MOBY_MATRIX_PART_OF: '/x' }, false],
  ])('%j: a runner reads along: %j', (env, expected) => {
    expect(isInWorkflow(env)).toBe(expected);
  });
});

describe('lines of others in a workflow', () => {
  it.each(['::add-path::/tmp\n', '  ::error::x\n', 'a\n\t::stop-commands::x\n', 'x ##[error]y\n'])(
    '%j is no command of ours',
    (text) => {
      expect(inert(text, 'T')).toBe(`::stop-commands::T\n${text}::T::\n`);
    },
  );

  it('what looks like no command is left as it is', () => {
    expect(inert('std::string\n a::b\n', 'T')).toBe('std::string\n a::b\n');
  });

  it.each([
    [{ GITHUB_ACTIONS: 'true' }, /^::stop-commands::([\w-]{36})\n::error::x\n::\1::\n::error::mine\n$/u],
    [{}, /^::error::x\n$/u],
  ])('with %j they are written as %s', (env, expected) => {
    const stream = new PassThrough();
    const screen = new Screen(stream as unknown as NodeJS.WriteStream, env);
    screen.write('::error::x\n');
    screen.command('::error::mine\n');
    expect(String(stream.read())).toMatch(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { errorDocument, formatError } from '../../../src/ui/errors.ts';

const plain = createColours(false);
const context = { version: '0.1.0', node: 'v20.20.2', platform: 'linux x64', line: [] };
const noDocker = new MobyBuildError({
  code: 'no-such-program',
  exitCode: 3,
  message: 'there is no docker client',
  where: 'PATH',
  hint: 'The build runs in containers.',
  command: 'sudo apt-get install docker.io',
});

describe('formatError', () => {
  it('says what, where, why and the next command', () => {
    expect(formatError(noDocker, plain, context)).toBe(
      [
        'moby-build: there is no docker client',
        '  where: PATH',
        '  The build runs in containers.',
        '  next: sudo apt-get install docker.io',
        '',
      ].join('\n'),
    );
  });

  it('does not say a place twice', () => {
    const error = new MobyBuildError({
      code: 'usage',
      exitCode: 2,
      message: '--arch must be one of …',
      where: '--arch',
    });
    expect(formatError(error, plain, context)).toBe(
      'moby-build: --arch must be one of …\n  next: moby-build explain usage\n',
    );
  });

  it('gives a form for a mistake of ours, with the stack and the versions', () => {
    const text = formatError(new TypeError('x is not a function'), plain, context);
    expect(text).toContain('moby-build: x is not a function\n  This is a mistake in moby-build.');
    expect(text).toContain('moby-build 0.1.0, node v20.20.2, linux x64');
    expect(text).toMatch(/^ +at .*errors\.test\.ts/mu);
  });

  it.each([undefined, 'text', { a: 1 }, null])('stands %j being thrown', (thrown) => {
    expect(formatError(thrown, plain, context)).toContain('This is a mistake in moby-build.');
  });
});

describe('errorDocument', () => {
  it('has every field; the page of its code where no command is known', () => {
    expect(errorDocument(noDocker, [])).toEqual({
      code: 'no-such-program',
      exitCode: 3,
      message: 'there is no docker client',
      where: 'PATH',
      hint: 'The build runs in containers.',
      command: 'sudo apt-get install docker.io',
    });
    expect(errorDocument(new MobyBuildError({ code: 'build-failed', exitCode: 6, message: 'm' }), [])).toEqual({
      code: 'build-failed',
      exitCode: 6,
      message: 'm',
      where: null,
      hint: null,
      command: 'moby-build explain build-failed',
    });
  });

  it('has no command for a run that a signal ended', () => {
    const ended = new MobyBuildError({ code: 'interrupted', exitCode: 130, message: 'ended by SIGINT' });
    expect(errorDocument(ended, [])).toMatchObject({ command: null });
    expect(formatError(ended, plain, context)).not.toContain('next:');
  });

  it('calls what is none of ours a bug, exit 1', () => {
    expect(errorDocument(new Error('boo'), [])).toMatchObject({ code: 'bug', exitCode: 1, message: 'boo' });
  });
});

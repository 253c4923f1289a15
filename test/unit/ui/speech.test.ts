import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { formatError } from '../../../src/ui/errors.ts';
import { speak, spokenCommand, spokenLines } from '../../../src/ui/speech/speech.ts';

const path = '/srv/it is not here';

describe('an error in Chinese', () => {
  beforeAll(() => speak('zh'));
  afterAll(() => speak('en'));

  it('names the paths and the command of the error to the letter, also when a screen has shown it', () => {
    const error = new MobyBuildError({
      code: 'no-such-directory',
      exitCode: 2,
      message: `${path} does not exist.`,
      where: `--source ${path}`,
      hint: 'A relative path is taken from the current directory.',
      command: `ls -d '${path}'`,
    });
    const context = { version: '0', node: 'v20', platform: 'linux', line: [] };
    const text = spokenLines(formatError(error, createColours(false), context));
    expect(text.split(path).length).toBe(4);
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(text).toContain(`ls -d '${path}'\n`);
  });

  it('has the comment behind a command, and the command as it is', () => {
    expect(spokenCommand("ls 'it is not here'   # shows the builders that there are")).toMatch(
      /^ls 'it is not here' {3}# \p{Script=Han}/u,
    );
    expect(spokenCommand('docker context use it is not here')).toBe('docker context use it is not here');
  });

  it('is quick, however long a line of another program is', () => {
    // Without a limit this line took half a minute, and came out half translated.
    const line = 'the file is not there at /x/y '.repeat(200);
    expect(spokenLines(line)).toBe(line);
  });
});

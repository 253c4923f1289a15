import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_NAMES, SHELLS, type Shell } from '../../../src/config/options/option.ts';
import { optionsOf, spelled } from '../../../src/config/options/options.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const scripts = new Map<Shell, string>();
beforeAll(async () => {
  for (const shell of SHELLS) {
    const { status, stdout } = await stage.run(['completion', shell]);
    expect(status).toBe(0);
    scripts.set(shell, join(stage.dir, `completion.${shell}`));
    writeFileSync(join(stage.dir, `completion.${shell}`), stdout);
  }
  mkdirSync(join(stage.cwd, 'my folder'));
});
afterAll(() => {
  stage.remove();
});

const has = (shell: Shell) => spawnSync(shell, ['-c', 'true']).status === 0;
for (const shell of SHELLS)
  if (!has(shell)) process.stderr.write(`SKIPPED: completion is not tried in ${shell}, which is not installed\n`);

/** What bash offers for the last word of a line, by the function that it was given. */
function inBash(...words: readonly string[]): readonly string[] {
  const script = `source "$SCRIPT"; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _moby_build; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', 'moby-build', ...words], {
    cwd: stage.cwd,
    env: stage.environment({ SCRIPT: scripts.get('bash') ?? '' }),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

/** What fish offers for a line that ends where the cursor stands. */
function inFish(line: string): readonly string[] {
  const { stdout, stderr } = spawnSync(
    'fish',
    ['--no-config', '-c', `source $SCRIPT; complete -C ${JSON.stringify(line)}`],
    {
      cwd: stage.cwd,
      env: stage.environment({ SCRIPT: scripts.get('fish') ?? '' }),
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .map((row) => row.split('\t')[0] ?? '')
    .filter((word) => word !== '');
}

describe.skipIf(!has('bash'))('in bash', () => {
  it.each([
    [[''], [...COMMAND_NAMES, 'help', 'version']],
    [['pat'], ['patch']],
    [
      ['mirrors', ''],
      ['list', 'probe'],
    ],
    [['--profile', 'c'], ['cn']],
    [['--profile', 'my'], ['my folder']],
    [
      ['--arch', '=', 'ar'],
      ['arm64', 'arm'],
    ],
    [['--platform', 'am'], ['amd64']],
    [
      ['--target', '='],
      ['binary', 'dynbinary', 'all'],
    ],
    [['--mirror', 'gi'], ['git=']],
    [
      ['mirrors', 'probe', '--kind', 'g'],
      ['git', 'gomod', 'gosumdb'],
    ],
    [['verify', 'my'], ['my folder']],
    [['patch', '--no-p'], ['--no-probe']],
    [['clean', '--ar'], []],
  ])('%j offers %j', (words, offered) => {
    expect(inBash(...words)).toEqual(offered);
  });

  it.each(COMMAND_NAMES)('%s has each of its options', (command) => {
    expect(inBash(command, '--')).toEqual([...optionsOf(command).map(spelled), '--help', '--version']);
  });
});

describe.skipIf(!has('zsh'))('in zsh', () => {
  it('the script is one that it reads', () => {
    const { status, stderr } = spawnSync('zsh', ['-f', '-n', scripts.get('zsh') ?? ''], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('the function is the one that completes our name', () => {
    const script = 'autoload -Uz compinit; compinit -u -D; eval "$(cat $SCRIPT)"; print -r -- $_comps[moby-build]';
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], {
      env: stage.environment({ SCRIPT: scripts.get('zsh') ?? '' }),
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '_moby_build\n', stderr: '' });
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  it.each([
    ['moby-build pat', ['patch']],
    ['moby-build mirrors ', ['list', 'probe']],
    ['moby-build --profile c', ['cn']],
    ['moby-build --target ', ['all', 'binary', 'dynbinary']],
    ['moby-build patch --no-p', ['--no-probe']],
    ['moby-build clean --ar', []],
  ])('%s offers %j', (line, offered) => {
    expect([...inFish(line)].sort()).toEqual([...offered].sort());
  });
});

describe('completion', () => {
  it.each([[[]], [['tcsh']], [['bash', 'zsh']], [['bash', '--json']]])('%j is refused in words', async (words) => {
    const { status, stdout } = await stage.run(['completion', ...words]);
    expect({ status, stdout: words.includes('--json') ? '' : stdout }).toEqual({ status: 2, stdout: '' });
  });
});

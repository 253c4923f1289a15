import { describe, expect, it } from 'vitest';
import { fitProse } from '../../../src/ui/terminal/prose.ts';

describe('fitProse', () => {
  const long =
    'moby 20.10 is end-of-life: v20.10.27 of 2023-12-01 was its last release. Security holes stay open in it.';

  it('breaks a sentence between words, and keeps how far in it stands', () => {
    expect(fitProse(`warning: ${long}\n  ${long}\n`, 60)).toBe(
      [
        'warning: moby 20.10 is end-of-life: v20.10.27 of 2023-12-01',
        'was its last release. Security holes stay open in it.',
        '  moby 20.10 is end-of-life: v20.10.27 of 2023-12-01 was its',
        '  last release. Security holes stay open in it.',
        '',
      ].join('\n'),
    );
  });

  it('lets what follows the name of an item stand further in', () => {
    expect(fitProse('  CVE-2022-24769: containers start with capabilities that programs inherit', 60)).toBe(
      '  CVE-2022-24769: containers start with capabilities that\n    programs inherit',
    );
  });

  it('breaks Chinese where no mark comes first in a line, by the columns that it takes', () => {
    expect(fitProse('  套件已移到归档，或软件包列表比镜像站旧。', 20)).toBe(
      '  套件已移到归档，或\n  软件包列表比镜像站\n  旧。',
    );
  });

  it.each([
    ['a command to paste', `  next: moby-build build --source /tmp/tree --profile cn --image golang=${'1'.repeat(60)}`],
    ['the same in Chinese', `  下一步： moby-build build --source /tmp/tree --profile cn ${'1'.repeat(60)}`],
    ['a line of a table', `dockerd   65.8 kB   x86_64   ${'a b '.repeat(20)}`],
    [
      'a command with a comment',
      `  moby-build build --docker /usr/bin/docker ${'x'.repeat(60)}   # if that is the one`,
    ],
    [
      'a command of another program',
      `  printf '[Service]\\nEnvironment=PATH=/opt' | sudo tee /etc/systemd/system/docker.service`,
    ],
    [
      'an assignment before a command',
      `  DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain make binary VERSION=20.10.12 DOCKER_GITCOMMIT=9ca63fd`,
    ],
    ['a word that is longer than a line', `  ${'/a/very/long/path'.repeat(8)}`],
  ])('leaves %s as it is', (_, line) => {
    expect(fitProse(line, 60)).toBe(line);
  });

  it('keeps colours, and changes nothing where there is no terminal', () => {
    const coloured = `\u001b[33mwarning:\u001b[39m ${long}`;
    expect(fitProse(coloured, 60).split('\n')[0]).toBe(
      '\u001b[33mwarning:\u001b[39m moby 20.10 is end-of-life: v20.10.27 of 2023-12-01',
    );
    expect(fitProse(coloured, Infinity)).toBe(coloured);
  });
});

import { NEXT } from '../../../src/next-command.ts';
import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { scanned, treeOf } from './tree.ts';

const unknownOf = (instructions: string, files: Record<string, string> = {}): string[] => {
  const Dockerfile = `FROM golang:1 AS base\nFROM base AS s\n${instructions}\n`;
  return scanned(treeOf({ Dockerfile, ...files }), { target: 's' }).unknown.map(
    (place) => `${place.file}:${String(place.line)} ${place.reason}`,
  );
};

describe('what cannot be placed is told', () => {
  it.each([
    ['a URL that nobody gives', 'RUN git clone "$URL"', 'Dockerfile:3 the address $URL of this git is not known'],
    ['a host that nobody gives', 'RUN curl https://$HOST/x', 'Dockerfile:3 the address https://$HOST/x of this curl is not known'],
    ['a fetch from nowhere', 'RUN cd /x && git fetch origin', 'Dockerfile:3 the remote origin is not known here'],
    ['submodules', 'RUN git clone https://h.example/r.git /r && git -C /r submodule update --init', 'Dockerfile:3 it pulls submodules that the tree does not name'],
    ['another tool', 'RUN apk add curl', 'Dockerfile:3 no rule for apk'],
    ['a URL for a program', 'RUN ./fetch --from=https://h.example/x', 'Dockerfile:3 a URL is given to fetch'],
    ['a script that is not there', 'COPY a /a\nRUN /a/gone.sh', 'Dockerfile:4 a/gone.sh is not in the tree'],
    ['a file to source that nobody names', 'RUN . "$X/y"', 'Dockerfile:3 the file $X/y is not known'],
    ['a script of another language', 'COPY a/p.py /\nRUN /p.py', 'a/p.py:1 it runs with python3, which is not followed'],
    ['text that is run', 'RUN sh -c "git clone $X"', 'Dockerfile:3 the text that it runs is not known'],
    ['another shell', 'SHELL ["pwsh", "-c"]\nRUN iwr https://h.example/x', 'Dockerfile:4 it does not run in a shell that is followed (pwsh)'],
    ['another interpreter in a heredoc', 'RUN <<EOT\n#!/usr/bin/env python3\nget("https://h.example")\nEOT', 'Dockerfile:3 it does not run in a shell that is followed (python3)'],
    ['an image without a name', 'COPY --from=$NOT_SET /a /b', 'Dockerfile:3 the image name "" is not one'],
    ['Go sources from elsewhere', 'RUN cd /x && go build ./cmd/y', 'Dockerfile:3 it builds Go sources that are not known here'],
  ])('%s', (_title, instructions, wanted) => {
    expect(unknownOf(instructions, { 'a/p.py': '#!/usr/bin/env python3\n', 'a/x.sh': '' })).toEqual([wanted]);
  }); // prettier-ignore

  it('is not told anew for each turn of a loop that puts more around it', () => {
    const loop = 'RUN d=$(cat /d); while true "$d"; do curl "https://$d/x"; d=$(dirname "$d"); done';
    expect(unknownOf(loop)).toEqual([
      'Dockerfile:3 the address https://$(cat /d)/x of this curl is not known',
      'Dockerfile:3 the address https://$(dirname $(cat /d))/x of this curl is not known',
      'Dockerfile:3 the address https://${d}/x of this curl is not known',
    ]);
  });

  it('is told with its stage, and whether the target reaches it', () => {
    const Dockerfile = 'FROM i AS base\nFROM base AS other\nRUN curl $X\nFROM base AS s\nRUN wget $Y\n';
    expect(scanned(treeOf({ Dockerfile }), { target: 's' }).unknown).toMatchObject([
      { stage: 'other', inClosure: false, text: 'curl $X' },
      { stage: 's', inClosure: true, text: 'wget $Y' },
    ]);
  });
});

describe('a tree that does not fit', () => {
  const failure = (files: Record<string, string>, target = 'binary'): MobyBuildError => {
    try {
      scan(treeOf(files), { target, arch: 'arm64' });
    } catch (error) {
      if (error instanceof MobyBuildError) return error;
      throw error;
    }
    throw new Error('it was accepted');
  };

  it.each([
    ['no Dockerfile', { Makefile: '' }],
    ['no stage base', { Dockerfile: 'FROM i AS other\n' }],
  ])('%s is not moby', (_title, files) => {
    expect(failure(files as Record<string, string>)).toMatchObject({
      exitCode: 4,
      code: 'not-moby',
      where: 'Dockerfile',
    });
  });

  it('has no such target: the stages are named, and the next command is not the one that failed', () => {
    const files = { Dockerfile: 'FROM i AS base\nFROM base AS one\nFROM base\n' };
    const error = failure(files, 'all');
    expect(error).toMatchObject({ exitCode: 4, code: 'no-such-target' });
    expect(error.hint).toContain('base, one');
    expect(error.command).toEqual(NEXT.target('binary'));
    expect(failure(files, 'binary').command).toEqual(NEXT.refNotTree('v20.10.27'));
  });

  it('has a script that cannot be read: file and line', () => {
    const files = {
      Dockerfile: 'FROM i AS base\nCOPY x.sh /\nRUN /x.sh\n',
      'x.sh': '#!/bin/sh\nok\nif broken; then\n',
    };
    expect(failure(files, 'base')).toMatchObject({
      exitCode: 4,
      code: 'shell-syntax',
      where: expect.stringMatching(/^x\.sh:\d/),
    });
  });

  it('has a RUN that cannot be read: the line of the Dockerfile', () => {
    const Dockerfile = 'FROM i AS base\nRUN ok\nRUN a \\\n  && "b\n';
    expect(failure({ Dockerfile }, 'base')).toMatchObject({
      code: 'shell-syntax',
      where: expect.stringMatching(/^Dockerfile:[34]$/),
    });
  });
});

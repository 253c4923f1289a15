import { describe, expect, it } from 'vitest';
import { scanned, treeOf } from './tree.ts';

/*
 * Scans of one process leave out a RUN that was followed before and reaches nothing. Each row is a tree that was scanned until its RUN is
 * left out, and what changes then: the change must be seen.
 */

interface Scene {
  readonly script: string;
  readonly before?: string;
  readonly after?: string;
  readonly arch?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

function found({ script, before = '', after = '', arch = 'amd64', files = {}, buildArgs = {} }: Scene): string[] {
  const Dockerfile = `FROM golang:1 AS base\nARG X\nENV Y=y\n${before}\nCOPY . /w\nWORKDIR /w\nRUN ./build.sh\n${after}\n`;
  const tree = treeOf({ Dockerfile, 'build.sh': `#!/bin/sh\n${script}\n`, ...files });
  const { points, unknown } = scanned(tree, { target: 'base', arch, buildArgs });
  return [
    ...points.filter(({ kind }) => kind !== 'image').map(({ kind, url }) => `${kind} ${url}`),
    ...unknown.map(({ reason }) => reason),
  ];
}

const GIT = 'git https://h.example/a';
const clone = 'git clone https://h.example/a';

const CHANGES: readonly (readonly [what: string, quiet: Scene, changed: Partial<Scene>])[] = [
  ['the script itself', { script: 'a=1' }, { script: clone }],
  ['a script that it calls', { script: './b.sh', files: { 'b.sh': 'b=1' } }, { files: { 'b.sh': clone } }],
  [
    'a script that was not there',
    { script: 'for f in *; do if [ -e c.sh ]; then . ./c.sh || true; fi; done; c=1', files: { 'c.sh': '' } },
    { files: { 'c.sh': clone } },
  ],
  [
    'a build argument that picks the script',
    { script: '. ./f$X.sh', files: { 'f0.sh': 'f=1', 'f1.sh': clone }, buildArgs: { X: '0' } },
    { buildArgs: { X: '1' } },
  ],
  ['a variable of ENV', { script: '. ./g$Y.sh', files: { 'gy.sh': 'g=1', 'gz.sh': clone } }, { before: 'ENV Y=z' }],
  [
    'the architecture',
    { script: '. ./h$(uname -m).sh', files: { 'hx86_64.sh': 'h=1', 'haarch64.sh': clone } },
    { arch: 'arm64' },
  ],
  [
    'a text that the stage has written',
    { script: '. /i.sh', before: 'RUN echo i=1 > /i.sh', files: { j: '' } },
    { before: `RUN echo ${clone} > /i.sh` },
  ],
];

describe('a RUN that was followed before', () => {
  it.each(CHANGES)('is followed again with another state of %s', (_what, quiet, changed) => {
    for (let round = 0; round < 4; round++) expect(found(quiet)).toEqual([]);
    expect(found({ ...quiet, ...changed })).toEqual([GIT]);
    expect(found(quiet)).toEqual([]);
  });

  it('writes what it wrote, each time', () => {
    const scene = { script: `k=1\ncat > /k.sh <<'EOF'\n${clone}\nEOF`, after: 'RUN sh /k.sh' };
    for (let round = 0; round < 4; round++) expect(found(scene)).toEqual([GIT]);
  });

  it('is followed each time where it reaches something', () => {
    const scene = { script: `l=1; ${clone}` };
    for (let round = 0; round < 4; round++) expect(found(scene)).toEqual([GIT]);
  });

  it('tells of places that it does not know each time', () => {
    const scene = { script: 'm=1; curl "$UNKNOWN"' };
    const [first, ...others] = Array.from({ length: 4 }, () => found(scene));
    expect(first).toHaveLength(1);
    for (const other of others) expect(other).toEqual(first);
  });
});

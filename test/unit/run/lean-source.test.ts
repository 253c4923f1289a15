import { beforeAll, describe, expect, it } from 'vitest';
import { OPTIONS } from '../../../src/config/options/options.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import { sourceToScan } from '../../../src/run/plan/source-to-scan.ts';
import type { Io } from '../../../src/run/stage/io.ts';
import type { Sourced } from '../../../src/run/stage/stages.ts';
import type { Profile } from '../../../src/mirrors/catalogue/profile.ts';
import type { Note, Tree } from '../../../src/types.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';

const MINGW = '            binutils-mingw-w64 \\\n            g++-mingw-w64-x86-64 \\\n';
const SECCOMP = '            libseccomp-dev/buster-backports \\\n';

let light: Tree;
beforeAll(async () => {
  light = edited(await lightTree(), 'Dockerfile', [[SECCOMP, `${MINGW}${SECCOMP}`]]);
});

interface Change {
  readonly files?: Tree;
  readonly lean?: boolean | null;
  readonly series?: string;
  readonly style?: Profile['style'];
}

/** What is left out of a tree, as far as the decision reads a run. */
function leftOut({ files = light, lean = null, series = '20.10', style = 'chosen' }: Change) {
  const notes: Note[] = [];
  const from = {
    options: { arch: 'amd64', emulate: false, builderArch: null, buildArgs: {}, lean },
    profile: { style },
    goal: 'build',
    machine: { is: 'checked', engine: { serverArch: 'amd64', builder: null }, checks: [] },
    source: { files, series: SERIES.find(({ name }) => name === series) },
  } as unknown as Sourced;
  const { crossing, source } = sourceToScan(from, { note: (...more: Note[]) => notes.push(...more) } as unknown as Io);
  return {
    patches: crossing.map(({ name }) => name),
    hasMingw: source.files.get('Dockerfile')?.text.includes('mingw'),
    notes: notes.map(({ code, message }) => `${code}: ${message}`),
  };
}

describe('what a build leaves out of its tree', () => {
  it('is what it would fetch and not use, unless the user says otherwise', () => {
    expect(OPTIONS.lean.fallback).toBeNull();
    expect(leftOut({})).toEqual({ patches: ['0001-lean.patch'], hasMingw: false, notes: [] });
    expect(leftOut({ lean: false })).toEqual({ patches: [], hasMingw: true, notes: [] });
  });

  it.each(['recipe', 'untouched'] as const)(
    'is nothing under a profile that is %s, unless the user says so',
    (style) => {
      expect(leftOut({ style })).toEqual({ patches: [], hasMingw: true, notes: [] });
      expect(leftOut({ style, lean: true }).patches).toEqual(['0001-lean.patch']);
    },
  );

  it('is nothing of 19.03, which compiles in a container of its whole image', () => {
    expect(leftOut({ series: '19.03' })).toEqual({ patches: [], hasMingw: true, notes: [] });
  });

  it('is nothing where somebody changed these lines, and the place is told', () => {
    const files = edited(light, 'Dockerfile', [['g++-mingw-w64-x86-64', 'g++-mingw-w64=12']]);
    const { patches, hasMingw, notes } = leftOut({ files });
    expect([patches, hasMingw]).toEqual([[], true]);
    expect(notes).toEqual([expect.stringMatching(/^not-lean: Dockerfile:\d+ is not as moby has it/u)]);
  });
});

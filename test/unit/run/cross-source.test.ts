import { beforeAll, describe, expect, it } from 'vitest';
import { SERIES } from '../../../src/moby/series-table.ts';
import { buildArchOf } from '../../../src/run/plan/build-arch.ts';
import { crossSource } from '../../../src/run/plan/cross-source.ts';
import type { Goal, Sourced } from '../../../src/run/stage/stages.ts';
import type { Note, Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';

let light: Tree;
beforeAll(async () => {
  light = await lightTree();
});

interface Change {
  readonly arch?: string;
  readonly emulate?: boolean;
  readonly goal?: Goal;
  readonly series?: string;
  /** Architecture of the engine; null: it does not say. */
  readonly engine?: string | null;
  readonly builderArch?: string;
  readonly builder?: { readonly driver: string; readonly natives: readonly (string | null)[]; readonly name: string };
}

/** A run on an amd64 engine, as far as the decision reads it. */
function runOf({
  arch = 'arm64',
  emulate = false,
  goal = 'build',
  series = '20.10',
  engine = 'amd64',
  builderArch,
  builder,
}: Change) {
  const facts = {
    serverArch: engine,
    builder:
      builder === undefined
        ? null
        : { ...builder, nodes: builder.natives.map((native) => ({ native, arches: native === null ? [] : [native] })) },
  };
  return {
    options: { arch, emulate, builderArch: builderArch ?? null },
    goal,
    machine: { is: 'checked', engine: facts, checks: [] },
    source: { files: light, series: SERIES.find(({ name }) => name === series) },
  } as unknown as Sourced;
}

function crossed(from: Sourced): { patches: readonly string[]; notes: readonly Note[] } {
  const notes: Note[] = [];
  const { crossing, source } = crossSource(from, { note: (...more) => notes.push(...more) });
  expect(source.files === from.source.files).toBe(crossing.length === 0);
  return { patches: crossing.map(({ name }) => name), notes };
}

const NODES = (driver: string, ...natives: (string | null)[]) => ({ driver, natives, name: 'default' });

describe('whether a run cross-compiles', () => {
  it.each<[string, Change, boolean]>([
    ['for another architecture than the engine has', {}, true],
    ['on an arm64 engine for amd64', { arch: 'amd64', engine: 'arm64' }, true],
    ['22.06', { series: '22.06' }, true],
    ['for the engine’s own', { arch: 'amd64' }, false],
    ['on an engine elsewhere that has it', { engine: 'arm64' }, false],
    ['with --emulate', { emulate: true }, false],
    ['where no compiler is used for it', { arch: 's390x' }, false],
    ['on a machine that has none', { engine: 'riscv64' }, false],
    ['19.03, whose steps run in a container', { series: '19.03' }, false],
    ['from 23.0 on the tree does so by itself', { series: '26.1' }, false],
    ['a bundle, which is for a machine of that architecture', { goal: 'bundle' }, false],
    ['a patch set', { goal: 'patch' }, true],
    [
      'on the engine of another context that has it',
      { builder: { ...NODES('docker', 'arm64'), name: 'board' } },
      false,
    ],
    ['on a builder whose first node cannot', { builder: NODES('remote', 'arm', 'amd64') }, false],
    ['on a builder with a node of it', { builder: NODES('remote', 'amd64', 'arm64') }, false],
    ['on a builder without one', { engine: null, builder: NODES('remote', 'amd64') }, true],
    ['on a builder elsewhere that has it', { builder: NODES('docker-container', 'arm64') }, false],
    ['on a builder that sleeps, as the engine would', { builder: NODES('docker-container', null) }, true],
    ['on the builder that is the engine', { builder: NODES('docker', 'arm64') }, true],
  ])('%s: %#', (_, change, yes) => {
    const { patches, notes } = crossed(runOf(change));
    expect(patches).toEqual(yes ? ['0001-cross-compile.patch'] : []);
    expect(notes.map(({ code }) => code)).toEqual(yes ? ['cross-compiled'] : []);
  });

  it('says for what, on what', () => {
    expect(crossed(runOf({ builder: NODES('remote', 'amd64') })).notes[0]?.message).toContain('for arm64 on amd64');
  });

  it('takes the base image of the machine that builds', () => {
    expect(buildArchOf(runOf({ engine: 'arm64' }))).toBe('arm64');
    expect(buildArchOf(runOf({ builder: NODES('remote', 'amd64', 'arm64') }))).toBe('arm64');
    expect(buildArchOf(runOf({ arch: 's390x', builder: NODES('remote', 'arm64') }))).toBe('arm64');
    expect(buildArchOf(runOf({ goal: 'bundle' }))).toBe('arm64');
  });

  it.each([
    ['26.1', 'amd64'],
    ['20.10', 'arm64'],
  ])('in a bundle of %s for a builder of amd64, that of %s: what no tree cross-compiles is emulated', (series, own) => {
    const from = runOf({ goal: 'bundle', builderArch: 'amd64', series });
    expect(buildArchOf(from)).toBe(own);
    expect(crossed(from).patches).toEqual([]);
  });

  it('refuses a tree that does not fit, with the line and the old way', () => {
    const from = runOf({});
    const files = edited(light, 'Dockerfile', [['FROM ${GOLANG_IMAGE}', 'FROM --platform=linux/386 ${GOLANG_IMAGE}']]);
    const failure = failureOf(() => crossed({ ...from, source: { ...from.source, files } }));
    expect(failure).toMatchObject({
      code: 'rule-mismatch',
      exitCode: 4,
      where: 'Dockerfile:16',
      command: { change: { add: [['--emulate']] } },
    });
    const emulated = runOf({ emulate: true });
    expect(crossed({ ...emulated, source: { ...emulated.source, files } }).patches).toEqual([]);
  });
});

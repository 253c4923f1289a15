import { describe, expect, it } from 'vitest';
import { frontendOfRef } from '../../../src/moby/frontend-of-ref.ts';
import { makeTargetOf } from '../../../src/moby/make-target.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import { makeTargetIn } from '../../../src/run/source/target-in.ts';
import type { TargetName, Tree } from '../../../src/types.ts';

const named = (name: string) => {
  const series = SERIES.find((row) => row.name === name);
  if (series === undefined) throw new Error(name);
  return series;
};

const of = (name: string, wish: TargetName, withDeps = false) => makeTargetOf(named(name), wish, withDeps);

describe('makeTargetOf', () => {
  it.each<[string, TargetName, boolean, string, string, string]>([
    ['19.03', 'binary', false, 'binary', 'final', 'bundles/binary-daemon'],
    ['20.10', 'dynbinary', false, 'dynbinary', 'dynbinary', 'bundles/dynbinary-daemon'],
    ['22.06', 'binary', true, 'binary', 'binary', 'bundles/binary-daemon'],
    ['23.0', 'binary', false, 'binary', 'binary', 'bundles/binary'],
    ['26.1', 'dynbinary', false, 'dynbinary', 'binary', 'bundles/dynbinary'],
    ['28', 'binary', true, 'all', 'all', 'bundles/binary'],
    ['29', 'all', false, 'all', 'all', 'bundles/binary'],
  ])('%s --target %s, with deps %s: %s, stage %s, in %s', (series, wish, deps, name, stage, outputDir) => {
    expect(of(series, wish, deps).target).toMatchObject({ name, stage, outputDir });
  });

  it('says that the others come anyway where there is no target of their own', () => {
    expect(of('20.10', 'all').notes).toMatchObject([{ code: 'deps-implied', message: /--target all.*20\.10/u }]);
    expect(of('20.10', 'binary', true).notes).toMatchObject([{ message: /--with-deps/u }]);
    expect(of('26.1', 'binary', true).notes).toEqual([]);
  });
});

describe('makeTargetIn', () => {
  const stageIn = (text: string, name: string) => {
    const tree: Tree = new Map([['Dockerfile', { text, mode: '100644' }]]);
    return makeTargetIn(tree, named(name), 'binary', false).target.stage;
  };

  it('is the last stage where make builds the whole Dockerfile, whatever a fork calls it', () => {
    expect(stageIn('FROM a AS base\nFROM base AS final\n', '19.03')).toBe('final');
    expect(stageIn('FROM a AS base\nFROM base AS dev\n', '19.03')).toBe('dev');
    expect(stageIn('FROM a AS base\nFROM base\nRUN true\n', '19.03')).toBe('1');
  });

  it('is the stage that make names anywhere else', () => {
    expect(stageIn('FROM a AS base\nFROM base AS dev\n', '20.10')).toBe('binary');
  });
});

describe('frontendOfRef', () => {
  it.each([
    ['v20.10.12', undefined],
    ['v22.06.0-beta.0', undefined],
    ['v23.0.0', '1.4'],
    ['v28.5.2', '1.4'],
    ['docker-v29.4.0', '1.4'],
    ['docker-v29.4.1', '1.18'],
    ['master', undefined],
  ])('%s: %s', (ref, version) => {
    expect(frontendOfRef(ref)?.version).toBe(version);
  });
});

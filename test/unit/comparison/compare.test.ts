import { describe, expect, it } from 'vitest';
import { readElfDetails, type ElfDetails } from '../../../src/artifacts/elf/elf-details.ts';
import type { Manifest } from '../../../src/artifacts/manifest.ts';
import { compareBinaries } from '../../../src/comparison/compare-binaries.ts';
import { compareManifests } from '../../../src/comparison/compare-manifests.ts';
import { compareOutputs, type Output } from '../../../src/comparison/compare-outputs.ts';
import { presentCompare } from '../../../src/commands/compare/present-compare.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { makeGoElf, type MadeGoElf } from '../artifacts/go-elf-bytes.ts';
import { wholeManifest } from '../artifacts/whole-manifest.ts';

const image = (digit: string): Manifest['images'][number] => ({
  ...{ kind: 'image', name: 'golang', reference: 'docker.io/library/golang:1.19.7-bullseye', platform: 'linux/amd64' },
  ...{ digest: `sha256:${digit.repeat(64)}`, basis: 'table', mirror: 'official', operators: [], witnesses: [] },
});

describe('the manifests of two builds', () => {
  it.each<[string, Partial<Manifest>, Partial<Manifest>, readonly object[]]>([
    ['the same', {}, {}, []],
    [
      'where files lie, and when and how long it ran, is no difference',
      { asked: { out: '/a', json: true }, started: '2026-01-01T00:00:00Z', seconds: 1 },
      { asked: { out: '/b', workDir: '/w' }, started: '2026-02-02T00:00:00Z', seconds: 99 },
      [],
    ],
    [
      'options, whatever the order of their members',
      { asked: { mirrors: { git: 'a', apt: 'b' }, target: 'binary' } },
      { asked: { mirrors: { apt: 'b', git: 'a' }, target: 'all' } },
      [{ area: 'option', name: 'target', a: 'binary', b: 'all' }],
    ],
    [
      'the commit and the tree',
      { commit: 'a'.repeat(40) },
      { commit: null, tree: { before: 'b'.repeat(40), after: null } },
      [
        { area: 'source', name: 'commit', a: 'a'.repeat(40), b: null },
        { area: 'source', name: 'tree before patching', a: null, b: 'b'.repeat(40) },
      ],
    ],
    [
      'patches',
      { patches: [{ name: '0001-a.patch', subject: 's', files: [], sha256: '1'.repeat(64) }] },
      { patches: [{ name: '0002-b.patch', subject: 's', files: [], sha256: '1'.repeat(64) }] },
      [
        { area: 'patch', name: '0001-a.patch', a: `sha256:${'1'.repeat(64)}`, b: null },
        { area: 'patch', name: '0002-b.patch', a: null, b: `sha256:${'1'.repeat(64)}` },
      ],
    ],
    [
      'base images',
      { images: [image('1')] },
      { images: [image('2')] },
      [
        {
          area: 'image',
          name: 'golang linux/amd64',
          a: `${image('1').reference}@${image('1').digest}`,
          b: `${image('2').reference}@${image('2').digest}`,
        },
      ],
    ],
    [
      'build arguments with names such as constructor',
      { build: { args: { constructor: '1' }, env: {}, command: 'x' } },
      { build: { args: {}, env: { SOURCE_DATE_EPOCH: '0' }, command: 'y' } },
      [
        { area: 'build-argument', name: 'constructor', a: '1', b: null },
        { area: 'environment', name: 'SOURCE_DATE_EPOCH', a: null, b: '0' },
      ],
    ],
  ])('%s', (_title, a, b, expected) => {
    const changed = compareManifests(wholeManifest(a), wholeManifest(b));
    expect(changed).toEqual(expected);
    const turned = compareManifests(wholeManifest(b), wholeManifest(a));
    expect(turned.map(({ area, name, a: one, b: other }) => ({ area, name, a: other, b: one }))).toEqual(expected);
  });
});

const program = (made: Partial<MadeGoElf>): ElfDetails => {
  const bytes = makeGoElf({ form: 'inline', version: 'go1.20.1', modules: 'path\tp\ndep\tm\tv1.0.0\n', ...made });
  return readElfDetails((offset, length) => bytes.subarray(offset, offset + length), bytes.length);
};

describe('two programs', () => {
  it.each<[string, Partial<MadeGoElf>, readonly string[]]>([
    ['the same', {}, []],
    ['another Go', { version: 'go1.20.2' }, ['go-version go', 'section .go.buildinfo']],
    ['another module', { modules: 'path\tp\ndep\tm\tv1.0.1\n' }, ['go-module m', 'section .go.buildinfo']],
    ['other code', { code: 'edoc' }, ['section .text']],
    ['another build id', { goBuildId: 'a/b/c/e' }, ['build-id Go build id', 'section .note.go.buildid']],
  ])('%s', (_title, made, expected) => {
    const found = compareBinaries(program({}), program(made));
    expect(found.map(({ area, name }) => `${area} ${name}`)).toEqual(expected);
  });

  it('of which one is no ELF are not looked into', () => {
    expect(compareBinaries(program({}), null)).toEqual([]);
  });
});

const output = (files: Readonly<Record<string, string>>, manifest: Manifest | null): Output => ({
  path: '/out',
  kind: 'folder',
  manifest,
  files: Object.entries(files).map(([name, sha256]) => ({ name, sha256: sha256.repeat(64), bytes: 5, path: null })),
});
const style = { colours: createColours(false), verbose: false, quiet: false, line: ['compare', 'a', 'b'] };

describe('two outputs', () => {
  it.each<[string, Output, Output, { readonly exit: number; readonly says: string }]>([
    [
      'the same files and inputs',
      output({ dockerd: '1' }, wholeManifest()),
      output({ dockerd: '1' }, wholeManifest()),
      { exit: 0, says: 'The outputs are the same.' },
    ],
    [
      'the same files from other options',
      output({ dockerd: '1' }, wholeManifest()),
      output({ dockerd: '1' }, wholeManifest({ asked: { profile: '163' } })),
      { exit: 0, says: 'byte for byte, although' },
    ],
    [
      'a file that is on one side only',
      output({ dockerd: '1', runc: '2' }, null),
      output({ dockerd: '1' }, null),
      { exit: 7, says: 'some are on one side only' },
    ],
    [
      'another component',
      output({ runc: '1' }, wholeManifest()),
      output({ runc: '2' }, wholeManifest({ commit: null })),
      { exit: 7, says: 'Likely why: source commit.' },
    ],
    [
      'nothing that is recorded explains it',
      output({ runc: '1' }, wholeManifest()),
      output({ runc: '2' }, wholeManifest()),
      { exit: 7, says: 'SOURCE_DATE_EPOCH fixes the time' },
    ],
    [
      'no manifest',
      output({ runc: '1' }, null),
      output({ runc: '2' }, wholeManifest()),
      { exit: 7, says: 'cannot be told without both manifests' },
    ],
  ])('%s', (_title, a, b, { exit, says }) => {
    const report = { command: 'compare' as const, a, b, ...compareOutputs(a, b, () => []) };
    const shown = presentCompare(report, style);
    expect(shown.exitCode).toBe(exit);
    expect(shown.stdout).toContain(says);
    expect(shown.error?.code ?? null).toBe(exit === 0 ? null : 'outputs-differ');
  });

  it('are looked into only where their sums differ', () => {
    const looked: string[] = [];
    const [a, b] = [output({ runc: '1', tini: '1' }, null), output({ runc: '1', tini: '2' }, null)];
    const { files } = compareOutputs(a, b, (one) => {
      looked.push(one.name);
      return [{ area: 'go-version', name: 'go', a: 'go1.20', b: 'go1.21' }];
    });
    expect(looked).toEqual(['tini']);
    expect(files.map(({ name, state }) => [name, state])).toEqual([
      ['runc', 'same'],
      ['tini', 'differs'],
    ]);
  });
});

import { NEXT } from '../../../src/next-command.ts';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import {
  endOfLifeNote,
  requireSupported,
  seriesOfRef,
  seriesOfSource,
  seriesOfTree,
  shapeNote,
  versionOfRef,
} from '../../../src/moby/series.ts';
import pins from '../../../src/moby/pins.json' with { type: 'json' };
import type { Tree } from '../../../src/types.ts';

describe('seriesOfRef', () => {
  it.each([
    ['v20.10.0', '20.10'],
    ['v20.10.27', '20.10'],
    ['v20.10.0-rc2', '20.10'],
    ['v20.10.0-beta1', '20.10'],
    ['refs/tags/v20.10.12', '20.10'],
    ['v19.03.15', '19.03'],
    ['v22.06.0-beta.0', '22.06'],
    ['v23.0.18', '23.0'],
    ['v24.0.9', '24.0'],
    ['v25.0.5', '25.0'],
    ['v26.0.0-rc1', '26.0'],
    ['v26.1.5', '26.1'],
    ['v27.3.1', '27'],
    ['v28.5.2', '28'],
    ['docker-v29.7.2', '29'],
    ['docker-v29.0.0-rc.1', '29'],
    ['v17.05.0-ce', null],
    ['v1.13.1', null],
    ['v20.11.0', null],
    ['api/v1.52.0', null],
    ['v2.0.0-beta.18', null],
    ['20.10.12', null],
    ['master', null],
    ['', null],
    ['v20.10', null],
  ])('%s → %s', (ref, name) => {
    expect(seriesOfRef(ref)?.name ?? null).toBe(name);
  });

  it('gives each tag of the table at most one series', () => {
    const known = Object.keys(pins).filter((tag) => seriesOfRef(tag) !== null);
    expect(known.filter((tag) => tag.startsWith('v20.10.'))).toHaveLength(32);
    for (const tag of known) {
      const version = versionOfRef(tag);
      expect(version, tag).not.toBeNull();
    }
  });
});

describe('seriesOfTree', () => {
  const tree = (files: Record<string, string>): Tree =>
    new Map(Object.entries(files).map(([path, text]) => [path, { text, mode: '100644' as const }]));
  const target = 'binary: autogen\n\t$(BUILD_CMD) --target=$@ .\n';
  const bake = 'binary: bundles ## build\n\t$(BAKE_CMD) binary\n';
  const proxy = 'hack/dockerfile/install/proxy.installer';
  const off = 'FROM golang AS base\nENV GO111MODULE=off\n';

  it.each([
    ['20.10', { Makefile: target, [proxy]: '' }, '20.10'],
    ['22.06', { Makefile: target, 'docker-bake.hcl': '' }, '22.06'],
    [
      '19.03',
      { Makefile: 'binary: build ## build\n\t$(DOCKER_RUN_DOCKER) hack/make.sh binary\n', [proxy]: '' },
      '19.03',
    ],
    [
      '23.0',
      { Makefile: `C := $(shell git rev-parse --short HEAD)\n${bake}`, 'docker-bake.hcl': '', Dockerfile: off },
      '23.0',
    ],
    ['24.0 to 28', { Makefile: bake, 'docker-bake.hcl': '', Dockerfile: off, 'vendor.mod': '' }, '28'],
    ['29', { Makefile: bake, 'docker-bake.hcl': '', Dockerfile: 'FROM golang AS base\n', 'go.mod': '' }, '29'],
    ['another project with a bake file', { Makefile: 'binary:\n\tgo build\n', 'docker-bake.hcl': '' }, null],
    ['20.10 with the bake file of 22.06', { Makefile: target, [proxy]: '', 'docker-bake.hcl': '' }, '20.10'],
    ['between 20.10 and 22.06', { Makefile: target, 'hack/make/binary-daemon': '' }, '22.06'],
    [
      'one rule for three targets',
      { Makefile: 'binary dynbinary cross: buildx\n\tdocker build --target=$@ .', [proxy]: '' },
      '20.10',
    ],
    [
      'a recipe of another target',
      { Makefile: 'image:\n\tdocker build --target=$@ .\nbinary:\n\tgo build\n', [proxy]: '' },
      null,
    ],
    ['a Makefile that builds with docker, and no more', { Makefile: target }, null],
    ['nothing', {}, null],
  ])('%s', (_, files, name) => {
    expect(seriesOfTree(tree(files))?.name ?? null).toBe(name);
  });
});

describe('seriesOfSource', () => {
  const files = (texts: Record<string, string>): Tree =>
    new Map(Object.entries(texts).map(([path, text]) => [path, { text, mode: '100644' as const }]));
  const old = files({
    Makefile: 'binary:\n\tdocker build --target=$@ .\n',
    'hack/dockerfile/install/proxy.installer': '',
  });
  const baked = files({ Makefile: 'binary: bundles\n\t$(BAKE_CMD) binary\n', 'docker-bake.hcl': '', 'vendor.mod': '' });
  const modules = files({ Makefile: 'binary: bundles\n\t$(BAKE_CMD) binary\n', 'docker-bake.hcl': '', 'go.mod': '' });
  const genuine = (pins as unknown as Record<string, [string, string]>)['v24.0.9']?.[0] ?? null;

  it.each<[string, string | null, string | null, Tree, string | null]>([
    ['no name', null, null, old, '20.10'],
    ['a name that agrees', 'v26.1.4', null, baked, '26.1'],
    ['a tag of another project on 20.10', 'v27.0.0', null, old, '20.10'],
    ['a tag of another project on 29', 'v20.10.5', 'f'.repeat(40), modules, '29'],
    ["moby's own tag", 'v24.0.9', genuine, old, '24.0'],
    ['a series to come', 'docker-v30.0.0', null, modules, '29'],
    ['a tree of no shape', 'v24.0.9', null, files({}), '24.0'],
  ])('%s', (_, ref, commit, tree, name) => {
    expect(seriesOfSource(ref, commit, tree)?.name ?? null).toBe(name);
  });
});

describe('shapeNote', () => {
  const newest = SERIES.at(-1);
  if (newest === undefined) throw new Error('there are no series');

  it.each([
    ['docker-v29.9.9', null],
    ['v20.10.12', 'series-by-shape'],
    ['0123456789ab', 'series-by-shape'],
    ['docker-v30.0.0', 'unknown-series'],
  ])('%s', (ref, code) => {
    expect(shapeNote(ref, newest)?.code ?? null).toBe(code);
  });
});

describe('what can be done', () => {
  const refusal = (ref: string, need: 'build' | 'patch'): MobyBuildError => {
    try {
      requireSupported(seriesOfRef(ref), need, ref);
    } catch (cause) {
      if (cause instanceof MobyBuildError) return cause;
      throw cause;
    }
    throw new Error(`${ref} passed`);
  };

  it('builds 20.10', () => {
    const twenty = requireSupported(seriesOfRef('v20.10.12'), 'build', 'v20.10.12');
    expect(twenty).toMatchObject({ commitDigits: 7, builtBy: 'docker-build' });
  });

  it('patches every series', () => {
    for (const series of SERIES) expect(requireSupported(series, 'patch', series.name)).toBe(series);
  });

  it('says that 19.03 is patched only', () => {
    const error = refusal('v19.03.15', 'build');
    expect(error).toMatchObject({ code: 'unsupported-series', exitCode: 4 });
    expect(error.message).toContain('v19.03.15 is of moby 19.03, which can be audited and patched here, but not built');
    expect(error.command).toEqual(NEXT.patchOf('v19.03.15'));
    expect(error.hint).toContain('patch for ');
  });

  it('does nothing with what is of no series', () => {
    expect(refusal('v17.05.0-ce', 'patch')).toMatchObject({ code: 'unsupported-series', exitCode: 4 });
  });

  it('7 digits up to 23.0, all of them later', () => {
    expect(SERIES.map(({ name, commitDigits }) => `${name}:${String(commitDigits)}`).join(' ')).toBe(
      '19.03:7 20.10:7 22.06:7 23.0:7 24.0:40 25.0:40 26.0:40 26.1:40 27:40 28:40 29:40',
    );
  });
});

describe('endOfLifeNote', () => {
  it('says what it means', () => {
    const note = endOfLifeNote(requireSupported(seriesOfRef('v20.10.12'), 'build', ''));
    expect(note).toMatchObject({ level: 'warning', code: 'end-of-life' });
    expect(note?.message).toMatch(/v20\.10\.27 of 2023-12-01.*CVE-2024-41110.*Debian/);
  });

  it('agrees with the table on the last release and its day', () => {
    for (const { name, ended } of SERIES) {
      if (ended === null) continue;
      expect((pins as unknown as Record<string, [string, string]>)[ended.lastRelease]?.[1], name).toBe(ended.date);
    }
  });

  it('is silent where nobody has said so', () => {
    const series = seriesOfRef('v28.5.2');
    expect(series === null ? 'none' : endOfLifeNote(series)).toBeNull();
  });
});

import { NEXT } from '../../../src/next-command.ts';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import {
  endOfLifeNote,
  missingFixesNote,
  requireSupported,
  seriesOfRef,
  seriesOfSource,
  seriesOfTree,
  shapeNote,
  versionOfRef,
} from '../../../src/moby/series.ts';
import { SECURITY_FIXES } from '../../../src/moby/security-fixes.ts';
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
    const note = endOfLifeNote(requireSupported(seriesOfRef('v20.10.12'), 'build', ''), 'v20.10.12', '2026-11-30');
    expect(note).toMatchObject({ level: 'warning', code: 'end-of-life' });
    expect(note?.message).toMatch(/v20\.10\.27 of 2023-12-01.*CVE-2024-41110.*Debian/);
  });

  it('agrees with the table on the last release and its day', () => {
    for (const { name, ended } of SERIES) {
      if (ended === null) continue;
      expect((pins as unknown as Record<string, [string, string]>)[ended.lastRelease]?.[1], name).toBe(ended.date);
    }
  });

  const of = (ref: string, today = '2026-11-30') =>
    endOfLifeNote(requireSupported(seriesOfRef(ref), 'build', ''), ref, today);

  it.each([
    ['v23.0.18', 'end-of-life'],
    ['v24.0.9', 'end-of-life'],
    ['v26.0.2', 'end-of-life'],
    ['v26.1.5', 'end-of-life'],
    ['v27.5.1', 'end-of-life'],
    ['v28.5.2', 'end-of-life'],
    ['v25.0.17', 'maintained-until'],
    ['docker-v29.7.2', undefined],
  ])('%s: %s, as moby’s own page of branches says', (ref, code) => {
    expect(of(ref)?.code).toBe(code);
  });

  it('25.0 is maintained to the day that moby names, and no longer', () => {
    expect(of('v25.0.17', '2026-12-04')).toMatchObject({ level: 'info', code: 'maintained-until' });
    expect(of('v25.0.17', '2026-12-05')).toMatchObject({ level: 'warning', code: 'end-of-life' });
  });

  it('says nothing of a tree that only its shape tells, where one of that shape is maintained', () => {
    const series = requireSupported(seriesOfRef('v28.5.2'), 'build', '');
    expect(endOfLifeNote(series, 'my-branch', '2026-11-30')).toBeNull();
  });
});

describe('missingFixesNote', () => {
  const said = (ref: string) => missingFixesNote(requireSupported(seriesOfRef(ref), 'patch', ''), ref)?.message ?? null;

  it.each([
    ['v20.10.12', /CVE-2022-36109.*20\.10\.18[^]*CVE-2023-28840.*20\.10\.24[^]*other series only: .*CVE-2024-41110/u],
    ['v20.10.27', /other series only: .*CVE-2024-41110/u],
    ['v24.0.8', /CVE-2024-24557.*24\.0\.9/u],
    // Between two series that have the fix.
    ['v24.0.9', /other series only: .*CVE-2024-29018.*CVE-2024-41110/u],
    ['v26.0.2', /other series only: .*CVE-2024-41110/u],
    ['v28.5.2', /other series only: CVE-2026-34040, CVE-2026-33997, CVE-2026-41568, CVE-2026-41567/u],
    ['v28.2.2', /CVE-2025-54388.*28\.3\.3/u],
    ['v25.0.16', /CVE-2026-41567.*25\.0\.17/u],
    ['v25.0.5', /CVE-2024-41110.*25\.0\.6[^]*CVE-2026-41568.*25\.0\.17/u],
    ['docker-v29.5.0', /CVE-2026-41567.*29\.5\.1[^]*29\.6\.2[^]*29\.7\.1/u],
  ])('%s lacks %s', (ref, message) => {
    expect(said(ref)).toMatch(message);
  });

  it.each(['docker-v29.7.2', 'v25.0.17'])('%s lacks none that is known', (ref) => {
    expect(said(ref)).toBeNull();
  });

  it.each([
    ['v28.1.1', 'CVE-2025-54388'],
    ['v20.10.27', 'CVE-2024-32473'],
    ['v24.0.9', 'CVE-2022-36109'],
  ])('%s never had the fault of %s', (ref, fix) => {
    expect(said(ref)).not.toContain(fix);
  });

  it('names releases that the table of tags has', () => {
    const tags = Object.keys(pins);
    for (const { fixedIn, name } of SECURITY_FIXES)
      for (const version of Object.values(fixedIn))
        expect(
          tags.some((tag) => tag === `v${version}` || tag === `docker-v${version}`),
          `${name} ${version}`,
        ).toBe(true);
  });
});

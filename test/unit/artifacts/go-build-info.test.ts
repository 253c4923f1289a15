import { describe, expect, it } from 'vitest';
import { readElfDetails } from '../../../src/artifacts/elf/elf-details.ts';
import { readElf } from '../../../src/artifacts/elf/elf-format.ts';
import { Damaged } from '../../../src/artifacts/elf/elf-words.ts';
import { parseModuleText } from '../../../src/artifacts/elf/go-build-info.ts';
import { makeElf } from './elf-bytes.ts';
import { makeGoElf, type MadeGoElf } from './go-elf-bytes.ts';

const details = (bytes: Uint8Array) =>
  readElfDetails((offset, length) => bytes.subarray(offset, offset + length), bytes.length);

const MODULES = [
  'path\tgithub.com/docker/docker/cmd/dockerd',
  'mod\tgithub.com/docker/docker\t(devel)\t',
  'dep\tgithub.com/moby/buildkit\tv0.12.5\th1:abc=',
  'dep\tgithub.com/a/b\tv1.0.0',
  '=>\tgithub.com/c/b\tv1.0.1\th1:def=',
  'build\t-compiler=gc',
  String.raw`build	-ldflags="-X \"a=b c\""`,
  'build\tCGO_ENABLED=1',
  '',
].join('\n');

const FORMS: readonly (readonly [string, Partial<MadeGoElf>])[] = (['inline', 'pointers'] as const).flatMap((form) =>
  ([64, 32] as const).flatMap((bits) =>
    [false, true].map(
      (big) => [`${form}, ${String(bits)} bit, ${big ? 'big' : 'little'} endian`, { form, bits, big }] as const,
    ),
  ),
);

describe('the build information of Go', () => {
  it.each(FORMS)('%s', (_title, made) => {
    const bytes = makeGoElf({ form: 'inline', version: 'go1.20.13', modules: MODULES, ...made });
    const { go, goBuildId, gnuBuildId, sections } = details(bytes);
    expect(go).toEqual({
      goVersion: 'go1.20.13',
      path: 'github.com/docker/docker/cmd/dockerd',
      main: { path: 'github.com/docker/docker', version: '(devel)', sum: null, replacedBy: null },
      dependencies: [
        { path: 'github.com/moby/buildkit', version: 'v0.12.5', sum: 'h1:abc=', replacedBy: null },
        {
          ...{ path: 'github.com/a/b', version: 'v1.0.0', sum: null },
          replacedBy: { path: 'github.com/c/b', version: 'v1.0.1', sum: 'h1:def=' },
        },
      ],
      settings: { '-compiler': 'gc', '-ldflags': '-X "a=b c"', CGO_ENABLED: '1' },
    });
    expect([goBuildId, gnuBuildId]).toEqual(['a/b/c/d', null]);
    expect(sections.map(({ name }) => name)).toEqual([
      '.text',
      '.note.go.buildid',
      '.go.buildinfo',
      '.bss',
      '.shstrtab',
    ]);
    expect(readElf((offset, length) => bytes.subarray(offset, offset + length), bytes.length)).toMatchObject({
      static: true,
    });
  });

  it.each(FORMS)('%s, without section headers', (_title, made) => {
    const bytes = makeGoElf({ form: 'inline', version: 'go1.17', modules: '', ...made, sections: false });
    expect(details(bytes)).toEqual({
      go: { goVersion: 'go1.17', path: null, main: null, dependencies: [], settings: {} },
      goBuildId: null,
      gnuBuildId: null,
      sections: [],
    });
  });

  it('is none of another program', () => {
    expect(details(makeElf({ machine: 62 })).go).toBeNull();
  });

  it('of a file that is cut anywhere is none, or the file is damaged; it is never invented', () => {
    for (const form of ['inline', 'pointers'] as const) {
      const whole = makeGoElf({ form, version: 'go1.20', modules: MODULES });
      for (let length = 4; length < whole.length; length += 1) {
        try {
          expect(details(whole.subarray(0, length)).go).toBeNull();
        } catch (cause) {
          expect(cause).toBeInstanceOf(Damaged);
        }
      }
    }
  });

  it('with a length or an address that no file has is none', () => {
    for (const form of ['inline', 'pointers'] as const) {
      const bytes = makeGoElf({ form, version: 'go1.20', modules: MODULES, sections: false });
      const at = Buffer.from(bytes).indexOf(' Go buildinf:') - 1;
      bytes.fill(0xff, at + 16, at + 42);
      try {
        expect(details(bytes).go).toBeNull();
      } catch (cause) {
        expect(cause).toBeInstanceOf(Damaged);
      }
    }
  });

  it.each([
    ['no line at all', '', { path: null, main: null, dependencies: [], settings: {} }],
    [
      'lines that are not known',
      'new\tx\npath\tp\n=>\tq\tv1',
      { path: 'p', main: null, dependencies: [], settings: {} },
    ],
    [
      'a folder in place of a module',
      'mod\tm\tv1\ndep\ta\tv0.0.0\n=>\t./api\t',
      {
        path: null,
        main: { path: 'm', version: 'v1', sum: null, replacedBy: null },
        dependencies: [
          { path: 'a', version: 'v0.0.0', sum: null, replacedBy: { path: './api', version: '', sum: null } },
        ],
        settings: {},
      },
    ],
  ])('reads %s', (_title, text, read) => {
    expect(parseModuleText(text)).toEqual(read);
  });
});

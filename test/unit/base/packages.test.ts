import { describe, expect, it } from 'vitest';
import { choosePackages } from '../../../src/base/packages/choose-packages.ts';
import { newestOf, readPackageIndex } from '../../../src/base/packages/package-index.ts';
import { compareVersions, satisfies } from '../../../src/base/packages/version.ts';

describe('versions of Debian', () => {
  it.each([
    ['1.0-1', '1.0-1', 0],
    ['1.0-1', '1.0-2', -1],
    ['1.0~rc1-1', '1.0-1', -1],
    ['1.0-1~deb11u1', '1.0-1', -1],
    ['1.0-1+deb11u1', '1.0-1', 1],
    ['1.10-1', '1.9-1', 1],
    ['1:0.1-1', '9.9-9', 1],
    ['2.31-13+deb11u11', '2.31-13+deb11u9', 1],
    ['1.0a-1', '1.0+-1', -1],
    ['1.0', '1.0-0', 0],
    ['20240203~deb12u1', '20240203', -1],
    ['0000001.2-1', '1.2-1', 0],
  ])('%s and %s', (one, other, sign) => {
    expect(Math.sign(compareVersions(one, other))).toBe(sign);
    expect(Math.sign(compareVersions(other, one))).toBe(sign === 0 ? 0 : -sign);
  });

  it.each([
    ['1.0-1', '>=', '1.0-1', true],
    ['1.0-1', '>>', '1.0-1', false],
    ['1.0-1', '<<', '1.0-2', true],
    ['1.0-1', '=', '1.0-2', false],
    ['1.0-1', '<=', '1.0-1', true],
  ])('%s %s %s: %s', (version, relation, wanted, is) => {
    expect(satisfies(version, relation, wanted)).toBe(is);
  });
});

const stanza = (name: string, more = '', version = '1.0-1'): string =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nPriority: optional\n${more}Filename: pool/${name}.deb\nSize: 5\nSHA256: ${'a'.repeat(64)}\n`;
const indexOf = (...stanzas: string[]) => newestOf(readPackageIndex(stanzas.join('\n')));
const namesOf = (...[index, wanted]: Parameters<typeof choosePackages>) => {
  const chosen = choosePackages(index, wanted);
  return 'lacking' in chosen
    ? chosen.lacking
    : [chosen.essential.map(({ name }) => name), chosen.more.map(({ name }) => name)];
};

const ESSENTIAL = [stanza('base-files', 'Essential: yes\nPre-Depends: awk\n'), stanza('mawk', 'Provides: awk\n')];

describe('packages', () => {
  it('come with what they depend on: the first alternative that is there, the newest version', () => {
    const index = indexOf(
      ...ESSENTIAL,
      stanza('gcc', 'Depends: cpp (>= 2), gone | binutils:any (>= 1) | other\n'),
      stanza('cpp', '', '1.5-1'),
      stanza('cpp', 'Depends: gcc\n', '2.0-1'),
      stanza('binutils'),
      stanza('other'),
    );
    expect(namesOf(index, ['gcc'])).toEqual([
      ['base-files', 'mawk'],
      ['binutils', 'cpp', 'gcc'],
    ]);
    expect(index.get('cpp')?.version).toBe('2.0-1');
  });

  it('take the alternative that is chosen already, and the provider that a system rather has', () => {
    const index = indexOf(
      ...ESSENTIAL,
      stanza('a-editor', 'Provides: editor\n'),
      stanza('vim', 'Provides: editor (= 9)\n'),
      stanza('nano', 'Provides: editor\n').replace('optional', 'important'),
      stanza('git', 'Depends: gawk | awk, editor\n'),
      stanza('hg', 'Depends: editor (>= 8)\n'),
    );
    expect(namesOf(index, ['git'])).toEqual([
      ['base-files', 'mawk'],
      ['git', 'nano'],
    ]);
    expect(namesOf(index, ['hg'])).toEqual([
      ['base-files', 'mawk'],
      ['hg', 'vim'],
    ]);
  });

  it('that cannot be had are named, with who needs them', () => {
    expect(namesOf(indexOf(...ESSENTIAL, stanza('gcc', 'Depends: cpp (>= 2) | gone\n'), stanza('cpp')), ['gcc'])).toBe(
      'gcc needs cpp (>= 2) or gone',
    );
    expect(namesOf(indexOf(...ESSENTIAL), ['make'])).toBe('what is to be installed needs make');
    expect(namesOf(indexOf(stanza('make')), ['make'])).toBe('no package is essential');
  });

  it.each([
    ['a name that leads out', stanza('../evil')],
    ['a path that leads out', stanza('evil').replace('pool/evil', '../../evil')],
    ['an absolute path', stanza('evil').replace('pool/evil', '/evil')],
    ['a version with a slash', stanza('evil', '', '1/2')],
    ['no checksum', stanza('evil').replace(/SHA256.*/u, 'MD5sum: 0')],
  ])('of an index with %s are passed over', (_, text) => {
    expect(readPackageIndex(text)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { packageDirectory, readNotice } from '../../../scripts/third-party-notices.ts';
import { packageVersion } from '../../../src/system/package-root.ts';
import { readRepositoryFile, repositoryFiles, ROOT } from './repository.ts';

const manifest = JSON.parse(readRepositoryFile('package.json')) as Record<string, unknown>;

describe('package.json', () => {
  it('has no dependencies at run time: all is in the bundle', () => {
    expect(manifest['dependencies']).toBeUndefined();
  });

  it('pins every package that builds and tests it', () => {
    const ranges = Object.entries(manifest['devDependencies'] as Record<string, string>).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/u.test(version),
    );
    expect(ranges).toEqual([]);
  });

  it('gives on what runs, and nothing that is only for its making', () => {
    expect(manifest['files']).toEqual(['bin', 'dist', 'man', 'patches', 'schemas', 'templates', 'CHANGELOG.md']);
  });
});

describe('the files that a project owes', () => {
  it.each([
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'docs/libraries.md',
    'docs/design.md',
    '.ci/run',
  ])('%s is there', (file) => {
    expect(repositoryFiles()).toContain(file);
  });

  it('CHANGELOG.md has an entry for this version', () => {
    expect(readRepositoryFile('CHANGELOG.md')).toMatch(
      new RegExp(`^## ${packageVersion().replaceAll('.', '\\.')}\\b`, 'mu'),
    );
  });

  it('docs/libraries.md tells of every package, in its version', () => {
    const rows = readRepositoryFile('docs/libraries.md')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').map((cell) => cell.trim().split(', ')));
    const told = rows.flatMap(([, names = [], versions = []]) =>
      names.map((name, index) => `${name} ${versions[index] ?? ''}`),
    );
    const packages = Object.entries(manifest['devDependencies'] as Record<string, string>).filter(
      ([name]) => !name.startsWith('@types/'),
    );
    expect(packages.map(([name, version]) => `${name} ${version}`).filter((each) => !told.includes(each))).toEqual([]);
  });
});

describe('third-party notices', () => {
  it.each([
    ['/p/node_modules/yaml/dist/index.js', '/p/node_modules/yaml'],
    ['/p/node_modules/@a/b/x.js', '/p/node_modules/@a/b'],
    ['/p/node_modules/a/node_modules/b/x.js', '/p/node_modules/a/node_modules/b'],
    ['\0/p/node_modules/a/x.js?commonjs', '/p/node_modules/a'],
    ['/p/src/cli.ts', null],
  ])('%j belongs to %j', (module, directory) => {
    expect(packageDirectory(module)).toBe(directory);
  });

  it('have the name, the licence and its text', () => {
    const notice = readNotice(`${ROOT}/node_modules/yaml`);
    expect(notice).toMatchObject({ name: expect.stringMatching(/^yaml \d/u), licence: 'ISC' });
    expect(notice.text).toContain('Permission to use');
  });
});

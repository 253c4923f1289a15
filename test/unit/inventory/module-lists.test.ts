import { describe, expect, it } from 'vitest';
import { aptPackages } from '../../../src/inventory/apt-packages.ts';
import { readModules } from '../../../src/inventory/module-lists.ts';

const read = (files: Readonly<Record<string, string>>) => readModules((file) => files[file] ?? null);
const told = (files: Readonly<Record<string, string>>) =>
  read(files)?.modules.map(({ path, version, sum }) => `${path} ${version}${sum === null ? '' : ` ${sum}`}`);

describe('the modules that a tree names', () => {
  it('of vendor.conf: commits and tags, with a repository and comments', () => {
    const text = `# the following lines are in sorted order
github.com/a/b                 d185dfc1b5a1
github.com/c/d v1.0.0 https://github.com/fork/d.git # why

# end`;
    expect(told({ 'vendor.conf': text })).toEqual(['github.com/a/b d185dfc1b5a1', 'github.com/c/d v1.0.0']);
  });

  it('of vendor/modules.txt, before all others: replacements are what is built, sums come from the list beside', () => {
    const text = `# github.com/a/b v1.0.0
## explicit; go 1.18
github.com/a/b
github.com/a/b/sub
# github.com/c/d v1.2.0 => github.com/fork/d v1.2.1
## explicit
# github.com/e/f v0.0.0 => ./local
# github.com/g/h => github.com/fork/h v9.0.0
`;
    const sums = `github.com/a/b v1.0.0 h1:AAAA=
github.com/a/b v1.0.0/go.mod h1:BBBB=
`;
    const files = { 'vendor/modules.txt': text, 'vendor.sum': sums, 'vendor.conf': 'x y', 'vendor.mod': 'module x' };
    expect(read(files)?.file).toBe('vendor/modules.txt');
    expect(told(files)).toEqual(['github.com/a/b v1.0.0 h1:AAAA=', 'github.com/fork/d v1.2.1']);
  });

  it('of vendor.mod and go.mod: require and replace, alone and in blocks', () => {
    const text = `module github.com/docker/docker
go 1.21
require github.com/a/b v1.0.0 // indirect
require (
\tgithub.com/c/d v2.0.0+incompatible
\t"github.com/e/f" v0.1.0
)
exclude github.com/a/b v0.9.0
replace (
\tgithub.com/c/d v2.0.0+incompatible => github.com/fork/d v3.0.0
\tgithub.com/e/f => ../f
)
retract (
\tv1.0.0
)
`;
    const expected = ['github.com/a/b v1.0.0', 'github.com/fork/d v3.0.0'];
    expect(told({ 'vendor.mod': text })).toEqual(expected);
    expect(told({ 'go.mod': text })).toEqual(expected);
  });

  it('of a tree without a list are not known', () => {
    expect(read({ 'go.sum': 'x v1 h1:A=' })).toBeNull();
  });
});

describe('the packages that apt installed', () => {
  it('are read from lines of apt and dpkg, each once', () => {
    const lines = [
      '#15 2.451 Get:3 http://m.example/debian bullseye InRelease [116 kB]',
      '#15 2.955 Get:6 http://m.example/debian bullseye/main amd64 Packages [8066 kB]',
      '#15 4.1 Get:7 http://m.example/debian bullseye/main amd64 libseccomp-dev amd64 2.5.1-1+deb11u1 [92.5 kB]',
      '#15 4.2 Get:8 http://m.example/debian bullseye/main amd64 cmake-data all 3.18.4-2+deb11u1 [1725 kB]',
      '#15 6.0 Unpacking libseccomp-dev:amd64 (2.5.1-1+deb11u1) ...',
      '#15 6.1 Unpacking cmake-data (3.18.4-2+deb11u1) ...',
      '#15 6.2 Unpacking libc6-dev:arm64 (2.31-13+deb11u11) over (2.31-13) ...',
      '#15 6.3 Setting up libseccomp-dev:amd64 (2.5.1-1+deb11u1) ...',
    ];
    expect(aptPackages(lines)).toMatchObject([
      { name: 'cmake-data', arch: 'all', version: '3.18.4-2+deb11u1' },
      { name: 'libc6-dev', arch: 'arm64', version: '2.31-13+deb11u11' },
      { name: 'libseccomp-dev', arch: 'amd64', version: '2.5.1-1+deb11u1' },
    ]);
    expect(aptPackages(['#9 CACHED', '#3 0.1 Unpacking'])).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../../src/config/options/option.ts';
import { outputWishes } from '../../../src/config/layers/output-wishes.ts';
import { parsed, refused } from './command-line-from.ts';

describe('the command', () => {
  it.each([
    [[], 'build'],
    [['build'], 'build'],
    [['--json'], 'build'],
    [['patch', '--profile', '163'], 'patch'],
    [['--profile', '163', 'patch'], 'patch'],
    [['clean', '--yes'], 'clean'],
    [['verify', 'out'], 'verify'],
  ])('%j is %s', async (argv, command) => {
    expect((await parsed(argv)).command).toBe(command);
  });

  it('takes the folder of verify, absolute', async () => {
    expect((await parsed(['verify', 'out/../bins'])).directory).toBe('/home/me/project/bins');
    expect(await parsed(['compare', 'a', '/b/c'])).toMatchObject({ directory: '/home/me/project/a', second: '/b/c' });
    expect((await parsed(['patch'])).directory).toBeNull();
  });

  it.each([
    [['bild'], `"bild" is no command (${COMMAND_NAMES.join(', ')}); did you mean build?`],
    [['build', 'patch'], '"patch" is one command too many'],
    [['verify'], 'verify needs the folder that a build made: moby-build verify DIR'],
    [['verify', 'a', 'b'], '"b" is one word too many'],
    [['compare', 'a'], 'compare needs two folders, manifests or packages: moby-build compare A B'],
    [['compare', 'a', 'b', 'c'], '"c" is one word too many'],
    [['patch', '--', 'x'], `"x" is no command (${COMMAND_NAMES.join(', ')})`],
  ])('%j is refused', async (argv, message) => {
    expect(await refused(argv)).toMatchObject({ code: 'usage', exitCode: 2, message });
  });
});

describe('defaults', () => {
  it('builds v20.10.12 from GitHub for this machine', async () => {
    const { options } = await parsed([]);
    expect(options).toMatchObject({
      ref: 'v20.10.12',
      source: { kind: 'url', url: 'https://github.com/moby/moby.git' },
      arch: 'amd64',
      target: 'binary',
      profile: 'auto',
      probe: true,
      mirrors: {},
      out: null,
    });
    expect((await parsed([], { nodeArch: 'arm64' })).options.arch).toBe('arm64');
  });

  it('leaves the ref of a source directory to its HEAD', async () => {
    expect((await parsed(['--source', 'tree'])).options.ref).toBeNull();
    expect((await parsed(['--source', 'tree', '--ref', 'v20.10.24'])).options.ref).toBe('v20.10.24');
  });

  it('asks for --arch on a machine that moby is not built for', async () => {
    expect(await refused([], { nodeArch: 'mips' })).toMatchObject({ exitCode: 3, code: 'unknown-machine' });
    expect((await parsed(['--arch', 'arm64'], { nodeArch: 'mips' })).options.arch).toBe('arm64');
  });
});

describe('values', () => {
  it.each([
    ['aarch64', 'arm64'],
    ['x86_64', 'amd64'],
    ['ARM64', 'arm64'],
    ['i686', '386'],
    ['riscv64', 'riscv64'],
  ])('--arch %s is %s', async (given, arch) => {
    expect((await parsed(['--arch', given])).options.arch).toBe(arch);
  });

  it('keeps repeated flags apart, and = inside values', async () => {
    const argv = [
      '--build-arg',
      'A=b=c',
      '--build-arg',
      'EMPTY=',
      '--docker-build-opt=--no-cache',
      '--docker-build-opt=--pull',
    ];
    const { options } = await parsed([
      ...argv,
      '--make-arg',
      'PRODUCT=mine',
      '--add-host',
      'm.example:192.0.2.7',
      '--without',
      'vpnkit',
    ]);
    expect(options.buildArgs).toEqual({ A: 'b=c', EMPTY: '' });
    expect(options.dockerBuildOpts).toEqual(['--no-cache', '--pull']);
    expect(options.makeArgs).toEqual(['PRODUCT=mine']);
    expect(options.addHosts).toEqual(['m.example:192.0.2.7']);
    expect(options.without).toEqual(['vpnkit']);
  });

  it('does not take a command for the value of a repeatable flag', async () => {
    const line = await parsed(['--mirror', 'git=https://git.example/', 'patch']);
    expect(line.command).toBe('patch');
    expect(line.options.mirrors).toEqual({ git: 'https://git.example/' });
  });

  it('leaves numbers as they were written', async () => {
    const line = await parsed(['verify', '0012']);
    expect(line.directory).toBe('/home/me/project/0012');
    expect((await parsed(['--profile', '163', '--build-arg', 'N=007'])).options).toMatchObject({
      profile: '163',
      buildArgs: { N: '007' },
    });
  });

  it('makes paths absolute and leaves names alone', async () => {
    const argv = [
      '--source',
      '../moby',
      '--out',
      'o',
      '--work-dir',
      '/w',
      '--profile',
      'mine.yaml',
      '--sources-list',
      '~/s',
    ];
    expect((await parsed([...argv, '--docker', 'docker-20'])).options).toMatchObject({
      source: { kind: 'directory', path: '/home/me/moby' },
      out: '/home/me/project/o',
      workDir: '/w',
      profile: '/home/me/project/mine.yaml',
      sourcesList: '/home/me/s',
      docker: 'docker-20',
    });
    expect((await parsed(['--docker', './d'])).options.docker).toBe('/home/me/project/d');
  });

  it.each([
    'https://git.example/moby.git',
    'ssh://git@git.example/moby.git',
    'git@git.example:moby.git',
    'file:///srv/moby',
  ])('--source %s is a URL', async (url) => {
    expect((await parsed(['--source', url])).options.source).toEqual({ kind: 'url', url });
  });

  it.each([
    [['--no-probe'], { probe: false }],
    [['--json', '--no-json'], { json: false }],
    [['--json=false'], { json: false }],
    [['--json=no'], { json: false }],
    [['--json=on'], { json: true }],
    [['--json', '--json=0'], { json: false }],
    [['--no-probe=false'], { probe: true }],
    [['--no-probe=1'], { probe: false }],
    [['--probe=no'], { probe: false }],
    [['--no-probe', '--probe'], { probe: true }],
    [['--in-place', '--source', 'tree'], { inPlace: true }],
  ])('%j sets %j', async (argv, options) => {
    expect((await parsed(argv)).options).toMatchObject(options);
  });
});

describe('outputWishes, for errors of a line that cannot be parsed', () => {
  it.each([
    [['--json', '--nonsense'], {}, { json: true, color: 'auto' }],
    [['--json', '--no-json'], {}, { json: false, color: 'auto' }],
    [['--json=false'], { MOBY_BUILD_JSON: '1' }, { json: false, color: 'auto' }],
    [['--json=yes'], {}, { json: true, color: 'auto' }],
    [['--no-json=false'], {}, { json: true, color: 'auto' }],
    [['--json=perhaps'], {}, { json: false, color: 'auto' }],
    [[], { MOBY_BUILD_JSON: 'yes', MOBY_BUILD_COLOR: 'never' }, { json: true, color: 'never' }],
    [['--color', 'always'], { MOBY_BUILD_COLOR: 'never' }, { json: false, color: 'always' }],
    [['--color=never'], {}, { json: false, color: 'never' }],
    [['--', '--json'], {}, { json: false, color: 'auto' }],
    [['--lang', 'zh', '--nonsense'], {}, { json: false, color: 'auto', lang: 'zh' }],
    [['--lang=en'], { MOBY_BUILD_LANG: 'zh' }, { json: false, color: 'auto', lang: 'en' }],
    [[], { MOBY_BUILD_LANG: 'zh' }, { json: false, color: 'auto', lang: 'zh' }],
    [['--lang', 'fr'], {}, { json: false, color: 'auto' }],
  ])('%j with %j is %j', (argv, env, wishes) => {
    expect(outputWishes(argv, env)).toEqual({ lang: 'auto', ...wishes });
  });
});

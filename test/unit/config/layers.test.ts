import { describe, expect, it } from 'vitest';
import { environmentName } from '../../../src/config/options/option.ts';
import { parsed, refused } from './command-line-from.ts';

const YAML = '/home/me/project/moby-build.yaml';

describe('flags over environment over file over defaults', () => {
  const files = { [YAML]: 'suite: from-file\nref: v20.10.1\nnetwork: file-net\n' };
  const env = { MOBY_BUILD_SUITE: 'from-env', MOBY_BUILD_REF: 'v20.10.2' };

  it('takes each value from the highest that says one', async () => {
    const { options, origins } = await parsed(['--suite', 'from-flag'], { env, files });
    expect(options).toMatchObject({ suite: 'from-flag', ref: 'v20.10.2', network: 'file-net', target: 'binary' });
    expect(origins).toMatchObject({ suite: 'flag', ref: 'environment', network: 'file', target: 'default' });
  });

  it('merges pairs name by name and replaces lists whole', async () => {
    const { options } = await parsed(['--mirror', 'gomod=https://flag.example', '--make-arg', 'A=flag'], {
      env: {
        MOBY_BUILD_MIRROR: 'apt=http://env.example gomod=https://env.example',
        MOBY_BUILD_MAKE_ARG: 'A=env B=env',
      },
      files: { [YAML]: 'mirrors:\n  git: https://file.example/\n  apt: http://file.example\n' },
    });
    expect(options.mirrors).toEqual({
      git: 'https://file.example/',
      apt: 'http://env.example',
      gomod: 'https://flag.example',
    });
    expect(options.makeArgs).toEqual(['A=flag']);
  });

  it('lets a flag take back what the file or environment says', async () => {
    const { options } = await parsed(['--no-all', '--json=false'], {
      env: { MOBY_BUILD_JSON: '1' },
      files: { [YAML]: 'all: true' },
    });
    expect(options).toMatchObject({ all: false, json: false });
  });
});

describe('the environment', () => {
  it.each([
    ['in-place', 'MOBY_BUILD_IN_PLACE'],
    ['ref', 'MOBY_BUILD_REF'],
  ])('%s is %s', (flag, name) => {
    expect(environmentName(flag)).toBe(name);
  });

  it.each([
    ['1', true],
    ['TRUE', true],
    ['on', true],
    ['0', false],
    ['no', false],
  ])('a switch may be %s', async (text, value) => {
    expect((await parsed([], { env: { MOBY_BUILD_QUIET: text } })).options.quiet).toBe(value);
  });

  it('takes an empty variable for one that is not set', async () => {
    expect((await parsed([], { env: { MOBY_BUILD_REF: '' } })).options.ref).toBe('v20.10.12');
  });

  it('is heard only where the command has such an option, but checked always', async () => {
    expect((await parsed(['verify', 'd'], { env: { MOBY_BUILD_NETWORK: 'host' } })).command).toBe('verify');
    expect((await refused(['verify', 'd'], { env: { MOBY_BUILD_NETWORK: 'a b' } })).message).toMatch(
      /^MOBY_BUILD_NETWORK must/u,
    );
  });

  it('warns of a variable that means nothing', async () => {
    const { notes } = await parsed([], { env: { MOBY_BUILD_MIRROS: 'x' } });
    expect(notes).toEqual([
      {
        level: 'warning',
        code: 'stray-variable',
        message: 'MOBY_BUILD_MIRROS is set in the environment and means nothing',
        hint: 'did you mean MOBY_BUILD_MIRROR?',
      },
    ]);
  });
});

describe('the config file', () => {
  it.each([YAML, YAML.replace('.yaml', '.yml'), YAML.replace('.yaml', '.json')])('%s is found', async (path) => {
    const { options, configFile } = await parsed([], { files: { [path]: '{"profile": "cn", "all": true}' } });
    expect(options).toMatchObject({ profile: 'cn', all: true });
    expect(configFile).toBe(path);
  });

  it('may be named, by flag or environment; then the usual ones are not read', async () => {
    const files = { [YAML]: 'profile: cn', '/etc/mb.yaml': 'profile: direct' };
    expect((await parsed(['--config', '/etc/mb.yaml'], { files })).options.profile).toBe('direct');
    expect((await parsed([], { files, env: { MOBY_BUILD_CONFIG: '/etc/mb.yaml' } })).options.profile).toBe('direct');
  });

  it('keeps text that looks like a number, and takes paths from its own folder', async () => {
    const text = 'profile: 163\nout: ./o\nsourcesList: ~/s\nbuildArgs: {GO: 1.20}\n';
    const { options } = await parsed(['--config', 'sub/c.yaml'], { files: { '/home/me/project/sub/c.yaml': text } });
    expect(options).toMatchObject({
      profile: '163',
      out: '/home/me/project/sub/o',
      sourcesList: '/home/me/s',
      buildArgs: { GO: '1.20' },
    });
  });

  it.each([
    ['mirrors:\n  apt: http://me:pw@x\n', 'moby-build.yaml:2:8 mirrors.apt holds a user name or password'],
    ['mirrors:\n  atp: x\n', 'moby-build.yaml:2:8 mirrors.atp is none of'],
    ['without: [vpnkit, all]\n', 'moby-build.yaml:1:19 without.1 must be one of vpnkit'],
    ['json: perhaps\n', 'moby-build.yaml:1:7 json must be true or false'],
    ['sources-list: x\n', 'moby-build.yaml:1:15 sources-list is no option here; write sourcesList'],
    ['yes: true\n', 'moby-build.yaml:1:6 yes can only be given on the line, as --yes'],
    ['profil: cn\n', 'moby-build.yaml:1:9 profil is no option; did you mean profile?'],
    ['ref: [a\n', 'moby-build.yaml:'],
    ['ref: a\nref: b\n', 'moby-build.yaml:2:1 ref is there twice'],
    ['- a\n', 'moby-build.yaml must be a mapping'],
    ['suite:\n', 'moby-build.yaml:1:'],
    ['mirrors: none\n', 'moby-build.yaml:1:10 mirrors'],
  ])('%j is refused with its line and column', async (text, message) => {
    const error = await refused([], { files: { [YAML]: text } });
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(error.message).toContain(message);
  });

  it('may be empty, or hold only a $schema', async () => {
    expect((await parsed([], { files: { [YAML]: '# nothing yet\n' } })).options.ref).toBe('v20.10.12');
    expect((await parsed([], { files: { [YAML]: '$schema: x\n' } })).options.ref).toBe('v20.10.12');
  });
});

describe('a command that makes several builds', () => {
  it.each<readonly [readonly string[], object]>([
    [['--ref', 'v1', '--arch', 'arm64'], { ref: 'v1', refs: [], arch: 'arm64', arches: [] }],
    [['--ref', 'v1', '--ref', 'v2'], { refs: ['v1', 'v2'] }],
    [['--ref', 'v1, v2'], { refs: ['v1', 'v2'] }],
    [['--ref', 'v20.10.2*'], { refs: ['v20.10.2*'] }],
    [['--ref', 'v1..v2'], { refs: ['v1..v2'] }],
    [['--refs', 'v1,v2', '--platform', 'linux/arm64,amd64'], { refs: ['v1', 'v2'], arches: ['arm64', 'amd64'] }],
    [['--target', 'binary', '--target', 'all'], { targets: ['binary', 'all'] }],
  ])('takes %j as the list of them', async (words, options) => {
    expect((await parsed(['bundle', 'create', ...words])).options).toMatchObject(options);
  });

  it.each<readonly [readonly string[], string]>([
    [['bundle', 'create', '--ref', 'v1', '--refs', 'v2'], '--ref is given beside --refs; name all in one of the two'],
    [['bundle', 'create', '--arch', 'arm64,vax'], '--arch '],
    [['build', '--ref', 'v1', '--ref', 'v2'], '--ref is given more than once'],
    [['build', '--arch', 'arm64,amd64'], '--arch '],
    [['bundle', 'ls', 'moby.tar', '--refs', 'v1,v2'], '--refs is no option of bundle ls'],
  ])('%j is refused', async (words, message) => {
    expect((await refused(words)).message).toContain(message);
  });
});

import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { environmentName } from '../../../src/config/options/option.ts';
import { OPTION_NAMES, optionsOf, specOf, type OptionName } from '../../../src/config/options/options.ts';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { parsed, refused, surroundings, type Around } from './command-line-from.ts';

const YAML = '/home/me/project/moby-build.yaml';
const inFile = (text: string): Around => ({ files: { [YAML]: text } });

describe('architectures as people write them', () => {
  it.each([
    ['aarch64', 'arm64'],
    ['AArch64', 'arm64'],
    ['arm64/v8', 'arm64'],
    ['linux/arm64', 'arm64'],
    ['linux/arm64/v8', 'arm64'],
    ['LINUX/ARM64', 'arm64'],
    ['arm64v8', 'arm64'],
    ['x86_64', 'amd64'],
    ['x86-64', 'amd64'],
    ['linux/amd64', 'amd64'],
    ['linux/x86_64', 'amd64'],
    ['armv7l', 'arm'],
    ['armhf', 'arm'],
    ['linux/arm/v7', 'arm'],
    ['arm/v7', 'arm'],
    ['i386', '386'],
    ['linux/386', '386'],
    ['ppc64el', 'ppc64le'],
    ['linux/s390x', 's390x'],
    ['linux/riscv64', 'riscv64'],
  ])('%s is %s', async (written, arch) => {
    for (const argv of [['--arch', written], ['--platform', written], [`--platform=${written}`]])
      expect((await parsed(argv)).options.arch).toBe(arch);
    expect((await parsed([], { env: { MOBY_BUILD_PLATFORM: written } })).options.arch).toBe(arch);
    expect((await parsed([], inFile(`arch: ${written}`))).options.arch).toBe(arch);
  });

  it.each(['arm64/v9', 'amd64/v3', 'linux/', 'linux', 'arm64/', '/arm64', 'arm64/v8/x', 'darwin/arm64', 'armv6l', ''])(
    '%j is refused with the right names',
    async (written) => {
      const { message } = await refused([`--arch=${written}`]);
      expect(message).toMatch(written === '' ? /^--arch needs a value/u : /arm64/u);
    },
  );
});

describe('every documented variable', () => {
  const valueOf = (name: OptionName): string => {
    const { form, schema, placeholder } = specOf(name);
    if (form === 'boolean') return '1';
    const tries = [
      'arm64',
      '7',
      'https://m.example/x',
      'a'.repeat(40),
      'auto',
      'table',
      'mirror',
      'binary',
      'vpnkit',
      'h:192.0.2.1',
      '2/5',
      'run.html',
      'own',
      'tgz',
      '127.0.0.1:8470',
      '2G',
    ];
    const pair =
      { 'KIND=VALUE': 'git=https://m.example/{url}', 'NAME=REF|COMMIT': 'runc=v1.1.4' }[placeholder] ?? 'golang=x';
    const fits = (text: string) => schema.safeParse(form === 'list' ? [text] : text).success;
    return form === 'pairs' ? pair : (tries.find(fits) ?? 'apt');
  };

  it.each(OPTION_NAMES.filter((name) => name !== 'config'))('%s is set by its variable', async (name) => {
    const { flag, commands, negated } = specOf(name);
    const command = commands[0] ?? 'build';
    const further: Readonly<Record<string, readonly string[]>> = { bundle: ['serve', 'file'] };
    const words = [
      command,
      ...(['verify', 'smoke', 'pack', 'sbom'].includes(command) ? ['dir'] : (further[command] ?? [])),
    ];
    const variable = environmentName(negated === true ? `no-${flag}` : flag);
    // What contradicts another default is for other tests.
    const beside: Readonly<Record<string, readonly string[]>> = {
      ...{ inPlace: ['--source', 'tree'], tags: ['--source', 'tree'] },
      sealHosts: ['--seal'],
    };
    const more = beside[name] ?? [];
    const { origins, notes } = await parsed([...words, ...more], { env: { [variable]: valueOf(name) } });
    expect(origins[name]).toBe('environment');
    expect(notes).toEqual([]);
  });

  it('a switch has one that turns it off', async () => {
    expect((await parsed([], { env: { MOBY_BUILD_NO_PROBE: '1' } })).options.probe).toBe(false);
    expect((await parsed([], { env: { MOBY_BUILD_NO_PROBE: 'false' } })).options.probe).toBe(true);
    expect((await parsed([], { env: { MOBY_BUILD_PROBE: '0' } })).options.probe).toBe(false);
    const { message } = await refused([], { env: { MOBY_BUILD_PROBE: '1', MOBY_BUILD_NO_PROBE: '1' } });
    expect(message).toBe('MOBY_BUILD_NO_PROBE says the same as MOBY_BUILD_PROBE; set that only');
  });

  it.each([
    ['MOBY_BUILD_NO_PROB', 'MOBY_BUILD_NO_PROBE'],
    ['MOBY_BUILD_ARHC', 'MOBY_BUILD_ARCH'],
    ['MOBY_BUILD_PLATFROM', 'MOBY_BUILD_PLATFORM'],
    ['moby_build_ref', 'MOBY_BUILD_REF'],
  ])('%s is told, with %s', async (name, nearest) => {
    const { notes } = await parsed(['clean'], { env: { [name]: 'x' } });
    expect(notes).toMatchObject([{ code: 'stray-variable', hint: `did you mean ${nearest}?` }]);
  });
});

describe('lists', () => {
  it.each([
    [['--trust-image', 'golang,vpnkit'], { trustImages: ['golang', 'vpnkit'] }],
    [['--trust-image=golang', '--trust-image', 'a, b'], { trustImages: ['golang', 'a', 'b'] }],
    [['--without', 'vpnkit,'], null],
    [['--make-arg', 'A=a,b'], { makeArgs: ['A=a,b'] }],
    [['--make-arg', '"quoted"'], { makeArgs: ['"quoted"'] }],
    [["--make-arg='x'"], { makeArgs: ["'x'"] }],
    [['--docker-build-opt=--no-cache'], { dockerBuildOpts: ['--no-cache'] }],
  ])('%j', async (argv, options) => {
    if (options === null) expect((await refused(argv)).message).toContain('must be one of vpnkit');
    else expect((await parsed(argv)).options).toMatchObject(options);
  });

  it.each([
    ['without: vpnkit', { without: ['vpnkit'] }],
    ['trustImages: golang, vpnkit', { trustImages: ['golang', 'vpnkit'] }],
    ['makeArgs: A=b', { makeArgs: ['A=b'] }],
    ['mirrors: git=https://m.example/{url}', { mirrors: { git: 'https://m.example/{url}' } }],
    ['buildArgs: [A=1, B=2]', { buildArgs: { A: '1', B: '2' } }],
  ])('%s in a file', async (text, options) => {
    expect((await parsed([], inFile(text))).options).toMatchObject(options);
  });
});

describe('a file that says it another way', () => {
  it.each([
    ['no-probe: true', 'write probe: false'],
    ['noProbe: true', 'write probe: false'],
    ['platform: linux/arm64', 'write arch'],
    ['dry-run: true', 'can only be given on the line, as --dry-run'],
    ['without: {vpnkit: true}', 'must be a list of texts: without: [NAME]'],
    ['ref: [v20.10.12]', 'must be one value: ref: TAG'],
    ['mirrors: none', 'must be KIND=VALUE, but "none" has no =; in a file: mirrors: {KIND: VALUE}'],
    ['mirrors: [{git: x}]', 'must be a mapping: mirrors: {KIND: VALUE}'],
    ['mirrors: {git: [a, b]}', 'mirrors.git must be one value'],
    ['suite:', 'needs a value: suite: NAME'],
  ])('%s: %s', async (text, words) => {
    expect((await refused([], inFile(text))).message).toContain(words);
  });

  it('is told of where two files are there, with how to read the other', async () => {
    const { options, notes } = await parsed([], {
      files: { [YAML]: 'profile: cn', [YAML.replace('.yaml', '.json')]: '{"profile": "direct"}' },
    });
    expect(options.profile).toBe('cn');
    expect(notes).toMatchObject([
      {
        level: 'warning',
        code: 'config-not-read',
        message: 'moby-build.json is not read, because moby-build.yaml is there too.',
        hint: expect.stringContaining('--config moby-build.json') as string,
      },
    ]);
  });
});

/** Words of the library that validates, which say nothing to a user. */
const FOREIGN = /Invalid|expected|received|undefined|\[object|NaN/u;

describe('whatever the shape of a value', () => {
  const shapes = [
    '',
    '""',
    '[]',
    '{}',
    '[a]',
    '{a: b}',
    '[[a]]',
    '{a: {b: c}}',
    '[{a: b}]',
    '~',
    '1',
    'true',
    '-1',
    ', ',
    '"a=b"',
  ];
  it.each(OPTION_NAMES.filter((name) => specOf(name).inFile))(
    '%s in a file is taken, or refused in our words',
    async (name) => {
      for (const shape of shapes) {
        try {
          await parseCommandLine([], surroundings(inFile(`${name}: ${shape}`)));
        } catch (error) {
          expect(error, `${name}: ${shape}`).toBeInstanceOf(MobyBuildError);
          expect((error as MobyBuildError).message).not.toMatch(FOREIGN);
        }
      }
    },
  );

  it.each(optionsOf('build'))('--%s on the line is taken, or refused in our words', async (name) => {
    const { flag } = specOf(name);
    for (const words of [
      [`--${flag}`],
      [`--${flag}=`],
      [`--${flag}`, ''],
      [`--${flag}`, '-1'],
      [`--${flag}=,`],
      [`--${flag}==`],
      [`--${flag}`, '--', 'x'],
      [`--no-${flag}`],
      [`--${flag}`, 'a', `--${flag}`, 'b'],
    ]) {
      try {
        await parseCommandLine(words, surroundings());
      } catch (error) {
        expect(error, words.join(' ')).toBeInstanceOf(MobyBuildError);
        expect((error as MobyBuildError).message).not.toMatch(FOREIGN);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../../src/config/options/option.ts';
import { refused } from './command-line-from.ts';

describe('refusals', () => {
  it.each([
    [['--arch', 'arm46'], '--arch must be one of amd64, arm64'],
    [['--arch', 'arm46'], 'did you mean arm64?'],
    [['--with-deps', '--target', 'dynbinary'], '--with-deps makes static binaries'],
    [['--target', 'dynamic'], '--target must be one of binary, dynbinary, all'],
    [['pack', 'DIR', '--format', 'zip'], 'must be one of table, markdown (audit), tgz, deb, rpm (pack), cyclonedx,'],
    [['--ref', '-x'], '--ref needs a value'],
    [['--ref=-x'], '--ref must be a git ref'],
    [['--ref', 'a..b'], '--ref must be a git ref'],
    [['--ref', 'a', '--ref', 'b'], '--ref is given more than once'],
    [['--ref'], '--ref needs a value: --ref TAG'],
    [['--make-arg=', '--make-arg=a'], '--make-arg needs a value: --make-arg ARG'],
    [['--mirror'], '--mirror needs a value: --mirror KIND=VALUE'],
    [['--out='], '--out needs a value'],
    [['--commit', '459d0df'], '--commit must be a full commit id'],
    [['--suite', 'Bookworm;'], '--suite must be the name of a Debian release'],
    [['--profile', 'upstraem'], 'did you mean upstream?'],
    [['--mirror', 'gti=x'], '--mirror gti is none of frontend, image, apt'],
    [['--mirror', 'gti=x'], 'did you mean git?'],
    [['--mirror', 'git'], '--mirror must be KIND=VALUE, but "git" has no ='],
    [['--mirror', 'git='], '--mirror git needs a value'],
    [['--mirror', 'git=a', '--mirror', 'git=b'], '--mirror "git" is given twice'],
    [['--image', 'golang=a:::b'], '--image golang must be an image reference'],
    [['--image', 'Go lang=x'], '--image Go lang must be the name of an image'],
    [['--build-arg', '__proto__=x'], '--build-arg __proto__ is no name'],
    [
      ['--build-arg', 'BUILDKIT_SYNTAX=a/b:1'],
      '--build-arg BUILDKIT_SYNTAX would take a frontend past the plan; use --frontend',
    ],
    [['--build-arg', '1x=x'], '--build-arg 1x must be a name'],
    [['--add-host', 'nonsense'], '--add-host must be HOST:IP'],
    [['--add-host', 'h:999.1.1.1'], '--add-host must be HOST:IP'],
    [['--without', 'everything'], '--without must be one of vpnkit'],
    [['--network', 'a b'], '--network must be a network mode'],
    [['--frontend', 'x y'], '--frontend must be an image reference'],
    [['--source', 'ext::sh -c id'], '--source must be an https, http, git, ssh or file URL, or a directory'],
    [['--in-place'], '--in-place needs --source DIR'],
    [['--seal-host', 'cdn.example'], '--seal-host lets a host through the seal, and there is none without --seal'],
    [['--quiet', '--verbose'], '--quiet says the opposite of --verbose'],
    [['--jason'], '--jason is no option; did you mean --json?'],
    [['-x'], '-x is no option'],
    [['bundle'], 'bundle needs a word: moby-build bundle create|want|ls|verify|diff|serve'],
    [['bundle', 'lss', 'a.tar'], '"lss" is none of create, want, ls, verify, diff, serve; did you mean ls?'],
    [['bundle', 'ls'], 'bundle needs FILE: moby-build bundle ls FILE'],
    [['bundle', 'diff', 'a.tar'], 'bundle needs OLD and NEW: moby-build bundle diff OLD NEW'],
    [['bundle', 'ls', 'a.tar', 'b.tar'], '"b.tar" is one word too many'],
    [['bundle', 'verify', 'a.tar', '--ref', 'v1'], '--ref is no option of bundle verify'],
    [['bundle', 'create', '--out', 'a.tar', '--listen', '127.0.0.1:1'], '--listen is no option of bundle create'],
    [['bundle', 'serve', 'a.tar', '--listen', 'localhost:1'], 'must be an IP address and a port'],
    [['bundle', 'serve', 'a.tar', '--listen', '127.0.0.1:65536'], 'must be an IP address and a port'],
    [['bundle', 'create', 'a.tar'], '"a.tar" is one word too many'],
    [['--json=maybe'], '--json takes no value but true or false'],
    [['--no-probe=x'], '--no-probe takes no value'],
    [['--json='], '--json takes no value but true or false'],
    [['--no-ref'], '--no-ref is no switch: --ref has a value'],
    [['--no-no-probe'], '--no-no-probe is no option'],
    [['-ref', 'v1'], '-ref is no option; did you mean --ref?'],
    [['-q'], '-q is no option; did you mean --quiet?'],
    [['--tag', 'v1'], '--tag is no option; did you mean --ref?'],
    [['--output', 'x'], '--output is no option; did you mean --out?'],
    [['--toString'], '--toString is no option'],
    [['--constructor=x'], '--constructor is no option'],
    [['--__proto__=x'], '--__proto__ is no option'],
    [['--hasOwnProperty', 'patch'], '--hasOwnProperty is no option'],
    [['--get-yargs-completions', 'b'], '--get-yargs-completions is no option'],
    [['--arch', 'linux/arm/v6'], '--arch must be arm64, or arm, which is ARMv7 here'],
    [['--arch', 'armel'], '--arch must be arm64, or arm'],
    [['--platform', 'windows/amd64'], '--platform must be an architecture of Linux'],
    [['--platform', 'linux/amd64,linux/arm64'], '--platform is one architecture'],
    [['--platform', 'linux/amd64/v3'], '--platform must be one of amd64'],
    [['--platform', 'linux/arm46'], 'did you mean arm64?'],
    [['--platform', 'linux/arm64', '--arch', 'amd64'], '--arch is another name of --platform, which is given too'],
    [['--profile', '"cnn'], 'did you mean cn?'],
    [['--profile', "'cn'"], '--profile must be one of'],
    [['--only', 'info,'], '--only is no option of build'],
    [['v20.10.24'], `"v20.10.24" is no command (${COMMAND_NAMES.join(', ')}); did you mean --ref v20.10.24?`],
    [['patch', 'docker-v29.0.1'], 'did you mean --ref docker-v29.0.1?'],
    [['arm64'], 'did you mean --arch arm64?'],
    [['ref=v20.10.24'], 'did you mean --ref=v20.10.24?'],
    [['ARCH=arm64'], 'did you mean --arch=arm64?'],
    [['audit', '.'], 'did you mean --source .?'],
    [['audit', '../moby'], 'did you mean --source ../moby?'],
    [['patch', 'https://git.example/moby.git'], 'did you mean --source https://git.example/moby.git?'],
    [['—ref', 'x'], `"—ref" is no command (${COMMAND_NAMES.join(', ')}); options begin with two hyphens: --ref`],
    [['probe'], 'did you mean mirrors probe?'],
    [['ls'], 'did you mean cache ls?'],
    [['PATCH'], 'did you mean patch?'],
    [['help', 'pacth'], '"pacth" is no command'],
    [['mirrors', 'list', 'probe'], '"probe" is one word too many'],
    [['--config', 'nowhere.yaml'], '--config "nowhere.yaml" is not there'],
    [['verify', 'd', '--mirror', 'git=x'], '--mirror is no option of verify; it belongs to build, patch'],
    [['patch', '--allow-uncovered'], '--allow-uncovered is no option of patch; it belongs to build'],
    [['mirrors', 'probe', '--no-probe'], '--no-probe is no option of mirrors; it belongs to build'],
  ])('%j', async (argv, message) => {
    const error = await refused(argv);
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(error.message).toContain(message);
    expect(error.command).toEqual({ is: 'other', words: [expect.stringMatching(/^\w+$/u), '--help'] });
  });

  it('tells all problems at once, each with its place', async () => {
    const error = await refused(['--arch', 'x', '--commit', '1', '--nonsense'], {
      env: { MOBY_BUILD_TARGET: 'y', MOBY_BUILD_JSON: 'perhaps' },
      files: { '/home/me/project/moby-build.yaml': 'suite: UPPER\n' },
    });
    expect(error.message.split('\n').map((line) => line.trim())).toEqual([
      '6 problems:',
      expect.stringMatching(/^moby-build\.yaml:1:8 suite must/u),
      expect.stringMatching(/^MOBY_BUILD_JSON must be true or false/u),
      expect.stringMatching(/^MOBY_BUILD_TARGET must/u),
      expect.stringMatching(/^--nonsense is no option/u),
      expect.stringMatching(/^--arch must/u),
      expect.stringMatching(/^--commit must/u),
    ]);
  });

  it.each(['\n', '\r', '\u0000', '\u001b[31m', '\u2028', '\u202e', '\u0085'])(
    'a value with %j, whatever the option',
    async (character) => {
      for (const flag of [
        '--ref',
        '--source',
        '--out',
        '--profile',
        '--suite',
        '--docker',
        '--network',
        '--make-arg',
      ]) {
        const error = await refused([`${flag}=a${character}b`]);
        expect(error.exitCode).toBe(2);
        expect(error.message).not.toContain(character === '\n' ? '\nb' : character);
      }
      expect((await refused([`--mirror=git=https://x.example/${character}`])).exitCode).toBe(2);
      expect((await refused([`--build-arg=A=b${character}c`])).exitCode).toBe(2);
    },
  );

  it.each([
    'https://me:secret@git.example/',
    'https://secret@git.example/{url}',
    'me:secret@registry.example',
    'https://goproxy.example,https://me:secret@go.example,direct',
    'HTTPS://me:secret@git.example/',
  ])('credentials in %s, without repeating them', async (value) => {
    const error = await refused(['--mirror', `git=${value}`]);
    expect(error.message).toContain('holds a user name or password');
    expect(error.message).not.toContain('secret');
  });

  it('credentials in the URL of the source', async () => {
    const error = await refused(['--source', 'https://me:secret@git.example/moby.git']);
    expect(error.message).toContain('holds a user name or password');
    expect(error.message).not.toContain('secret');
  });

  it('a value of more than 4096 characters', async () => {
    expect((await refused(['--make-arg', `A=${'x'.repeat(4096)}`])).message).toContain(
      'is longer than 4096 characters',
    );
  });
});

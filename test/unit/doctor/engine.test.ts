import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/doctor/context.ts';
import { builderOf, check, GIB, type Change } from './fixtures.ts';

const refused = (kind: string, endpoint = 'root-socket', host = 'unix:///var/run/docker.sock') => ({
  endpoint,
  host,
  refused: { kind, message: 'said so' },
});

describe('an engine, or room for it, that lacks, and the command that mends it', () => {
  const disk = (freeBytes: number, freeFiles = 1_000_000): Partial<Machine> => ({
    diskFree: (path) => Promise.resolve({ path, freeBytes, freeFiles, device: 1 }),
  });
  const emulation = (state: Awaited<ReturnType<Machine['emulation']>>): Change => ({
    machine: { emulation: () => Promise.resolve(state) },
    context: { arch: 'arm64', emulate: true },
  });

  it.each<[string, string, Change, string, RegExp, RegExp]>([
    [
      'permission, root socket',
      'engine',
      { engine: refused('permission') },
      'failed',
      /said so/,
      /^sudo -E env "PATH=\$PATH" moby-build --ref v20\.10\.12$/,
    ],
    [
      'permission, root socket, as root',
      'engine',
      { engine: refused('permission'), machine: { isRoot: true } },
      'failed',
      /said so/,
      /^ls -l \/var\/run\/docker\.sock/,
    ],
    [
      'not running, systemd',
      'engine',
      { engine: refused('not-running') },
      'failed',
      /said so/,
      /^sudo systemctl start docker$/,
    ],
    [
      'not running, no systemd',
      'engine',
      { engine: refused('not-running'), machine: { systemd: false, isRoot: true } },
      'failed',
      /said so/,
      /^service docker start$/,
    ],
    [
      'not running, only a client',
      'engine',
      { engine: refused('not-running'), machine: { dockerdInstalled: false } },
      'failed',
      /said so/,
      /^sudo apt-get install -y docker\.io$/,
    ],
    [
      'not running, rootless',
      'engine',
      { engine: refused('not-running', 'rootless-socket') },
      'failed',
      /said so/,
      /^systemctl --user start docker$/,
    ],
    [
      'a version of the API that this shell asks for',
      'engine',
      { engine: refused('api-version'), context: { env: { HOME: '/home/ann', DOCKER_API_VERSION: '1.41' } } },
      'failed',
      /said so \(DOCKER_API_VERSION=1\.41 is set\)/,
      /^unset DOCKER_API_VERSION/,
    ],
    ['ages too far apart', 'engine', { engine: refused('api-version') }, 'failed', /said so$/, /--docker PATH/],
    [
      'a client that is named beside another',
      'docker-on-path',
      {
        engine: {
          otherClients: [{ path: '/usr/local/bin/docker', version: '28.2.2', podman: false, buildkit: 'buildx' }],
        },
        context: { line: ['--docker', '/usr/bin/docker'] },
      },
      'ok',
      /\/usr\/bin\/docker is named/,
      /^null$/,
    ],
    ['unknown context', 'engine', { engine: refused('unknown-context') }, 'failed', /said so/, /docker context ls/],
    [
      'ssh that asks',
      'engine',
      { engine: refused('unreachable', 'ssh', 'ssh://ann@host') },
      'failed',
      /said so/,
      /^ssh ann@host docker version/,
    ],
    ['Windows containers', 'engine', { engine: { serverOs: 'windows' } }, 'failed', /windows/, /Linux containers/],
    ['full work disk', 'work-dir', { machine: disk(300 * 2 ** 20) }, 'failed', /300 MiB free.*1\.0 GiB/, /--work-dir/],
    ['no inodes', 'work-dir', { machine: disk(100 * GIB, 12) }, 'failed', /12 inodes/, /--work-dir/],
    [
      'foreign work dir',
      'work-dir',
      { machine: { mayWrite: () => Promise.resolve(false) } },
      'failed',
      /ann/,
      /--work-dir/,
    ],
    [
      'foreign out dir',
      'out-dir',
      { machine: { mayWrite: (path) => Promise.resolve(path !== '/home/ann/out') } },
      'failed',
      /\/home\/ann\/out/,
      /ls -ld/,
    ],
    ['tight engine disk', 'engine-disk', { machine: disk(5 * GIB) }, 'warning', /5\.0 GiB/, /builder prune/],
    ['full engine disk', 'engine-disk', { machine: disk(2 * GIB) }, 'failed', /2\.0 GiB/, /builder prune/],
    [
      'remote engine',
      'engine-disk',
      { engine: { host: 'tcp://10.0.0.1:2376', endpoint: 'tcp' } },
      'skipped',
      /another machine/,
      /null/,
    ],
    ['too little memory', 'memory', { engine: { serverMemory: 0.5 * GIB } }, 'failed', /512 MiB/, /swapon/],
    [
      'swap helps',
      'memory',
      { engine: { serverMemory: 0.5 * GIB }, machine: { memory: { ram: 0, swap: 4 * GIB } } },
      'ok',
      /swap/,
      /null/,
    ],
    ['little memory', 'memory', { engine: { serverMemory: 2 * GIB } }, 'warning', /2\.0 GiB/, /swapon/],
    ['emulation', 'architecture', emulation('ready'), 'warning', /ten times/, /null/],
    [
      'no binfmt',
      'architecture',
      emulation('absent'),
      'failed',
      /no binfmt/,
      /^sudo apt-get install -y qemu-user-static binfmt-support$/,
    ],
    ['binfmt off', 'architecture', emulation('disabled'), 'failed', /switched off/, /binfmt_misc\/status/],
    ['binfmt without F', 'architecture', emulation('not-in-containers'), 'failed', /flag F/, /qemu-user-static/],
    [
      'Debian has a compiler for it',
      'architecture',
      { ...emulation('absent'), context: { arch: 'arm64' } },
      'ok',
      /cross-compiled/,
      /null/,
    ],
    [
      'none is used for it',
      'architecture',
      { ...emulation('absent'), context: { arch: 's390x' } },
      'failed',
      /no binfmt/,
      /qemu-user-static/,
    ],
    [
      'bake crosses',
      'architecture',
      { ...emulation('absent'), context: { arch: 'arm64', builtBy: 'bake' } },
      'ok',
      /cross-compiled/,
      /null/,
    ],
    [
      'bake without buildx',
      'buildkit',
      {
        context: { builtBy: 'bake' },
        machine: { os: { id: 'debian', idLike: [], versionId: '13', prettyName: 'Debian' } },
      },
      'failed',
      /no buildx plugin.*docker buildx bake/,
      /^sudo apt-get install -y docker-buildx {3}# docker-buildx-plugin/,
    ],
    [
      'bake without buildx, where no package has it',
      'buildkit',
      { context: { builtBy: 'bake' } },
      'failed',
      /no buildx plugin/,
      /docker\/buildx#installing/,
    ],
    [
      'bake with buildx under a 20.10 client',
      'buildkit',
      { context: { builtBy: 'bake' }, engine: { buildxVersion: '0.13.1' } },
      'ok',
      /buildx 0\.13\.1/,
      /null/,
    ],
    [
      'an engine too old for here-documents',
      'frontend',
      { context: { frontend: { version: '1.4', because: 'here-documents in v26.1.5' } } },
      'failed',
      /1\.2, in the BuildKit 0\.8 of engine 20\.10\.24; 1\.4 is needed for here-documents in v26\.1\.5/,
      /^moby-build --ref v20\.10\.12 --frontend HOST\/docker\/dockerfile:1.*Docker Engine 23\.0 or newer/,
    ],
    [
      'an engine too old for ADD ?ref=',
      'frontend',
      {
        context: { frontend: { version: '1.18', because: 'ADD' } },
        engine: { serverVersion: '28.3.3', buildkitVersion: '0.23' },
      },
      'failed',
      /1\.17, in the BuildKit 0\.23/,
      /Docker Engine 28\.4 or newer/,
    ],
    [
      'a builder too old',
      'frontend',
      {
        context: { frontend: { version: '1.18', because: 'ADD' } },
        engine: {
          serverVersion: '29.1.0',
          buildkitVersion: '0.12',
          builder: builderOf('mine', 'docker-container'),
        },
      },
      'failed',
      /BuildKit 0\.12 of builder mine/,
      /a newer builder/,
    ],
    [
      'an engine that is new enough',
      'frontend',
      { context: { frontend: { version: '1.4', because: 'x' } }, engine: { buildkitVersion: '0.13' } },
      'ok',
      /1\.7/,
      /null/,
    ],
    [
      'an engine that does not say',
      'frontend',
      { context: { frontend: { version: '1.4', because: 'x' } }, engine: { buildkitVersion: null } },
      'ok',
      /nothing tells/,
      /null/,
    ],
    ['386 on amd64', 'architecture', { context: { arch: '386' } }, 'ok', /amd64/, /null/],
    [
      'foreign, far engine',
      'architecture',
      { ...emulation('absent'), engine: { host: 'ssh://ann@host', endpoint: 'ssh' } },
      'warning',
      /cannot be seen from here/,
      /--install arm64/,
    ],
  ])('%s', async (_, id, change, result, seen, fix) => {
    const found = (await check(change)).of(id);
    expect(found?.result).toBe(result);
    expect(found?.seen).toMatch(seen);
    expect(String(found?.fix ?? null)).toMatch(fix);
  });

  it.each(['rootless-socket', 'desktop-socket', 'ssh', 'tcp', 'other-socket'])(
    'never sudo for %s',
    async (endpoint) => {
      const found = (await check({ engine: refused('permission', endpoint, 'unix:///x.sock') })).of('engine');
      expect(found?.result).toBe('failed');
      expect(found?.fix).not.toMatch(/\bsudo -E\b/);
    },
  );
});

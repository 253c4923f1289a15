import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { runChecks } from '../../../src/doctor/checks.ts';
import type { CheckContext, EngineFacts, Machine } from '../../../src/doctor/context.ts';
import { requireMachine } from '../../../src/doctor/require-machine.ts';

const GIB = 2 ** 30;

const goodMachine: Machine = {
  nodeVersion: '20.20.2',
  platform: 'linux',
  isRoot: false,
  userName: 'ann',
  os: { id: 'debian', idLike: [], versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  systemd: true,
  dockerdInstalled: true,
  memory: { ram: 8 * GIB, swap: 0 },
  program: (name) => Promise.resolve({ path: `/usr/bin/${name}`, version: name === 'git' ? '2.39.5' : '5.2' }),
  diskFree: (path) => Promise.resolve({ path, freeBytes: 100 * GIB, freeFiles: 1_000_000, device: 1 }),
  mayWrite: () => Promise.resolve(true),
  emulation: () => Promise.resolve('ready'),
};

const goodEngine: EngineFacts = {
  clientPath: '/usr/bin/docker',
  clientVersion: '20.10.24',
  buildkit: 'builtin',
  buildxVersion: null,
  otherClients: [],
  context: 'default',
  host: 'unix:///var/run/docker.sock',
  endpoint: 'root-socket',
  serverVersion: '20.10.24',
  serverArch: 'amd64',
  serverOs: 'linux',
  podman: false,
  rootless: false,
  desktop: false,
  dockerRootDir: '/var/lib/docker',
  serverMemory: 8 * GIB,
};

interface Change {
  readonly machine?: Partial<Machine>;
  readonly engine?: Partial<EngineFacts> | null;
  readonly context?: Partial<CheckContext>;
}

async function check(change: Change = {}) {
  const results = await runChecks({
    arch: 'amd64',
    builtBy: 'docker-build',
    workDir: '/home/ann/.cache/moby-build',
    outDir: '/home/ann/out',
    invocation: 'moby-build --ref v20.10.12',
    engine: change.engine === null ? null : { ...goodEngine, ...change.engine },
    machine: { ...goodMachine, ...change.machine },
    ...change.context,
  });
  return { results, of: (id: string) => results.find((result) => result.id === id) };
}

const noClient: Partial<EngineFacts> = {
  clientPath: null,
  clientVersion: null,
  buildkit: 'none',
  serverVersion: null,
  refused: { kind: 'no-client', message: 'docker is not on PATH' },
};
const refused = (kind: string, endpoint = 'root-socket', host = 'unix:///var/run/docker.sock') => ({
  endpoint,
  host,
  refused: { kind, message: 'said so' },
});

describe('a machine that has everything', () => {
  it('passes', async () => {
    const { results } = await check();
    expect(results.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'node ok',
      'git ok',
      'make ok',
      'bash ok',
      'docker-client ok',
      'docker-on-path ok',
      'buildkit ok',
      'engine ok',
      'architecture ok',
      'work-dir ok',
      'out-dir ok',
      'engine-disk ok',
      'memory ok',
    ]);
    expect(() => {
      requireMachine(results);
    }).not.toThrow();
  });

  it('is not asked for docker when nothing is built', async () => {
    const { results } = await check({ engine: null, context: { outDir: null } });
    expect(results.filter(({ result }) => result === 'skipped').map(({ id }) => id)).toEqual([
      'make',
      'bash',
      'docker-client',
      'docker-on-path',
      'buildkit',
      'engine',
      'architecture',
      'out-dir',
      'engine-disk',
      'memory',
    ]);
  });
});

describe('what lacks, and the command that mends it', () => {
  const absent = (missing: string): Partial<Machine> => ({
    program: (name) => (name === missing ? Promise.resolve(null) : goodMachine.program(name)),
  });
  const disk = (freeBytes: number, freeFiles = 1_000_000): Partial<Machine> => ({
    diskFree: (path) => Promise.resolve({ path, freeBytes, freeFiles, device: 1 }),
  });
  const emulation = (state: Awaited<ReturnType<Machine['emulation']>>): Change => ({
    machine: { emulation: () => Promise.resolve(state) },
    context: { arch: 'arm64' },
  });
  const os = (id: string, versionId: string | null, idLike: string[] = []): Partial<Machine> => ({
    os: { id, idLike, versionId, prettyName: id },
  });

  it.each<[string, string, Change, string, RegExp, RegExp]>([
    ['old node', 'node', { machine: { nodeVersion: '18.20.4' } }, 'failed', /18\.20\.4/, /20\.19/],
    ['newest node', 'node', { machine: { nodeVersion: '24.1.0' } }, 'ok', /24/, /null/],
    ['no git', 'git', { machine: absent('git') }, 'failed', /not on PATH/, /^sudo apt-get install -y git$/],
    [
      'old git',
      'git',
      { machine: { program: () => Promise.resolve({ path: '/usr/bin/git', version: '2.17.1' }) } },
      'failed',
      /2\.17\.1.*2\.25/,
      /install -y git/,
    ],
    [
      'no make, root, fedora',
      'make',
      { machine: { ...absent('make'), ...os('fedora', '41'), isRoot: true } },
      'failed',
      /PATH/,
      /^dnf install -y make$/,
    ],
    [
      'no make, Mint',
      'make',
      { machine: { ...absent('make'), ...os('linuxmint', '22', ['ubuntu', 'debian']) } },
      'failed',
      /PATH/,
      /^sudo apt-get install -y make$/,
    ],
    [
      'no make, macOS',
      'make',
      { machine: { ...absent('make'), platform: 'darwin' } },
      'failed',
      /PATH/,
      /^Install make\.$/,
    ],
    [
      'no docker, bookworm',
      'docker-client',
      { engine: noClient },
      'failed',
      /no docker on PATH/,
      /^sudo apt-get install -y docker\.io$/,
    ],
    [
      'no docker, trixie',
      'docker-client',
      { engine: noClient, machine: os('debian', '13') },
      'failed',
      /PATH/,
      /-y docker\.io docker-buildx docker-cli$/,
    ],
    [
      'no docker, Ubuntu',
      'docker-client',
      { engine: noClient, machine: os('ubuntu', '24.04', ['debian']) },
      'failed',
      /PATH/,
      /-y docker\.io docker-buildx$/,
    ],
    ['podman', 'docker-client', { engine: { podman: true } }, 'failed', /is podman/, /docker\.io/],
    [
      'podman before docker',
      'docker-client',
      {
        engine: {
          podman: true,
          otherClients: [{ path: '/opt/docker', version: '20.10.24', podman: false, buildkit: 'builtin' }],
        },
      },
      'failed',
      /podman/,
      /^--docker \/opt\/docker$/,
    ],
    [
      'no buildx, bookworm',
      'buildkit',
      { engine: { buildkit: 'none', clientVersion: '28.2.2', clientPath: '/usr/local/bin/docker' } },
      'failed',
      /28\.2\.2 cannot/,
      /docker\.io .*--docker \/usr\/bin\/docker/,
    ],
    [
      'no buildx, docker-ce on bookworm',
      'buildkit',
      { engine: { buildkit: 'none', clientVersion: '28.2.2' } },
      'failed',
      /cannot/,
      /^sudo apt-get install -y docker-buildx-plugin$/,
    ],
    [
      'no buildx, Fedora',
      'buildkit',
      { engine: { buildkit: 'none' }, machine: os('fedora', '41') },
      'failed',
      /cannot/,
      /^sudo dnf install -y docker-buildx$/,
    ],
    [
      'no buildx, another client has it',
      'buildkit',
      {
        engine: {
          buildkit: 'none',
          clientVersion: '28.2.2',
          otherClients: [{ path: '/usr/bin/docker', version: '20.10.24', podman: false, buildkit: 'builtin' }],
        },
      },
      'failed',
      /but \/usr\/bin\/docker can/,
      /^--docker \/usr\/bin\/docker$/,
    ],
    [
      'a second client',
      'docker-on-path',
      {
        engine: {
          otherClients: [{ path: '/usr/local/bin/docker', version: '28.2.2', podman: false, buildkit: 'none' }],
        },
      },
      'warning',
      /\/usr\/bin\/docker is used; there is also \/usr\/local\/bin\/docker 28\.2\.2/,
      /--docker/,
    ],
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
      'bake crosses',
      'architecture',
      { ...emulation('absent'), context: { arch: 'arm64', builtBy: 'bake' } },
      'ok',
      /cross-compiled/,
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

describe('the error', () => {
  async function errorOf(change: Change): Promise<MobyBuildError> {
    const { results } = await check(change);
    try {
      requireMachine(results);
    } catch (cause) {
      if (cause instanceof MobyBuildError) return cause;
      throw cause;
    }
    throw new Error('nothing lacks');
  }

  it('lists all that lacks, and one line mends it', async () => {
    const error = await errorOf({
      engine: noClient,
      machine: {
        program: (name) => Promise.resolve(name === 'git' ? { path: '/usr/bin/git', version: '2.39.5' } : null),
      },
    });
    expect(error).toMatchObject({ code: 'machine', exitCode: 3 });
    expect(error.message).toContain('3 things lack');
    expect(error.message).toMatch(/make +not on PATH/);
    expect(error.message).toMatch(/docker client +no docker on PATH/);
    expect(error.command).toBe('sudo apt-get update && sudo apt-get install -y make bash docker.io');
    expect(error.hint).toMatch(/Nothing has been downloaded/);
  });

  it('does not blame what could not be looked at', async () => {
    const error = await errorOf({ engine: noClient });
    expect(error.message).toContain('one thing lacks');
    expect(error.message).not.toMatch(/BuildKit|memory/);
  });
});

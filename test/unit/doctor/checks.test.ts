import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import type { Machine } from '../../../src/doctor/context.ts';
import { isSentence, requireMachine } from '../../../src/doctor/require-machine.ts';
import { check, goodMachine, noClient, type Change } from './fixtures.ts';

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
      'builder skipped',
      'docker-snap ok',
      'frontend skipped',
      'build-cache skipped',
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
      'builder',
      'docker-snap',
      'frontend',
      'build-cache',
      'architecture',
      'out-dir',
      'engine-disk',
      'memory',
    ]);
  });
});

describe('programs that lack, and the command that mends it', () => {
  const absent = (missing: string): Partial<Machine> => ({
    program: (name) => (name === missing ? Promise.resolve(null) : goodMachine.program(name)),
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
      /^moby-build --ref v20\.10\.12 --docker \/opt\/docker$/,
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
      /^moby-build --ref v20\.10\.12 --docker \/usr\/bin\/docker$/,
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
  ])('%s', async (_, id, change, result, seen, fix) => {
    const found = (await check(change)).of(id);
    expect(found?.result).toBe(result);
    expect(found?.seen).toMatch(seen);
    expect(String(found?.fix ?? null)).toMatch(fix);
  });
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
    expect(error.message).toContain('3 requirements are missing');
    expect(error.message).toMatch(/make +not on PATH/);
    expect(error.message).toMatch(/docker client +no docker on PATH/);
    expect(error.command).toBe('sudo apt-get update && sudo apt-get install -y make bash docker.io');
    expect(error.hint).toMatch(/Nothing has been downloaded/);
  });

  it('gives a sentence as a hint, and the line itself as the next command', async () => {
    const error = await errorOf({ machine: { nodeVersion: '18.0.0' } });
    expect(error.hint).toMatch(/^Install Node\.js 20\.19 or newer: \S+\nNothing has been downloaded/u);
    expect(error.command).toEqual({ is: 'again', change: {} });
  });

  it('gives a command where there is one beside sentences', async () => {
    const lacks = (name: string) =>
      Promise.resolve(name === 'make' ? null : { path: `/usr/bin/${name}`, version: '2.39.5' });
    const error = await errorOf({ machine: { nodeVersion: '18.0.0', program: lacks } });
    expect(error.command).toBe('sudo apt-get update && sudo apt-get install -y make');
    expect(error.message).toContain('Install Node.js 20.19');
  });

  it.each([
    ['Install git.', true],
    ['Is tcp://h the engine you mean? docker context ls shows the others.', true],
    ['The engine at that address refuses this client.', true],
    ['sudo systemctl start docker', false],
    ['/usr/bin/x', false],
    ['DOCKER_HOST=x docker info', false],
    ['moby-build --docker /usr/bin/docker   # that one', false],
  ])('%s: a sentence is %s', (fix, sentence) => {
    expect(isSentence(fix)).toBe(sentence);
  });

  it('does not blame what could not be looked at', async () => {
    const error = await errorOf({ engine: noClient });
    expect(error.message).toContain('one requirement is missing');
    expect(error.message).not.toMatch(/BuildKit|memory/);
  });
});

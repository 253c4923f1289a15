import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveEngine, type EngineFacts } from '../../../src/make/engine/engine.ts';
import { writeProgram } from './fake-programs.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-engine-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

interface Fake {
  readonly version?: string;
  readonly buildx?: string | null;
  /** Bash that answers `docker version`. */
  readonly server?: string;
  readonly info?: string;
  readonly banner?: string;
  /** The builder that `docker buildx use` chose. */
  readonly builder?: string;
}

const SERVER = `echo '{"Client":{"Version":"x"},"Server":{"Platform":{"Name":""},"Components":[{"Name":"Engine"}],"Version":"20.10.24+dfsg1","Os":"linux","Arch":"arm64"}}'`;
const INFO = `echo '{"Driver":"overlay2","DockerRootDir":"/var/lib/docker","MemTotal":8000000000,"NCPU":2,"OSType":"linux","Architecture":"aarch64","SecurityOptions":["name=seccomp,profile=default","name=rootless"],"RegistryConfig":{"Mirrors":["https://mirror.example/"]},"OperatingSystem":"Debian GNU/Linux 12"}'`;

/** A client that answers what its like answers, and remembers with which words it was asked. */
function fakeDocker(place: string, fake: Fake = {}): string {
  const buildx = fake.buildx ?? null;
  return writeProgram(
    join(dir, place),
    'docker',
    `echo "$DOCKER_HOST|$*" >>'${dir}/asked'
context=$DOCKER_CONTEXT
[ "$1" = --context ] && { context=$2; shift 2; }
case "$1 $2" in
--version*) echo '${fake.banner ?? `Docker version ${fake.version ?? '20.10.24+dfsg1'}, build 297e128`}';;
'version --format') ${fake.server ?? SERVER};;
'info --format') ${fake.info ?? INFO};;
'context inspect') echo '[{"Name":"'"\${context:-default}"'","Endpoints":{"docker":{"Host":"'"\${DOCKER_HOST:-unix:///var/run/docker.sock}"'"}}}]';;
'buildx version') ${buildx === null ? `echo "docker: 'buildx' is not a docker command." >&2; exit 1` : `echo 'github.com/docker/buildx v${buildx} abc'`};;
'buildx inspect') printf 'Name:   ${fake.builder ?? 'default'}\\nDriver: docker\\n\\nNodes:\\nName: default\\n';;
*) exit 64;;
esac`,
  );
}

function resolveIn(
  places: readonly string[],
  environment: Record<string, string> = {},
  more: { docker?: string; dockerContext?: string } = {},
): Promise<EngineFacts> {
  const path = [...places.map((place) => join(dir, place)), '/usr/bin', '/bin'].join(':');
  return resolveEngine({ environment: { PATH: path, HOME: dir, ...environment }, ...more });
}

describe('resolveEngine', () => {
  it('tells what a 20.10 client and its engine are', async () => {
    const client = fakeDocker('a');
    const facts = await resolveIn(['a']);
    expect(facts).toMatchObject({
      clientPath: client,
      clientVersion: '20.10.24+dfsg1',
      serverVersion: '20.10.24+dfsg1',
      serverArch: 'arm64',
      serverOs: 'linux',
      serverMemory: 8_000_000_000,
      dockerRootDir: '/var/lib/docker',
      storageDriver: 'overlay2',
      registryMirrors: ['https://mirror.example/'],
      rootless: true,
      desktop: false,
      podman: false,
      buildkit: 'builtin',
      buildxVersion: null,
      builder: null,
      context: 'default',
      host: 'unix:///var/run/docker.sock',
      endpoint: 'root-socket',
    });
    expect(facts.refused).toBeUndefined();
  });

  it('sees a newer client without buildx before an older one that could build', async () => {
    const first = fakeDocker('new', { version: '28.2.2' });
    const second = fakeDocker('old');
    const facts = await resolveIn(['new', 'old']);
    expect(facts).toMatchObject({ clientPath: first, buildkit: 'none' });
    expect(facts.otherClients.filter(({ path }) => path.startsWith(dir))).toEqual([
      { path: second, version: '20.10.24+dfsg1', podman: false, buildkit: 'builtin', buildxVersion: null },
    ]);
    expect(await resolveIn(['new', 'old'], {}, { docker: second })).toMatchObject({
      clientPath: second,
      buildkit: 'builtin',
    });
  });

  it('sees buildx and its builder', async () => {
    fakeDocker('a', { version: '26.1.5+dfsg1', buildx: '0.13.1' });
    expect(await resolveIn(['a'])).toMatchObject({
      buildkit: 'buildx',
      buildxVersion: '0.13.1',
      builder: { name: 'default', driver: 'docker' },
    });
  });

  it('does not take the engine of this context for that of another one, which builds', async () => {
    fakeDocker('a', { version: '26.1.5+dfsg1', buildx: '0.13.1' });
    fakeDocker('b', { version: '26.1.5+dfsg1', buildx: '0.13.1', builder: 'prod' });
    expect((await resolveIn(['a'])).buildkitVersion).not.toBeNull();
    expect(await resolveIn(['b'])).toMatchObject({ builder: { name: 'prod' }, buildkitVersion: null });
  });

  it('asks the context of the flag, and the host of the environment', async () => {
    fakeDocker('a');
    expect(await resolveIn(['a'], { DOCKER_HOST: 'tcp://198.51.100.7:2375' })).toMatchObject({
      endpoint: 'tcp',
      host: 'tcp://198.51.100.7:2375',
    });
    expect(await resolveIn(['a'], { DOCKER_CONTEXT: 'env' })).toMatchObject({ context: 'env' });
    expect(await resolveIn(['a'], { DOCKER_CONTEXT: 'env' }, { dockerContext: 'flag' })).toMatchObject({
      context: 'flag',
    });
  });

  it.each([
    [
      'permission',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    ],
    [
      'not-running',
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ],
    [
      'unreachable',
      'error during connect: Get http://docker.example/v1.24/version: dial tcp: lookup docker.example: no such host',
    ],
    ['unknown-context', 'context "x": context not found: open /home/x/meta.json: no such file or directory'],
    ['tls', 'error during connect: Get "https://docker.example": x509: certificate signed by unknown authority'],
    [
      'api-version',
      'Error response from daemon: client version 1.54 is too new. Maximum supported API version is 1.41',
    ],
    ['other', 'something new'],
  ])('types a refusal: %s', async (kind, words) => {
    fakeDocker('a', {
      server: `echo '{"Client":{"Version":"20.10.24"},"Server":null}'; echo 'WARNING: noise' >&2; echo '${words}' >&2; exit 1`,
      info: 'exit 1',
    });
    const facts = await resolveIn(['a']);
    expect(facts.refused).toEqual({ kind, message: words });
    expect(facts).toMatchObject({ serverVersion: null, serverMemory: null, clientVersion: '20.10.24+dfsg1' });
  });

  it('recognises podman, as a wrapper or behind the socket', async () => {
    fakeDocker('a', { banner: 'podman version 4.3.1' });
    expect(await resolveIn(['a'])).toMatchObject({ podman: true, buildkit: 'none' });
    fakeDocker('b', { server: SERVER.replace('"Engine"', '"Podman Engine"') });
    expect(await resolveIn(['b'])).toMatchObject({ podman: true });
  });

  it('says so where there is no docker at all', async () => {
    const facts = await resolveEngine({ environment: { PATH: join(dir, 'empty') } });
    expect(facts).toMatchObject({ clientPath: null, buildkit: 'none', refused: { kind: 'no-client' } });
  });

  it('refuses a --docker that is no program, with exit 2', async () => {
    await expect(resolveEngine({ docker: join(dir, 'nothing'), environment: { PATH: '' } })).rejects.toMatchObject({
      exitCode: 2,
      code: 'no-such-client',
    });
  });

  it('survives a file named docker that is no program', async () => {
    fakeDocker('good');
    fakeDocker('bad');
    writeFileSync(join(dir, 'bad', 'docker'), '\x7fELF and then nothing');
    chmodSync(join(dir, 'bad', 'docker'), 0o755);
    const facts = await resolveIn(['good', 'bad']);
    expect(facts.otherClients.find(({ path }) => path.includes('/bad/'))).toMatchObject({
      version: null,
      buildkit: 'none',
    });
  });
});

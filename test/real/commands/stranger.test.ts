import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { genuinePrograms } from '../../support/answering-program.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { cacheDir } from '../../lab/prepare/cache.mjs';
import { walk, type Ran } from '../../support/walk.ts';
import { makeBase } from '../../lab/prepare/roots.mjs';
import { readMachine } from '../../lab/machine.mjs';
import { prepareComponents } from './stage-components.ts';
import { ARCH, LEAVES, OWN_IMAGES } from './stage.ts';

const skip = whyNot();
if (skip !== null) {
  if (process.env['CI'] === 'true') throw new Error(`The stranger's walk cannot be made: ${skip}`);
  process.stderr.write(`SKIPPED: the stranger's walk: ${skip}\n`);
}

function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  try {
    execFileSync('sh', ['-c', 'command -v debootstrap && command -v dpkg-deb && unshare --mount true'], {
      stdio: 'ignore',
    });
    readMachine();
    return null;
  } catch {
    return 'it needs debootstrap, dpkg-deb, a Debian source, and namespaces';
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** What apt needs on this machine to reach Debian. */
const NETWORK = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(?:https?|all|no)_proxy$/iu.test(name)),
) as Record<string, string>;

/** What of the package is needed to run it. */
const PACKAGE = ['dist', 'bin', 'package.json', 'patches', 'templates'];

/** A machine with nothing but Debian's minimal system and Node: a folder that each line runs in, with mounts that end with it. */
class BareMachine {
  readonly dir = mkdtempSync(join(tmpdir(), 'moby-build-stranger-'));
  readonly root = join(this.dir, 'root');

  async install(): Promise<void> {
    const prepare = { cache: cacheDir(), machine: readMachine(), say: () => undefined, log: join(this.dir, 'log') };
    const { lowers } = await makeBase(prepare);
    execFileSync('cp', ['-a', lowers[0] ?? '', this.root]);
    for (const name of PACKAGE) {
      const from = join(packageRoot(), name);
      const to = join(this.root, 'opt/moby-build', name);
      if (statSync(from).isDirectory()) mkdirSync(to, { recursive: true });
      else this.write(`opt/moby-build/${name}`, '');
    }
    this.write('usr/local/bin/node', '');
    this.write('usr/local/bin/moby-build', '#!/bin/sh\nexec node /opt/moby-build/bin/moby-build.cjs "$@"\n', 0o755);
  }

  write(path: string, text: string | Uint8Array, mode = 0o644): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    chmodSync(join(this.root, path), mode);
  }

  /** As a shell of root runs it. */
  run(line: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const bound = [
      ...PACKAGE.map((name) => [join(packageRoot(), name), `opt/moby-build/${name}`] as const),
      [process.execPath, 'usr/local/bin/node'] as const,
    ];
    const script = [
      ...bound.map(([from, to]) => `mount --bind ${quoted(from)} ${quoted(join(this.root, to))}`),
      `mount -t proc proc ${quoted(join(this.root, 'proc'))}`,
      'exec chroot "$1" /bin/bash -c "cd /root && $2"',
    ].join(' && ');
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const env = { PATH: path, HOME: '/root', DEBIAN_FRONTEND: 'noninteractive', ...more };
    const apart = ['--mount', '--pid', '--fork', '--kill-child=KILL', 'sh', '-c', script, 'sh', this.root, line];
    return new Promise((resolve) => {
      execFile('unshare', apart, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  /**
   * Makes apt find an engine of ours under the name of Debian's: its client talks to no one, but is told to run by its service, and "builds"
   * what a stage's make does. Everything else comes from Debian.
   */
  offerEngine(): void {
    const dir = join(this.dir, 'deb');
    const put = (path: string, text: string | Uint8Array, mode = 0o755): void => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text, { mode });
    };
    put('DEBIAN/control', CONTROL, 0o644);
    put('usr/bin/docker', `#!/bin/bash\n${ENGINE}`);
    put('usr/sbin/dockerd', '#!/bin/sh\nexit 1\n');
    put('etc/init.d/docker', '#!/bin/sh\n[ "$1" = start ] && touch /run/docker.up\n');
    for (const [name, { bytes }] of genuinePrograms(ARCH)) put(`usr/programs/${name}`, bytes);
    const repository = join(this.root, 'var/lib/engine');
    mkdirSync(repository);
    const deb = join(repository, 'docker.io.deb');
    execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', dir, deb], { stdio: 'pipe' });
    const bytes = readFileSync(deb);
    const sum = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(
      join(repository, 'Packages'),
      `${CONTROL}Filename: ./docker.io.deb\nSize: ${String(bytes.length)}\nSHA256: ${sum}\n`,
    );
    this.write('etc/apt/sources.list.d/engine.list', 'deb [trusted=yes] file:/var/lib/engine ./\n');
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const CONTROL = `Package: docker.io
Version: 99.1
Architecture: ${ARCH}
Maintainer: Nobody <nobody@example.invalid>
Description: an engine for a test
`;

const ENGINE = String.raw`
set -e
${LEAVES.replaceAll('$(dirname "$0")/../', '/usr/')}
case "$1 $2" in
--version*) echo 'Docker version 20.10.24, build 297e128'; exit;;
'context inspect') echo '[{"Name":"default","Endpoints":{"docker":{"Host":"unix:///var/run/docker.sock"}}}]'; exit;;
'buildx version') echo "docker: 'buildx' is not a docker command." >&2; exit 1;;
esac
if [ ! -e /run/docker.up ]; then
  echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
  exit 1
fi
case "$1" in
version) echo '{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","Os":"linux","Arch":"${ARCH}"}}';;
info) echo '{"Driver":"overlay2","DockerRootDir":"/","MemTotal":16000000000,"NCPU":2,"OSType":"linux","Architecture":"x86_64","SecurityOptions":[],"RegistryConfig":{},"OperatingSystem":"Debian"}';;
build) leave_bundle "$VERSION" "$DOCKER_GITCOMMIT";;
esac
`;

const components = await prepareComponents();
const machine = new BareMachine();
afterAll(() => {
  components.remove();
  machine.remove();
});

describe.skipIf(skip !== null)('a stranger on a bare Debian, who runs what is printed', { timeout: 900_000 }, () => {
  it('comes to a built dockerd: each message leads to the next, and none comes twice', async () => {
    await machine.install();
    machine.offerEngine();
    materializeLightTree(join(machine.root, 'root/moby'), { pins: components.pins });
    components.copyStore(join(machine.root, 'root/.cache/moby-build/store'));
    const asked = ['moby-build', '--source', 'moby', '--profile', 'cn', '--no-probe', '--out', 'built', ...OWN_IMAGES];
    const line = asked.join(' ');
    const { first, followed } = await walk(line, (words) =>
      machine.run(words, words.startsWith('moby-build') ? {} : NETWORK),
    );
    for (const lacking of ['git', 'make', 'docker client']) expect(first.stderr).toContain(`\n  ${lacking}`);
    expect(followed).toEqual([
      expect.stringMatching(/apt-get install -y .*docker/u),
      expect.stringMatching(/docker start/u),
    ]);
    expect(existsSync(join(machine.root, 'root/built/dockerd'))).toBe(true);
    const verified = await machine.run('moby-build verify built');
    expect(verified.status, verified.stderr).toBe(0);
    const programs = 'node,git,make,bash,docker-client,buildkit,engine,work-dir';
    const doctor = await machine.run(`moby-build doctor --source moby --profile cn --no-probe --only ${programs}`);
    expect(doctor.status, doctor.stdout).toBe(0);
  });
});

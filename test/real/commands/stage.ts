import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { packageRoot } from '../../../src/system/package-root.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';

/** GOARCH of this machine: the fake engine is of the same. */
export const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A place for the real command with a fake docker and a fake make first on PATH: everything of ours runs as it does for a
 * user, up to the two programs that need an engine.
 */
export class Stage {
  readonly dir = mkdtempSync(join(tmpdir(), 'moby-build-stage-'));
  readonly cwd = join(this.dir, 'cwd');
  readonly bin = join(this.dir, 'bin');
  readonly tree = join(this.dir, 'tree');
  readonly commit: string;

  constructor() {
    for (const dir of [this.cwd, this.bin]) mkdirSync(dir);
    this.commit = materializeLightTree(this.tree).commit ?? '';
    this.docker();
    this.make(BUILDS);
  }

  /** Writes a program of this name, first on PATH. */
  program(name: string, body: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  make(body: string): void {
    this.program('make', `case "$1" in --version) echo 'GNU Make 4.3'; exit 0;; esac\n${body}`);
  }

  docker(more = ''): void {
    const server = `{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","Os":"linux","Arch":"${ARCH}"}}`;
    const info = `{"Driver":"overlay2","DockerRootDir":"/","MemTotal":16000000000,"NCPU":2,"OSType":"linux","Architecture":"x86_64","SecurityOptions":[],"RegistryConfig":{},"OperatingSystem":"Debian"}`;
    this.program(
      'docker',
      `${more}
case "$1 $2" in
--version*) echo 'Docker version 20.10.24, build 297e128';;
'version --format') echo '${server}';;
'info --format') echo '${info}';;
'context inspect') echo '[{"Name":"default","Endpoints":{"docker":{"Host":"unix:///var/run/docker.sock"}}}]';;
'buildx version') echo "docker: 'buildx' is not a docker command." >&2; exit 1;;
*) exit 0;;
esac`,
    );
  }

  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: `${this.bin}:${process.env['PATH'] ?? ''}`,
      HOME: this.dir,
      XDG_CACHE_HOME: join(this.dir, 'cache'),
      TMPDIR: tmpdir(),
      // The components that the light tree pins are invented, and no make of these tests clones any.
      MOBY_BUILD_SOURCES: 'mirror',
      ...more,
    };
  }

  /** Starts the command; its output is collected. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [join(packageRoot(), 'bin/moby-build.cjs'), ...args], {
      cwd: this.cwd,
      env: this.environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (status) => {
        resolve({ status, stdout, stderr });
      });
    });
    return { child, ended, seen: () => stderr };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return this.start(args, env).ended;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The images of the light tree with digests, so that no registry has to be asked what they are. */
export const OWN_IMAGES = [
  ...['--image', `golang=docker.m.daocloud.io/library/golang:1.16.12-buster@sha256:${'1'.repeat(64)}`],
  ...['--image', `djs55/vpnkit=docker.1ms.run/djs55/vpnkit:0.5.0@sha256:${'2'.repeat(64)}`],
];

/** The words that name the stage's own tree, met in full by profile cn; nobody is asked for an image or a mirror. */
export function ofTree(stage: Stage): string[] {
  return ['--source', stage.tree, '--profile', 'cn', '--no-probe', ...OWN_IMAGES];
}

/**
 * A make that "builds": it copies this very Node under the names that moby's scripts give, as a real build would leave them.
 * dockerd answers `--version` with what it was told to say.
 */
export const BUILDS = String.raw`
set -e
version= commit=
for word in "$@"; do case "$word" in VERSION=*) version=${'$'}{word#*=};; DOCKER_GITCOMMIT=*) commit=${'$'}{word#*=};; esac; done
echo '#1 [base 1/2] FROM golang'; echo '#1 DONE 0.1s'; echo '#2 [build-binary 1/1] RUN hack/make.sh binary'; echo '#2 DONE 0.2s'
out=bundles/binary-daemon
mkdir -p $out
printf '#!/bin/sh\necho "Docker version %s, build %s"\n' "$version" "$commit" > $out/dockerd-$version
for name in containerd containerd-shim containerd-shim-runc-v2 ctr runc docker-init docker-proxy rootlesskit rootlesskit-docker-proxy dockerd-rootless.sh dockerd-rootless-setuptool.sh vpnkit; do
  printf '#!/bin/sh\necho %s\n' "$name" > $out/$name
done
chmod 755 $out/*
(cd $out; for name in *; do md5sum "$name" > "$name.md5"; sha256sum "$name" > "$name.sha256"; done)
ln -s dockerd-$version $out/dockerd
`;

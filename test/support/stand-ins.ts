import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answeringProgram, genuinePrograms } from './answering-program.ts';

const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

/** The body of a `docker` that answers for an engine of this architecture. @param more lines that come first */
export function dockerProgram(arch: string, more = ''): string {
  const server = `{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","Os":"linux","Arch":"${arch}"}}`;
  const info = `{"Driver":"overlay2","DockerRootDir":"/","MemTotal":16000000000,"NCPU":2,"OSType":"linux","Architecture":"x86_64","SecurityOptions":[],"RegistryConfig":{},"OperatingSystem":"Debian"}`;
  return `${more}
case "$1 $2" in
--version*) echo 'Docker version 20.10.24, build 297e128';;
'version --format') echo '${server}';;
'info --format') echo '${info}';;
'context inspect') echo '[{"Name":"default","Endpoints":{"docker":{"Host":"unix:///var/run/docker.sock"}}}]';;
'buildx version') echo "docker: 'buildx' is not a docker command." >&2; exit 1;;
*) exit 0;;
esac`;
}

/** The body of a `make` that builds by these lines. */
export function makeProgram(body: string): string {
  return `case "$1" in --version) echo 'GNU Make 4.3'; exit 0;; esac\n${body}`;
}

/** Writes what a build leaves to a new folder, for `LEAVES`. */
export function writePrograms(dir: string, arch: string): void {
  mkdirSync(dir);
  for (const [name, { bytes }] of genuinePrograms(arch)) writeFileSync(join(dir, name), bytes, { mode: 0o755 });
}

/**
 * A shell function that writes the programs of a build: `leave FOLDER VERSION COMMIT NAME…`. dockerd says that version and commit,
 * `stamped-proxy` becomes a docker-proxy that says them too. `leave_bundle VERSION
 * COMMIT`: all that moby's scripts leave of a static build. `$programs`: the folder beside `bin` that they are taken from.
 */
export const LEAVES = String.raw`
leave() {
  out=$1 version=$2 commit=$3; shift 3
  for name in "$@"; do cp "$(dirname "$0")/../${'$'}{programs:-programs}/$name" "$out/$name"; done
  say() { dd of="$1" bs=1 seek=${String(answeringProgram(ARCH, '--version').saysAt)} conv=notrunc 2>/dev/null; }
  printf 'Docker version %s, build %s\n' "$version" "$commit" | say "$out/dockerd"
  if [ -e "$out/stamped-proxy" ]; then
    mv "$out/stamped-proxy" "$out/docker-proxy"
    printf 'docker-proxy (commit %s) version %s\n' "$commit" "$version" | say "$out/docker-proxy"
  fi
}
leave_bundle() {
  out=bundles/binary-daemon
  mkdir -p $out
  leave $out "$1" "$2" dockerd containerd containerd-shim containerd-shim-runc-v2 ctr runc docker-init docker-proxy rootlesskit rootlesskit-docker-proxy vpnkit
  for name in dockerd-rootless.sh dockerd-rootless-setuptool.sh; do printf '#!/bin/sh\n' > $out/$name; done
  mv $out/dockerd $out/dockerd-$1
  chmod 755 $out/*
  (cd $out; for name in *; do md5sum "$name" > "$name.md5"; sha256sum "$name" > "$name.sha256"; done)
  ln -sf dockerd-$1 $out/dockerd
}
`;

/** A make that "builds": it leaves small static programs under the names that moby's scripts give; each says what a genuine one says. */
export const BUILDS = String.raw`
set -e
${LEAVES}
version= commit=
for word in "$@"; do case "$word" in VERSION=*) version=${'$'}{word#*=};; DOCKER_GITCOMMIT=*) commit=${'$'}{word#*=};; esac; done
echo '#1 [base 1/2] FROM golang'; echo '#1 DONE 0.1s'; echo '#2 [build-binary 1/1] RUN hack/make.sh binary'; echo '#2 DONE 0.2s'
leave_bundle "$version" "$commit"
`;

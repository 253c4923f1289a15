import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import type { MatrixDocument } from '../../../src/commands/matrix/document.ts';
import { until } from '../system/processes.ts';
import { ARCH, FOREIGN, LEAVES, OWN_IMAGES, Stage } from './stage.ts';

const BUILDERS = ['one', 'two', 'three'];
const REFS = ['v20.10.11', 'v20.10.12', 'v20.10.13', 'v20.10.14'];

let stage: Stage;
let out: string;
beforeAll(() => {
  stage = new Stage();
  for (const tag of REFS.filter((each) => each !== 'v20.10.12')) execFileSync('git', ['tag', tag], { cwd: stage.tree });
  engine();
});
afterAll(() => {
  stage.remove();
});
beforeEach(() => {
  out = join(stage.cwd, 'out');
  rmSync(out, { recursive: true, force: true });
  for (const name of ['calls', 'dead', 'pause', 'broken'])
    rmSync(join(stage.dir, name), { recursive: true, force: true });
  mkdirSync(join(stage.dir, 'dead'));
});

/**
 * A docker whose engine does not answer, and three builders: each is what a file of the folder `dead` says it is not. A build notes which
 * builder it had, waits while there is a file `pause`, and fails where `broken` names its version.
 */
function engine(): void {
  stage.docker(String.raw`${LEAVES}
D='${stage.dir}'
lost() { echo "ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF" >&2; exit 1; }
case "$1 $2" in
--version*) echo 'Docker version 20.10.24, build 1'; exit;;
'version --format'|'info --format') echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1;;
'buildx version') echo github.com/docker/buildx v0.13.1 1; exit;;
'buildx inspect')
  name=${'$'}{*: -1}
  case $name in one|two|three) ;; *) echo "ERROR: no builder \"$name\" found" >&2; exit 1;; esac
  printf 'Name:   %s\nDriver: remote\n\nNodes:\nName: %s0\nEndpoint: tcp://192.0.2.1:1\n' "$name" "$name"
  if [ -e "$D/dead/$name" ]; then echo 'Error: context deadline exceeded'; exit; fi
  printf 'Status: running\nBuildKit version: v0.18.2\nPlatforms: linux/${ARCH}, linux/${FOREIGN}\n'; exit;;
'buildx build')
  version= commit= arch=${ARCH}
  for word in "$@"; do case "$word" in VERSION=*) version=${'$'}{word#*=};; DOCKER_GITCOMMIT=*) commit=${'$'}{word#*=};; linux/*) arch=${'$'}{word#*/};; esac; done
  echo "$BUILDX_BUILDER $version $arch $*" >> "$D/calls"
  [ -e "$D/dead/$BUILDX_BUILDER.when-it-builds" ] && { mv "$D/dead/$BUILDX_BUILDER.when-it-builds" "$D/dead/$BUILDX_BUILDER"; lost; }
  [ -e "$D/dead/$BUILDX_BUILDER" ] && lost
  if [ -e "$D/broken" ] && grep -qx "$version" "$D/broken"; then
    echo '#2 [build-binary 1/1] RUN hack/make.sh binary'; echo '#2 1.0 cc: error'; echo '#2 ERROR: process "/bin/sh -c hack/make.sh binary" did not complete successfully: exit code: 2'; exit 1
  fi
  while [ -e "$D/pause" ]; do sleep 0.1; done
  echo '#2 [build-binary 1/1] RUN hack/make.sh binary'; echo '#2 DONE 0.2s'
  [ "$arch" = ${ARCH} ] || programs=programs-$arch
  o=bundles/binary-daemon; mkdir -p $o
  leave $o "$version" "$commit" dockerd containerd containerd-shim containerd-shim-runc-v2 ctr runc docker-init docker-proxy rootlesskit rootlesskit-docker-proxy vpnkit
  for name in dockerd-rootless.sh dockerd-rootless-setuptool.sh; do printf '#!/bin/sh\n' > $o/$name; done
  chmod 755 $o/*; exit;;
esac`);
}

const words = (...more: string[]): string[] => [
  ...['matrix', '--refs', REFS.join(','), '--arches', `${ARCH},${FOREIGN}`, '--source', stage.tree, '--out', out],
  ...['--profile', 'cn', '--no-probe', ...OWN_IMAGES, ...BUILDERS.flatMap((name) => ['--builder', name]), ...more],
];
const calls = (): string[] => {
  const file = join(stage.dir, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
const documentOf = (stdout: string): MatrixDocument => {
  const document = JSON.parse(stdout) as MatrixDocument;
  expect(DOCUMENT_SCHEMAS.matrix.safeParse(document).error).toBeUndefined();
  return document;
};
const checkSums = (): string =>
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });

describe('a matrix of eight cells on three builders', () => {
  it('survives the death of a builder and a SIGKILL, ends with every output checked, and then does nothing', async () => {
    // First: it is killed while cells are at work.
    writeFileSync(join(stage.dir, 'dead/two.when-it-builds'), '');
    writeFileSync(join(stage.dir, 'pause'), '');
    const killed = stage.start(words());
    const isLost = (): boolean => existsSync(join(stage.dir, 'dead/two'));
    await until(() => (calls().length >= 3 && isLost()) || killed.child.exitCode !== null);
    killed.child.kill('SIGKILL');
    const first = await killed.ended;
    expect(first.status, first.stderr).toBeNull();
    rmSync(join(stage.dir, 'pause'));

    // The same command goes on, though what was at work then may not have ended yet.
    const ran = await stage.run(words('--json', '--summary', join(stage.cwd, 'summary.md')));
    expect(ran.status, ran.stderr).toBe(0);
    const document = documentOf(ran.stdout);
    expect(document.totals).toMatchObject({ cells: 8, failed: 0, left: 0 });
    expect(document.builders.find(({ name }) => name === 'two')?.refused).toContain('deadline exceeded');
    const used = new Set(document.cells.map(({ builder }) => builder));
    expect([...used].sort()).toEqual(['one', 'three']);
    expect(new Set(document.cells.map(({ way }) => way))).toEqual(new Set(['native', 'cross']));
    const sums = checkSums();
    for (const { cell } of document.cells) expect(sums).toContain(`${cell}/dockerd: OK`);
    expect(readFileSync(join(stage.cwd, 'summary.md'), 'utf8')).toContain('| `v20.10.11-linux-');
    expect(readFileSync(join(out, 'logs', `${REFS[0] ?? ''}-linux-${ARCH}.build.log`), 'utf8')).toContain(
      'hack/make.sh binary',
    );

    const before = calls().length;
    const again = await stage.run(words('--json'));
    expect(again.status, again.stderr).toBe(0);
    expect(documentOf(again.stdout).totals).toMatchObject({ cells: 8, kept: 8, built: 0 });
    expect(calls()).toHaveLength(before);

    // What was changed since is found by its checksum.
    appendFileSync(join(out, `v20.10.12-linux-${ARCH}`, 'runc'), 'x');
    const changed = documentOf((await stage.run(words('--json', '--dry-run'))).stdout);
    expect(changed.cells.filter(({ state }) => state === 'planned').map(({ cell, why }) => [cell, why])).toEqual([
      [`v20.10.12-linux-${ARCH}`, 'runc was changed'],
    ]);
  }, 600_000);

  it('moves a cell off a builder that dies in its build, and does not move one whose build fails', async () => {
    writeFileSync(join(stage.dir, 'dead/one.when-it-builds'), '');
    writeFileSync(join(stage.dir, 'broken'), '20.10.13\n');
    const line = words('--json', '--keep-going').map((word) => (word === `${ARCH},${FOREIGN}` ? ARCH : word));
    const { status, stdout, stderr } = await stage.run(line);
    expect(status, stderr).toBe(6);
    const document = documentOf(stdout);
    expect(document.totals).toMatchObject({ cells: 4, built: 3, failed: 1 });
    expect(document.cells.flatMap(({ tries }) => tries).filter(({ code }) => code !== null)).toEqual([
      { builder: 'one', code: 'builder-lost' },
      expect.objectContaining({ code: 'build-failed' }),
    ]);
    const failed = document.cells.find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ cell: `v20.10.13-linux-${ARCH}`, error: { code: 'build-failed' } });
    expect(failed?.command).toContain('moby-build build --ref v20.10.13');
    expect((document as { error?: { code: string; exitCode: number } }).error).toMatchObject({
      code: 'matrix-failed',
      exitCode: 6,
    });
    // Each has cache mounts of its own, and the platform that it is for.
    expect(calls()[0]).toContain(`BUILDKIT_CACHE_MOUNT_NS=v20.10.1`);
    expect(calls()[0]).toContain(`--platform linux/${ARCH}`);
    checkSums();
  });

  it('a signal ends what runs, keeps what is built, and says how far it got', async () => {
    writeFileSync(join(stage.dir, 'pause'), '');
    const run = stage.start(words());
    onTestFinished(() => {
      run.child.kill('SIGKILL');
    });
    await until(() => calls().length >= 3 || run.child.exitCode !== null);
    run.child.kill('SIGINT');
    const { status, stderr } = await run.ended;
    expect(status, stderr).toBe(130);
    expect(stderr).toContain('0 of 8 cells are built');
    expect(readdirSync(out)).not.toContain('in-use');
  });
});

describe('before anything is built', () => {
  it('says of each cell why it cannot be planned or placed', async () => {
    for (const name of BUILDERS) writeFileSync(join(stage.dir, 'dead', name), '');
    const { status, stdout } = await stage.run(words('--json'));
    expect(status).toBe(3);
    const document = documentOf(stdout);
    expect(document.cells.map(({ error }) => error?.code)).toEqual(Array(8).fill('no-builder'));
    expect(calls()).toEqual([]);
  });

  it('a dry run needs no builder: one that does not answer is a warning, and its cells are placed by the build', async () => {
    for (const name of BUILDERS) writeFileSync(join(stage.dir, 'dead', name), '');
    const { status, stdout, stderr } = await stage.run(words('--builder', 'nobody', '--dry-run', '--json'));
    expect(status, stderr).toBe(0);
    const { cells, notes } = documentOf(stdout);
    expect(cells.map(({ state, builder, way }) => [state, builder, way])).toEqual(
      Array(8).fill(['planned', null, null]),
    );
    const away = notes.filter(({ code }) => code === 'builder-away').map(({ message }) => message);
    expect(away).toHaveLength(4);
    expect(away.join('\n')).toContain('nobody gets no cell: ERROR: no builder "nobody" found');
  });

  it('a dry run says where each cell would go, and refuses an architecture that no builder has', async () => {
    const { status, stdout } = await stage.run(words('--dry-run', '--json'));
    expect(status).toBe(0);
    expect(new Set(documentOf(stdout).cells.map(({ way }) => way))).toEqual(new Set(['native', 'cross']));
    const line = words('--dry-run', '--json').map((word) => (word === `${ARCH},${FOREIGN}` ? 's390x' : word));
    const none = await stage.run(line);
    expect(documentOf(none.stdout).cells.map(({ error }) => error?.code)).toEqual(Array(4).fill('no-builder'));
    expect(none.status).toBe(3);
  });

  it('prints the cells for people, programs and GitHub, from a file too, and asks nobody', async () => {
    writeFileSync(
      join(stage.cwd, 'matrix.yaml'),
      `refs: [v20.10.11..v20.10.13]\narches: [amd64, arm64]\nexclude: [{ref: v20.10.12, arch: arm64}]\n`,
    );
    const print = async (...more: string[]) => (await stage.run(['matrix', '--source', stage.tree, ...more])).stdout;
    expect(JSON.parse(await print('--print', 'github', '--shard', '1/3'))).toEqual({
      include: [
        { cell: 'v20.10.11-linux-amd64', ref: 'v20.10.11', arch: 'amd64', target: 'binary' },
        { cell: 'v20.10.13-linux-amd64', ref: 'v20.10.13', arch: 'amd64', target: 'binary' },
      ],
    });
    expect(JSON.parse(await print('--print', 'json'))).toHaveLength(5);
    expect(await print('--print', 'table')).toContain('v20.10.13-linux-arm64  v20.10.13  arm64  binary');
    rmSync(join(stage.cwd, 'matrix.yaml'));
    const { status, stderr } = await stage.run(['matrix']);
    expect(status).toBe(2);
    expect(stderr).toContain('--refs is missing');
  });
});

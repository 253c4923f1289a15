import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARCH, BUILDS, ofTree, OWN_IMAGES, Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => {
  stage.remove();
});

/** What the fake make read in the Dockerfile each time it was called: its image, and how often it was called. */
function tries(): readonly string[] {
  return readFileSync(join(stage.dir, 'tries'), 'utf8').trim().split('\n');
}

/** A make that writes down the base image's text, and fails with `lines` while `condition` (bash, $image, $count) holds. */
function failsWhile(condition: string, lines: readonly string[]): void {
  writeFileSync(join(stage.dir, 'tries'), '');
  writeFileSync(join(stage.dir, 'lines'), `${lines.join('\n')}\n`);
  stage.make(`
image=$(sed -n 's/^ARG GOLANG_IMAGE="\\(.*\\)"$/\\1/p' Dockerfile)
image=\${image/'\${GO_VERSION}-\${BASE_DEBIAN_DISTRO}'/1.16.12-buster}
echo "$image" >> '${stage.dir}/tries'
count=$(wc -l < '${stage.dir}/tries')
if ${condition}; then sed "s#IMAGE#$image#g" '${stage.dir}/lines'; exit 2; fi
${BUILDS}`);
}

/** The kernel's letter for a process; one that nobody has waited for yet (Z) does not run. */
function state(pid: number): string {
  const file = `/proc/${String(pid)}/stat`;
  return existsSync(file) ? (/\) (\w) /.exec(readFileSync(file, 'utf8'))?.[1] ?? '?') : 'gone';
}

/** The stage's tree with golang as an earlier run settled it, by digest from the profile's first mirror: nobody is asked. */
function keptImage(): string[] {
  const dir = join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`);
  mkdirSync(dir, { recursive: true });
  const image = {
    kind: 'image',
    name: 'golang',
    reference: 'docker.io/library/golang:1.16.12-buster',
    platform: `linux/${ARCH}`,
    digest: DIGEST,
    basis: 'operators',
    mirror: 'daocloud',
    operators: [],
  };
  const kept = { schema: 'moby-build/kept-objects/v1', profile: 'cn', images: [image], suites: [], modules: [] };
  writeFileSync(join(dir, 'objects.json'), JSON.stringify(kept));
  const words = ofTree(stage);
  const at = words.findIndex((word) => word.startsWith('golang='));
  return words.filter((_, index) => index !== at && index !== at - 1);
}

const DIGEST = `sha256:${'1'.repeat(64)}`;

const IMAGE_STEP = '#3 [internal] load metadata for IMAGE';

describe('a build whose network fails', () => {
  it('is run again where that passes, each time told, and its log holds all tries', async () => {
    failsWhile('[ "$count" -lt 2 ]', [
      IMAGE_STEP,
      '#3 ERROR: toomanyrequests: You have reached your pull rate limit',
      'failed to solve: toomanyrequests',
    ]);
    const ran = await stage.run([...ofTree(stage), '--json']);
    expect([ran.status, tries().length], ran.stderr).toEqual([0, 2]);
    const { notes, log } = JSON.parse(ran.stdout) as { notes: { code: string; message: string }[]; log: string };
    expect(notes.filter(({ code }) => code === 'build-again').map(({ message }) => message)).toEqual([
      expect.stringMatching(/too many requests.*runs again in 5 s \(try 2 of 3\)/),
    ]);
    expect(readFileSync(log, 'utf8')).toContain('toomanyrequests');
  });

  it.each([
    "fatal: unable to access 'https://ghfast.top/x': gnutls_handshake() failed: Error in the pull function.",
    "fatal: unable to access 'https://ghfast.top/x': OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x",
    "fatal: unable to access 'https://ghfast.top/x': Empty reply from server",
  ])('is run again where a clone is cut: %s', async (line) => {
    failsWhile('[ "$count" -lt 2 ]', [
      '#7 [tini 3/3] RUN PREFIX=/build /tmp/install/install.sh tini',
      "#7 1.200 Cloning into '/go/tini'...",
      `#7 5.000 ${line}`,
      '#7 ERROR: executor failed running [/bin/sh -c PREFIX=/build /tmp/install/install.sh tini]: exit code: 128',
    ]);
    const ran = await stage.run([...ofTree(stage), '--json']);
    expect([ran.status, tries().length], ran.stderr).toEqual([0, 2]);
    expect(ran.stdout).toContain('krallin/tini.git: the connection broke off. It runs again in 5 s');
  });

  it('goes on with the next mirror where that does not pass', async () => {
    failsWhile('[[ $image == docker.m.daocloud.io/* ]]', [
      IMAGE_STEP,
      '#3 ERROR: IMAGE: manifest unknown',
      'failed to solve: IMAGE: manifest unknown',
    ]);
    const ran = await stage.run([...keptImage(), '--json']);
    expect(ran.status, ran.stderr).toBe(0);
    expect(tries().map((image) => image.split('/')[0])).toEqual(['docker.m.daocloud.io', 'docker.1ms.run']);
    const document = JSON.parse(ran.stdout) as {
      notes: { code: string; message: string }[];
      points: { id: string; mirror: string }[];
      manifest: string;
    };
    expect(document.notes.filter(({ code }) => code === 'mirror-switched').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^daocloud failed the build at .*it is not there.*planned again with 1ms/),
    ]);
    expect(document.points.find(({ id }) => id === 'base/image')?.mirror).toBe('1ms');
    // What was built says what it was built from: the tree after the second plan.
    const built = join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`, 'moby/Dockerfile');
    const tree = readFileSync(built, 'utf8');
    expect(tree).not.toContain('daocloud');
    const manifest = readFileSync(document.manifest, 'utf8');
    expect(manifest).toContain('"1ms"');
    // Another mirror, the same digest.
    expect(tries().every((image) => image.endsWith(`@${DIGEST}`))).toBe(true);
    expect(manifest).not.toMatch(/docker\.m\.daocloud\.io\/library\/golang/);
  });

  it('ends with exit 6 after two switches, and nothing of the last plan is half done', async () => {
    failsWhile('true', [
      IMAGE_STEP,
      '#3 ERROR: IMAGE: pull access denied',
      'failed to solve: IMAGE: pull access denied',
    ]);
    const ran = await stage.run(keptImage());
    expect(ran.status, ran.stderr).toBe(6);
    expect(tries().map((image) => image.split('/')[0])).toEqual([
      'docker.m.daocloud.io',
      'docker.1ms.run',
      'dockerproxy.net',
    ]);
    expect(ran.stderr).toMatch(/pull access denied/);
  });

  it('changes the mirrors of each kind on their own account: two of images, and then one of modules', async () => {
    failsWhile('[ "$count" -le 2 ]', [
      IMAGE_STEP,
      '#3 ERROR: IMAGE: manifest unknown',
      'failed to solve: IMAGE: manifest unknown',
    ]);
    const modules = [
      '#9 [rootlesskit 3/3] RUN PREFIX=/build /tmp/install/install.sh rootlesskit',
      '#9 4.000 go: downloading github.com/google/uuid v1.6.0',
      '#9 5.000 cmd/rootlesskit/main.go:6:2: zip: not a valid zip file',
      '#9 ERROR: executor failed running [/bin/sh -c PREFIX=/build /tmp/install/install.sh rootlesskit]: exit code: 1',
    ];
    writeFileSync(join(stage.dir, 'modules'), `${modules.join('\n')}\n`);
    const make = readFileSync(join(stage.bin, 'make'), 'utf8').replace(
      'if [ "$count" -le 2 ]',
      `if [ "$count" = 3 ]; then cat '${join(stage.dir, 'modules')}'; exit 2; fi\nif [ "$count" -le 2 ]`,
    );
    writeFileSync(join(stage.bin, 'make'), make);
    const ran = await stage.run([...keptImage(), '--json']);
    expect(ran.status, ran.stderr).toBe(0);
    expect(tries()).toHaveLength(4);
    const { notes } = JSON.parse(ran.stdout) as { notes: { code: string; message: string }[] };
    expect(notes.filter(({ code }) => code === 'mirror-switched').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^daocloud failed/),
      expect.stringMatching(/^1ms failed/),
      expect.stringMatching(/^goproxy\.cn failed/),
    ]);
  });

  it('goes on with the next mirror where one is silent, and ends the step that waits for it', async () => {
    const pid = join(stage.dir, 'pid');
    failsWhile('[[ $image == docker.m.daocloud.io/* ]]', [IMAGE_STEP]);
    const make = readFileSync(join(stage.bin, 'make'), 'utf8').replace(
      'exit 2; fi',
      `sleep 300 & echo $! > '${pid}'; wait; exit 2; fi`,
    );
    writeFileSync(join(stage.bin, 'make'), make);
    const ran = await stage.run([...keptImage(), '--json', '--stall-timeout', '2']);
    expect(ran.status, ran.stderr).toBe(0);
    expect(tries().map((image) => image.split('/')[0])).toEqual(['docker.m.daocloud.io', 'docker.1ms.run']);
    const { notes } = JSON.parse(ran.stdout) as { notes: { code: string; message: string }[] };
    expect(notes.filter(({ code }) => /build-again|mirror-switched/.test(code))).toEqual([
      expect.objectContaining({
        code: 'mirror-switched',
        message: expect.stringMatching(/^daocloud failed the build at .*nothing came for \d+ s/) as string,
      }),
    ]);
    expect(state(Number(readFileSync(pid, 'utf8')))).toMatch(/^(?:gone|Z)$/);
  });

  it('tells that the engine went away, where no step failed and it answers no more', async () => {
    const gone = join(stage.dir, 'gone');
    stage.docker(
      `if [ -e '${gone}' ]; then echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1; fi`,
    );
    stage.make(`echo '#3 [runc 1/1] RUN make static'; touch '${gone}'; echo 'make: *** Error 1' >&2; exit 2`);
    const ran = await stage.run([...ofTree(stage), '--json']);
    expect(ran.status, ran.stderr).toBe(6);
    const { error } = JSON.parse(ran.stdout) as { error: { code: string; message: string; hint: string } };
    expect(error.code).toBe('builder-lost');
    expect(error.message).toMatch(/outside of any step[\s\S]*The engine stopped/);
    expect(error.hint).toMatch(/^Start the engine again, then run the same command again: finished steps are kept/);
  });

  it('does not say so of an engine that answers', async () => {
    stage.make(`echo 'make: *** Error 1' >&2; exit 2`);
    const ran = await stage.run([...ofTree(stage), '--json']);
    expect(ran.status, ran.stderr).toBe(6);
    expect(ran.stdout).toContain('outside of any step');
    expect(ran.stdout).not.toContain('went away');
  });

  it('tells what failed the build where the tree cannot be planned without that mirror', async () => {
    const dir = join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`);
    mkdirSync(dir, { recursive: true });
    const image = {
      ...{ kind: 'frontend', name: 'docker/dockerfile', reference: 'docker.io/docker/dockerfile:1.2' },
      ...{ platform: `linux/${ARCH}`, digest: DIGEST, basis: 'operators', mirror: 'daocloud', operators: [] },
    };
    const kept = { schema: 'moby-build/kept-objects/v1', profile: 'mine', images: [image], suites: [], modules: [] };
    writeFileSync(join(dir, 'objects.json'), JSON.stringify(kept));
    const lists = { image: '1ms', apt: 'aliyun', git: 'ghfast.top', gomod: 'goproxy.cn' };
    const profile = join(stage.dir, 'mine.json');
    writeFileSync(profile, JSON.stringify({ name: 'mine', mirrors: { ...lists, frontend: ['daocloud', 'builtin'] } }));
    // The frontend of the engine at hand does not read this.
    const dockerfile = join(stage.tree, 'Dockerfile');
    writeFileSync(dockerfile, `${readFileSync(dockerfile, 'utf8')}\nFROM base AS more\nRUN <<EOF\ntrue\nEOF\n`);
    failsWhile('true', [
      '#2 resolve image config for docker-image://docker.m.daocloud.io/docker/dockerfile:1.2',
      '#2 ERROR: docker.m.daocloud.io/docker/dockerfile:1.2: manifest unknown',
      'failed to solve: docker.m.daocloud.io/docker/dockerfile:1.2: manifest unknown',
    ]);
    const ran = await stage.run(['--source', stage.tree, '--profile', profile, '--no-probe', ...OWN_IMAGES]);
    expect([ran.status, tries().length], ran.stderr).toEqual([6, 1]);
    expect(ran.stderr).toContain('manifest unknown');
  });

  it('is not run again for what the network did not do', async () => {
    failsWhile('true', [
      '#3 [runc 1/1] RUN make static',
      '#3 0.5 undefined reference to `seccomp_init`',
      '#3 ERROR: process did not complete: exit code: 2',
    ]);
    const ran = await stage.run(ofTree(stage));
    expect([ran.status, tries().length], ran.stderr).toEqual([6, 1]);
  });

  it('keeps to the mirror that a flag names', async () => {
    failsWhile('true', [IMAGE_STEP, '#3 ERROR: IMAGE: manifest unknown', 'failed to solve: IMAGE: manifest unknown']);
    const ran = await stage.run([...ofTree(stage), '--mirror', 'image=hub.example/{image}']);
    expect([ran.status, tries().length], ran.stderr).toEqual([6, 1]);
  });
});

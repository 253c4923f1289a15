import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../src/system/process/process-tree.ts';
import { until } from '../system/processes.ts';
import { ARCH, BUILDS, ofTree, Stage } from './stage.ts';

let stage: Stage;
let out: string;
beforeEach(() => {
  stage = new Stage();
  out = join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
  // The last of all: a test may have something running here, which it ends in the same way.
  onTestFinished(() => {
    stage.remove();
  });
});

/** Waits until the fake make has written its file: a shell makes it empty first. */
async function fromMake({ child, seen }: ReturnType<Stage['start']>): Promise<string> {
  const file = join(stage.dir, 'pid');
  const text = (): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  await until(() => text() !== '' || child.exitCode !== null);
  if (text() === '') throw new Error(`it never came to make: ${seen()}`);
  return text();
}

/** Starts the command; a test that fails before its end leaves nothing running. */
function started(args: readonly string[]): ReturnType<Stage['start']> {
  const run = stage.start(args);
  onTestFinished(async () => {
    run.child.kill('SIGTERM');
    await run.ended;
  });
  return run;
}

const work = () => join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`);

describe('moby-build build', () => {
  it('runs from the options to the manifest, and says where everything is', async () => {
    const { status, stdout, stderr } = await stage.run(ofTree(stage));
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('dockerd');
    expect(stdout).toBe(`${out}\n`);
    expect(lstatSync(join(out, 'dockerd')).isSymbolicLink()).toBe(true);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      ref: 'v20.10.12',
      commit: stage.commit,
      pin: 'unchecked',
      stamped: { version: '20.10.12' },
    });
    expect(readFileSync(join(work(), 'build.log'), 'utf8')).toContain('hack/make.sh binary');
  });

  it('tells how many steps there are and how long it took last time, once it has built', async () => {
    const first = await stage.run(ofTree(stage));
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).not.toContain('last time');
    writeFileSync(
      join(work(), 'last-build.json'),
      JSON.stringify({ target: 'binary', steps: 9, cached: 0, seconds: 90 }),
    );
    const second = await stage.run(ofTree(stage));
    expect(second.stderr).toMatch(/ of 9 steps {2}.*last time 1 min 30 s/u);
    writeFileSync(join(work(), 'last-build.json'), 'damaged');
    const third = await stage.run(ofTree(stage));
    expect(third.status, third.stderr).toBe(0);
    expect(third.stderr).not.toContain('last time');
  });

  it('says in the manifest that it comes after the checks, not that its own build did not end', async () => {
    expect((await stage.run(ofTree(stage))).status).toBe(0);
    const { checks } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      checks: { id: string; seen: string }[];
    };
    expect(checks.find(({ id }) => id === 'manifest')?.seen).toBe('it is written next');
  });

  it('leaves the user’s own tree alone, and builds a copy with what is changed in it', async () => {
    appendFileSync(join(stage.tree, 'Makefile'), '# mine\n');
    const before = readFileSync(join(stage.tree, 'Dockerfile'), 'utf8');
    const { stderr } = await stage.run(ofTree(stage));
    expect(stderr).toContain('differs from its commit in 1 file: Makefile');
    expect(readFileSync(join(stage.tree, 'Dockerfile'), 'utf8')).toBe(before);
    expect(existsSync(join(stage.tree, 'bundles'))).toBe(false);
    expect(readFileSync(join(work(), 'moby/Makefile'), 'utf8')).toContain('# mine');
    expect(readFileSync(join(work(), 'moby/Dockerfile'), 'utf8')).toContain('docker.m.daocloud.io');
  });

  it('patches the tree itself with --in-place', async () => {
    await stage.run([...ofTree(stage), '--in-place']);
    expect(readFileSync(join(stage.tree, 'Dockerfile'), 'utf8')).toContain('docker.m.daocloud.io');
    const again = await stage.run([...ofTree(stage), '--in-place']);
    expect(again.stderr).toContain('the tree is built as it is');
  });

  it('hands every option on to the build', async () => {
    stage.make(`printf '%s\\n' "$DOCKER_BUILD_ARGS" "$DOCKER_BUILD_OPTS" "$@" > '${stage.dir}/seen'; ${BUILDS}`);
    await stage.run([
      ...ofTree(stage),
      ...['--build-arg', "RUNC_COMMIT=a b'$c", '--network', 'host', '--add-host', 'x:198.51.100.1'],
      ...['--docker-build-opt=--no-cache', '--make-arg', 'PRODUCT=mine'],
    ]);
    const seen = readFileSync(join(stage.dir, 'seen'), 'utf8');
    expect(seen).toContain(`--build-arg 'RUNC_COMMIT=a b`);
    expect(seen).toContain('--network host --add-host x:198.51.100.1 --no-cache');
    expect(seen).toContain('PRODUCT=mine');
    expect(seen).toContain('VERSION=20.10.12');
    expect(seen).toContain(`DOCKER_GITCOMMIT=${stage.commit.slice(0, 7)}`);
  });

  it('ends a failed build with the step, the lines that tell, the log and exit 6; nothing is collected', async () => {
    stage.make(
      `echo '#5 [containerd 2/2] RUN install.sh containerd'; echo '#5 1.2 fatal: unable to access: Could not resolve host: github.com'; echo '#5 ERROR: executor failed running: exit code: 128'; exit 2`,
    );
    const { status, stderr } = await stage.run(ofTree(stage));
    expect(status).toBe(6);
    expect(stderr).toContain('containerd 2/2');
    expect(stderr).toContain('Could not resolve host');
    expect(stderr).toContain('build.log');
    expect(existsSync(out)).toBe(false);
  });

  it('takes no damaged binary: moby’s own checksums are looked at again', async () => {
    stage.make(`${BUILDS}\necho broken >> $out/runc`);
    const { status, stderr } = await stage.run(ofTree(stage));
    expect(status).toBe(7);
    expect(stderr).toContain('runc');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    // The terminal is gone.
    ['SIGHUP', 143],
  ] as const)('ends everything on %s, and the next run takes the work up', async (signal, code) => {
    stage.make(`sleep 300 & echo $! > '${stage.dir}/pid'; echo '#1 [base 1/1] FROM golang'; wait`);
    const run = started(ofTree(stage));
    const grandchild = Number(await fromMake(run));
    run.child.kill(signal);
    const { status, stderr } = await run.ended;
    expect(status).toBe(code);
    expect(stderr).toContain(`Interrupted by ${signal}.\n  Finished work is kept`);
    expect(stderr).toMatch(/ {2}next: moby-build --source \S+ --profile cn/u);
    expect(isAlive({ pid: grandchild, parent: 0, start: '' })).toBe(false);
    expect(readdirSync(work()).sort()).toEqual(['CACHEDIR.TAG', 'build.log', 'moby', 'run.jsonl']);
    stage.make(BUILDS);
    const again = await stage.run(ofTree(stage));
    expect(again.status, again.stderr).toBe(0);
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  });

  it('goes on after kill -9 at any step, and two runs do not mix', async () => {
    stage.make(`echo $$ > '${stage.dir}/pid'; exec sleep 300`);
    const run = started(ofTree(stage));
    const orphan = Number(await fromMake(run));
    // Nobody else ends what a killed run had started.
    onTestFinished(() => {
      process.kill(orphan, 'SIGKILL');
    });
    const second = await stage.run(ofTree(stage));
    expect(second.status).toBe(3);
    expect(second.stderr).toContain(String(run.child.pid));
    run.child.kill('SIGKILL');
    await run.ended;
    stage.make(BUILDS);
    expect((await stage.run(ofTree(stage))).status).toBe(0);
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  });

  it('builds in the user’s own tree for one run at a time, also where their work dirs differ', async () => {
    stage.make(`echo up > '${stage.dir}/pid'; sleep 300`);
    const inPlace = [...ofTree(stage), '--in-place'];
    const run = started(inPlace);
    await fromMake(run);
    const second = await stage.run([...inPlace, '--ref', 'v20.10.11']);
    run.child.kill('SIGTERM');
    await run.ended;
    expect(second.status, second.stderr).toBe(3);
    expect(second.stderr).toContain(`(process ${String(run.child.pid)}) works in ${stage.tree}`);
  });

  it('shows with --dry-run the very patch set of patch, and writes nothing', async () => {
    const before = readdirSync(stage.dir).sort();
    const dry = await stage.run(['build', ...ofTree(stage), '--dry-run', '--sources', 'mirror']);
    const patch = await stage.run(['patch', ...ofTree(stage)]);
    expect(dry.status).toBe(0);
    expect(dry.stdout).toBe(patch.stdout);
    expect(dry.stderr).toContain('nothing was written');
    expect(dry.stderr).toContain(
      'git https://ghfast.top/https://github.com/containerd/containerd.git (mirror ghfast.top)',
    );
    expect(readdirSync(stage.dir).sort()).toEqual(before);
    expect(readdirSync(stage.cwd)).toEqual([]);
  });
});

describe('moby-build verify', () => {
  it('is exit 7 on what is damaged or missing, with a line for each', async () => {
    await stage.run(ofTree(stage));
    appendFileSync(join(out, 'runc'), 'x');
    const { status, stdout } = await stage.run(['verify', out, '--json']);
    const document = JSON.parse(stdout) as { checks: { id: string; result: string }[]; error: { exitCode: number } };
    expect(status).toBe(7);
    expect(document.error.exitCode).toBe(7);
    expect(document.checks.some(({ id, result }) => id.includes('runc') && result === 'failed')).toBe(true);
    expect((await stage.run(['verify', out])).stderr).toMatch(/failed\.\n {2}next: moby-build verify /u);
  });

  it('is exit 2 on a folder that is not there', async () => {
    expect((await stage.run(['verify', '/nowhere/at/all'])).status).toBe(2);
  });
});

import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../src/system/process/process-tree.ts';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
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
    expect(readdirSync(work()).sort()).toEqual(['CACHEDIR.TAG', 'build.log', 'moby']);
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
    expect(dry.stderr).toContain('git https://github.com/containerd/containerd.git (mirror ghfast.top)');
    expect(readdirSync(stage.dir).sort()).toEqual(before);
    expect(readdirSync(stage.cwd)).toEqual([]);
  });
});

describe('moby-build clean', () => {
  /** A temporary directory of the stage's own: what a run of somebody else left is not ours to remove. */
  const clean = (...args: string[]) => {
    const temporary = join(stage.dir, 'temporary');
    mkdirSync(temporary, { recursive: true });
    return stage.run(['clean', ...args], { TMPDIR: temporary });
  };

  it('shows what earlier runs left, and removes it only when told', async () => {
    await stage.run(ofTree(stage));
    const shown = await clean();
    expect(shown.stderr).toContain(work());
    expect(existsSync(work())).toBe(true);
    const cleaned = await clean('--yes');
    expect(cleaned.status).toBe(0);
    expect(existsSync(work())).toBe(false);
    expect(existsSync(out)).toBe(true);
    expect((await clean()).stderr).not.toContain(work());
  });

  it('leaves everything alone that it did not make', async () => {
    const root = join(stage.dir, 'mine');
    mkdirSync(join(root, 'photos'), { recursive: true });
    writeFileSync(join(root, 'photos/a.jpg'), 'x');
    // Names as work dirs have them: a Node that was unpacked there, what a build made, and a folder that somebody is about to fill.
    const others = ['moby-v20.10.12-linux-arm64', 'node-v20.19.0-linux-x64', 'soon-linux-x64'];
    for (const name of others) mkdirSync(join(root, name, name.startsWith('soon') ? '' : 'bin'), { recursive: true });
    // A clone that the user made, and the cache of another program.
    const clones = ['v20.10.12-linux-arm64', 'v20.10.13-linux-arm64'];
    for (const name of clones) mkdirSync(join(root, name, 'moby/.git'), { recursive: true });
    writeFileSync(
      join(root, 'v20.10.13-linux-arm64/CACHEDIR.TAG'),
      'Signature: 8a477f597d28d172789f06886806bc55\n# by another\n',
    );
    const { status } = await clean('--yes', '--work-dir', root);
    expect(status).toBe(0);
    expect(readdirSync(root).sort()).toEqual([...others, ...clones, 'photos'].sort());
  });

  it('knows a work dir by its mark, however early the run ended', async () => {
    const root = join(stage.dir, 'early');
    await stage.run([...ofTree(stage), '--work-dir', root]);
    const [dir = ''] = readdirSync(root).filter((name) => name.includes('-linux-'));
    expect(readFileSync(join(root, dir, 'CACHEDIR.TAG'), 'utf8')).toMatch(
      /^Signature: 8a477f597d28d172789f06886806bc55\n/,
    );
    for (const name of readdirSync(join(root, dir)))
      if (!['CACHEDIR.TAG', 'moby'].includes(name)) rmSync(join(root, dir, name), { recursive: true });
    await clean('--yes', '--work-dir', root);
    expect(existsSync(join(root, dir))).toBe(false);
  });
});

describe('moby-build clean --yes', () => {
  it('knows nothing of the lab, and finds what SIGKILL left of a copy', async () => {
    const root = join(stage.dir, 'killed');
    const cache = join(stage.dir, 'cache-of-others');
    mkdirSync(join(cache, 'x'), { recursive: true });
    mkdirSync(join(root, 'v20.10.12-linux-arm64/.moby.copy-1234567-0a1b2c3d/hack'), { recursive: true });
    const { status } = await stage.run(['clean', '--yes', '--work-dir', root], { LAB_CACHE: cache });
    expect(status).toBe(0);
    expect(readdirSync(root)).toEqual([]);
    expect(existsSync(join(cache, 'x'))).toBe(true);
  });

  it('says what it did not remove: in use is exit 0, a failure is exit 1', async () => {
    const root = join(stage.dir, 'stays');
    const [used, stuck] = ['v20.10.12-linux-arm64', 'v20.10.13-linux-arm64'].map((name) => join(root, name));
    for (const dir of [used, stuck]) mkdirSync(join(dir ?? '', 'moby'), { recursive: true });
    const start = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ')[19];
    writeFileSync(join(stuck ?? '', 'out-dir'), `${join(root, 'out')}\n`);
    writeFileSync(join(used ?? '', 'in-use'), JSON.stringify({ pid: process.pid, start }));
    const busy = JSON.parse((await stage.run(['clean', '--yes', '--work-dir', root, '--json'])).stdout) as Cleaned;
    expect(() => DOCUMENT_SCHEMAS.clean.parse(busy)).not.toThrow();
    const ofRoot = ({ leftovers }: Cleaned) => leftovers.filter(({ path }) => path.startsWith(root));
    expect(ofRoot(busy).map(({ usedBy, removed }) => [usedBy, removed])).toEqual([
      [process.pid, false],
      [null, true],
    ]);
    expect(existsSync(used ?? '')).toBe(true);

    // A file system in it is what rm(1) does not remove either.
    mkdirSync(join(stuck ?? '', 'moby/mounted'), { recursive: true });
    writeFileSync(join(stuck ?? '', 'out-dir'), `${join(root, 'out')}\n`);
    execFileSync('mount', ['-t', 'tmpfs', 'none', join(stuck ?? '', 'moby/mounted')]);
    try {
      const failed = await stage.run(['clean', '--yes', '--work-dir', root]);
      expect(failed.status).toBe(1);
      expect(failed.stderr).toMatch(/not removed .*v20\.10\.13/u);
      expect(failed.stderr).toMatch(/v20\.10\.13-linux-arm64: .*busy/u);
    } finally {
      execFileSync('umount', [join(stuck ?? '', 'moby/mounted')]);
    }
  });
});

interface Cleaned {
  readonly leftovers: readonly { path: string; usedBy: number | null; removed: boolean }[];
}

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

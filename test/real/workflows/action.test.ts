import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sha256Of } from '../../../src/artifacts/sha256sums.ts';
import { ARCH, OWN_IMAGES, Stage } from '../commands/stage.ts';
import { commandsIn, readOutputs, runAction, type ActionRun } from './runner.ts';

/** A folder for a job. `node` there writes down what it is called with, a word a line, and does nothing else. */
function recordedJob() {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-action-'));
  onTestFinished(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  const [bin, cwd] = [join(dir, 'bin'), join(dir, 'job')];
  for (const folder of [bin, cwd]) mkdirSync(folder);
  const record = `#!/bin/bash\ncase $1 in */moby-build.cjs) printf '%s\\0' "$@" > '${dir}/words'; exit 3;; esac\n`;
  writeFileSync(join(bin, 'node'), record, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: dir };
  return {
    ...{ dir, cwd },
    run: (inputs: Readonly<Record<string, string>>): Promise<ActionRun> =>
      runAction(inputs, { dir: join(dir, 'runner'), cwd, env }),
    words: (): readonly string[] => readFileSync(join(dir, 'words'), 'utf8').split('\0').slice(1, -1),
  };
}

const HOSTILE = [
  `v1"; touch owned; "`,
  `v1'; touch owned; '`,
  'v1$(touch owned)`touch owned`',
  'v1\nartifact=mine\ndirectory=/etc\nEOF\nkept<<x\n/etc\nx',
  '--help',
  '-x ${{ github.token }} ::error::x %0A::set-output name=a::b',
];

describe('the action, step by step, with values that would be more than values', () => {
  it.each(HOSTILE)('%j reaches moby-build as it is, and nothing else of it happens', async (value) => {
    const job = recordedJob();
    const named = { ref: value, arch: value, profile: value, target: value, out: value, artifact: value };
    const { status, outputs, steps } = await job.run({
      ...named,
      report: value,
      args: `--make-arg\n${value}\n\n--quiet`,
    });
    expect(status).toBe(3);
    const words = job.words();
    for (const name of ['ref', 'arch', 'profile', 'target', 'out', 'report'])
      expect(words).toContain(`--${name}=${value}`);
    const args = ['--make-arg', ...value.split('\n'), '--quiet'];
    expect(words.slice(-args.length)).toEqual(args);
    expect(readdirSync(job.cwd)).toEqual([]);
    expect(steps['names']?.['artifact']).toMatch(/^[\w.-]{1,100}$/u);
    expect(Object.keys(steps['names'] ?? {}).sort()).toEqual(['artifact', 'cache', 'kept', 'name', 'week', 'work']);
    expect(Object.keys(steps['build'] ?? {})).toEqual(['kept']);
    expect(outputs).toMatchObject({ directory: '', report: '', version: '' });
  });

  it('says nothing where an input is left empty, and names the artifact after the runner', async () => {
    const job = recordedJob();
    const { outputs, steps } = await job.run({ report: '' });
    const words = job.words().map((word) => word.replace(/=.*/u, ''));
    expect(words).toEqual(['build', '--ref', '--profile', '--out', '--work-dir', '--report']);
    expect(outputs['artifact']).toBe('moby-v20.10.12-linux-amd64');
    expect(steps['names']?.['cache']).toBe('moby-build-1-moby-v20.10.12-linux-amd64-upstream-');
    const other = recordedJob();
    expect((await other.run({ arch: 'arm64', target: 'all' })).outputs['artifact']).toBe(
      'moby-v20.10.12-linux-arm64-all',
    );
  });

  it('takes no report for its own that lay there before', async () => {
    const job = recordedJob();
    writeFileSync(join(job.cwd, 'moby-report.html'), 'of another run');
    const { outputs, steps } = await job.run({});
    expect(outputs['report']).toBe('');
    expect(readdirSync(steps['build']?.['kept'] ?? '')).toEqual([]);
  });

  it.each(['smoke', 'cache', 'upload', 'attest'])('%s is true or false, and nothing else', async (name) => {
    const job = recordedJob();
    const { status, stdout } = await job.run({ [name]: 'yes\n::set-output name=x::y' });
    expect(status).toBe(2);
    expect(stdout).toBe(`::error title=moby-build::The input "${name}" must be true or false.\n`);
    expect(existsSync(join(job.dir, 'words'))).toBe(false);
  });

  it('an output file with a line that is none is refused, as the runner does', () => {
    expect(() => readOutputs('a\n')).toThrow('invalid format');
    expect(readOutputs('a=1\nb<<E\nx=y\nE\n')).toEqual({ a: '1', b: 'x=y' });
  });
});

describe('the action with the real command', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
    // The components that no mirror of these tests has.
    const work = join(stage.dir, 'runner/temp/moby-build');
    mkdirSync(work, { recursive: true });
    renameSync(join(stage.dir, 'cache/moby-build/store'), join(work, 'store'));
    onTestFinished(() => {
      stage.remove();
    });
  });

  /** The tree of the stage, which the action has no input for. */
  const inputs = () => ({
    arch: ARCH,
    profile: 'cn',
    args: ['--source', stage.tree, '--no-probe', ...OWN_IMAGES].join('\n'),
  });
  const place = () => ({ dir: join(stage.dir, 'runner'), cwd: stage.cwd, env: stage.environment() });

  it('builds: outputs, summary, groups, and what is kept for the artifact', async () => {
    const { status, stderr, outputs, steps, summary } = await runAction(inputs(), place());
    expect(status, stderr).toBe(0);
    const directory = join(stage.cwd, 'moby-out');
    expect(outputs).toEqual({
      ...{ directory, manifest: join(directory, 'manifest.json'), version: '20.10.12' },
      ...{ report: join(stage.cwd, 'moby-report.html'), artifact: `moby-v20.10.12-linux-${ARCH}` },
      checksums: join(stage.dir, 'runner/temp/moby-build-kept/SHA256SUMS'),
      packages: '',
    });
    const checked = execFileSync('sha256sum', ['--check', '--quiet', outputs['checksums'] ?? ''], { cwd: directory });
    expect(String(checked)).toBe('');
    const kept = steps['build']?.['kept'] ?? '';
    const archive = `moby-v20.10.12-linux-${ARCH}.tar.gz`;
    const beside = ['SHA256SUMS', archive, 'moby-report.html', 'provenance.json', 'sbom.cdx.json'];
    expect(new Set(readdirSync(kept))).toEqual(new Set(beside));
    const listed = String(execFileSync('tar', ['-tvf', join(kept, archive)]));
    expect(listed).toMatch(/^l.* \.\/dockerd -> dockerd-20\.10\.12$/mu);
    expect(summary).toContain(`# Build of v20.10.12 for linux/${ARCH}`);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    const commands = commandsIn(stderr);
    expect(commands).toContain('::group::Compile');
    expect(commands.filter((line) => line === '::endgroup::')).toHaveLength(
      commands.filter((line) => line.startsWith('::group::')).length,
    );
  });

  it('keeps packages for the artifact, where they are made; those of an earlier run are not its own', async () => {
    const packages = join(stage.cwd, 'moby-out-packages');
    mkdirSync(packages);
    writeFileSync(join(packages, 'docker-1.tgz'), 'of another run');
    writeFileSync(join(packages, 'SHA256SUMS'), `${sha256Of('of another run')}  docker-1.tgz\n`);
    expect((await runAction(inputs(), place())).outputs).toMatchObject({ version: '20.10.12', packages: '' });
    const given = { ...inputs(), args: `${inputs().args}\n--pack=tgz` };
    const { status, stderr, outputs, steps } = await runAction(given, place());
    expect(status, stderr).toBe(0);
    expect(outputs['packages']).toBe(packages);
    const kept = join(steps['build']?.['kept'] ?? '', 'packages');
    execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: kept });
    expect(readdirSync(kept)).toContain('docker-20.10.12.tgz');
  });

  it('fails: the error is the first annotation, lines of the build are no commands, log and report are kept', async () => {
    stage.make(
      `echo '#5 [build-binary 1/1] RUN hack/make.sh binary'; echo '#5 1.2 ::add-path::/tmp error: undefined'; echo '#5 ERROR: executor failed running: exit code: 1'; exit 2`,
    );
    const { status, stderr, outputs, steps, summary } = await runAction({ ...inputs(), report: 'new.html' }, place());
    expect(status, stderr).toBe(6);
    expect(stderr).toMatch(/^ +::add-path/mu);
    const commands = commandsIn(stderr).filter((line) => !/^::(?:end)?group::/u.test(line));
    expect(commands[0]).toMatch(/^::error title=moby-build build-failed::/u);
    expect(commands.join('\n')).not.toMatch(/^\s*::add-path/mu);
    expect(summary).toContain('build-failed');
    expect(outputs).toMatchObject({ directory: '', version: '', report: join(stage.cwd, 'new.html') });
    expect(new Set(readdirSync(steps['build']?.['kept'] ?? ''))).toEqual(new Set(['build.log', 'new.html']));
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../system/processes.ts';
import { ARCH, BUILDS, ofTree, Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
  onTestFinished(() => {
    stage.remove();
  });
});

const work = () => join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`);
const out = () => join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
const read = (name: string) => readFileSync(join(stage.cwd, name), 'utf8');

describe('build --report', () => {
  it('writes both forms; report shows the same from work dir and out dir, and what changed since the run before', async () => {
    const first = await stage.run([...ofTree(stage), '--report', 'one.html', '--report', 'one.md']);
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).toContain(`The report: ${join(stage.cwd, 'one.html')}`);
    expect(read('one.html')).toContain('<title>Build of v20.10.12 for ');
    expect(read('one.md')).toContain('Built in');
    expect(read('one.md')).toContain('There is no record of an earlier run');
    expect(await stage.run(['report'])).toMatchObject({ status: 0, stdout: read('one.md') });
    expect((await stage.run(['report', out()])).stdout).toBe(read('one.md'));

    const second = await stage.run([...ofTree(stage), '--build-arg', 'MY_TOKEN=hunter2hunter2', '--report', 'two.md']);
    expect(second.status, second.stderr).toBe(0);
    expect(read('two.md')).toContain('| option | `buildArgs` |');
    for (const text of [read('two.md'), readFileSync(join(work(), 'run.jsonl'), 'utf8')])
      expect(text).not.toContain('hunter2');
    expect((await stage.run(['clean'])).stderr).toContain(work());
  });

  it('writes it where the build fails, with its error, and keeps the exit code', async () => {
    stage.make(`echo '#1 [base 1/2] FROM docker.io/library/golang'; echo '#1 DONE 0.1s'
echo '#2 [base 2/2] RUN apt-get update'; echo '#2 ERROR: process "/bin/sh -c apt-get update" did not complete successfully: exit code: 100'; exit 1`);
    const { status, stderr } = await stage.run([...ofTree(stage), '--report', 'failed.md']);
    expect(status, stderr).toBe(6);
    expect(read('failed.md')).toMatch(/Failed with exit code 6[^]*\[build-failed\][^]*apt-get update[^]*failed/u);
    const { stdout } = await stage.run(['report', work(), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', exitCode: 6, steps: { all: 2, failed: 1 } });
  });

  it('loses nothing where the run is killed; the log alone has the steps', async () => {
    const pid = join(stage.dir, 'pid');
    stage.make(`echo '#1 [base 1/1] RUN sleep'; echo $$ > ${pid}; exec sleep 60`);
    const { child, ended, seen } = stage.start([...ofTree(stage), '--report', 'never.md']);
    const record = join(work(), 'run.jsonl');
    await until(
      () => (existsSync(record) && readFileSync(record, 'utf8').includes('RUN sleep')) || child.exitCode !== null,
    );
    expect(child.exitCode, seen()).toBeNull();
    child.kill('SIGKILL');
    await ended;
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL');
    expect(existsSync(join(stage.cwd, 'never.md'))).toBe(false);
    const { stdout } = await stage.run(['report', work()]);
    expect(stdout).toMatch(/No end is recorded[^]*RUN sleep[^]*not ended/u);
    const log = await stage.run(['report', join(work(), 'build.log')]);
    expect(log.stdout).toContain('Only a log is there');
    expect(log.stdout).toContain('RUN sleep');
  });
});

describe('report', () => {
  it('says where there is nothing, or no text', async () => {
    expect(await stage.run(['report'])).toMatchObject({ status: 2, stdout: '' });
    writeFileSync(join(stage.cwd, 'x.log'), Buffer.from([0x1f, 0x8b, 0, 0, 0]));
    for (const place of ['nowhere', 'x.log', '.']) expect((await stage.run(['report', place])).status, place).toBe(2);
    expect((await stage.run(['report', '--report', 'x.txt'])).stderr).toContain('.html or .md');
  });

  it('is not stopped by a record that was cut', async () => {
    stage.make(BUILDS);
    expect((await stage.run(ofTree(stage))).status).toBe(0);
    const record = join(work(), 'run.jsonl');
    const text = readFileSync(record, 'utf8');
    writeFileSync(record, text.slice(0, -40));
    expect((await stage.run(['report'])).stdout).toContain('No end is recorded');
    // The locale decides, and --lang over it.
    const chinese = { LANG: 'zh_CN.UTF-8' };
    expect((await stage.run(['report'], chinese)).stdout).toContain('没有结束记录');
    expect((await stage.run(['report', '--lang', 'en'], chinese)).stdout).toContain('No end is recorded');
    await stage.run(['report', '--lang', 'zh', '--report', 'zh.html']);
    expect(readFileSync(join(stage.cwd, 'zh.html'), 'utf8')).toContain('<html lang="zh-CN">');
  });
});

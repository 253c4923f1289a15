import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const file = join(stage.cwd, 'moby-build.yaml');
afterAll(() => {
  stage.remove();
});
afterEach(() => {
  for (const ending of ['yaml', 'yml', 'json']) rmSync(join(stage.cwd, `moby-build.${ending}`), { force: true });
});

interface Shown {
  readonly file: string | null;
  readonly values: readonly { key: string; value: unknown; origin: string; place: string | null }[];
}

describe('config show', () => {
  it('says of each value who said it, and where', async () => {
    writeFileSync(file, 'profile: cn\nmirrors:\n  git: https://file.example/{url}\nbuildArgs: {A_TOKEN: verysecret}\n');
    const env = {
      MOBY_BUILD_TARGET: 'dynbinary',
      MOBY_BUILD_NO_PROBE: '1',
      MOBY_BUILD_MIRROR: 'gomod=https://env.example',
    };
    const line = ['config', 'show', '--platform', 'linux/arm64', '--mirror', 'apt=https://flag.example/debian'];
    const { status, stdout, stderr } = await stage.run([...line, '--json'], env);
    expect(status, stderr).toBe(0);
    const document = JSON.parse(stdout) as Shown;
    expect(document.file).toBe(file);
    const of = (key: string) => document.values.find((each) => each.key === key);
    expect(of('arch')).toEqual({ key: 'arch', value: 'arm64', origin: 'flag', place: '--platform' });
    expect(of('target')).toMatchObject({ value: 'dynbinary', origin: 'environment', place: 'MOBY_BUILD_TARGET' });
    expect(of('probe')).toMatchObject({ value: false, origin: 'environment', place: 'MOBY_BUILD_NO_PROBE' });
    expect(of('profile')).toMatchObject({ value: 'cn', origin: 'file', place: 'moby-build.yaml:1:10' });
    expect(of('mirrors.git')).toMatchObject({ origin: 'file', place: 'moby-build.yaml:3:8' });
    expect(of('mirrors.gomod')).toMatchObject({ origin: 'environment', place: 'MOBY_BUILD_MIRROR' });
    expect(of('mirrors.apt')).toMatchObject({ origin: 'flag', place: '--mirror' });
    expect(of('mirrors.image')).toMatchObject({ origin: 'profile', place: 'cn' });
    expect(of('ref')).toMatchObject({ value: 'v20.10.12', origin: 'default', place: null });
    expect(of('network')).toMatchObject({ value: null, origin: 'default' });
    expect(stdout).not.toContain('verysecret');
  });

  it('shows the same as a table, whole in a pipe', async () => {
    const long = `https://${'long.'.repeat(30)}example/{url}`;
    const { status, stdout, stderr } = await stage.run(['config', '--mirror', `git=${long}`]);
    expect(status).toBe(0);
    expect(stdout).toContain(long);
    expect(stdout).toMatch(/^arch +default +\S+$/mu);
    expect(stderr).toContain('No configuration file was read.');
  });
});

describe('config schema', () => {
  it('is the schema that the package has', async () => {
    const written = readFileSync(join(packageRoot(), 'schemas/options.schema.json'), 'utf8');
    for (const more of [[], ['--json']]) {
      const { status, stdout } = await stage.run(['config', 'schema', ...more]);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toEqual(JSON.parse(written));
    }
  });
});

describe('config init', () => {
  it('writes a file that is understood, with what the line says', async () => {
    const written = await stage.run([
      'config',
      'init',
      '--yes',
      '--profile',
      'cn',
      '--mirror',
      'git=https://m.example/{url}',
    ]);
    expect(written).toMatchObject({ status: 0, stdout: `${file}\n` });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('\nprofile: "cn"\n');
    expect(text).toContain('\n#suite: NAME\n');
    const { values } = JSON.parse((await stage.run(['config', 'show', '--json'])).stdout) as Shown;
    expect(values.filter(({ origin }) => origin === 'file').map(({ key, value }) => [key, value])).toEqual([
      ['profile', 'cn'],
      ['mirrors.git', 'https://m.example/{url}'],
    ]);
  });

  it('writes nothing where nobody can be asked, but shows the file', async () => {
    const { status, stdout, stderr } = await stage.run(['config', 'init']);
    expect(status).toBe(0);
    expect(stdout).toContain('#profile: auto');
    expect(stderr).toContain('Nothing was written. Add --yes');
    expect(existsSync(file)).toBe(false);
  });

  it.each(['yaml', 'yml', 'json'])('never overwrites moby-build.%s', async (ending) => {
    const there = join(stage.cwd, `moby-build.${ending}`);
    writeFileSync(there, '{"profile": "direct"}\n');
    const { status, stderr } = await stage.run(['config', 'init', '--yes', '--profile', 'cn']);
    expect(status).toBe(2);
    expect(stderr).toContain(`moby-build: ${there} is there already`);
    expect(stderr).toContain('next: moby-build config show');
    expect(readFileSync(there, 'utf8')).toBe('{"profile": "direct"}\n');
  });

  // script(1) of util-linux makes a terminal; Debian always has it.
  it.skipIf(!existsSync('/usr/bin/script'))('asks on a terminal, and again after a wrong answer', async () => {
    const command = `${process.execPath} ${join(packageRoot(), 'bin/moby-build.cjs')} config init`;
    stage.program('asked', `exec /usr/bin/script -qec '${command}' /dev/null`);
    const { status, stdout } = await typed(['upstraem\n', 'upstream\n', '\n', 'v27.5.1\n']);
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('did you mean upstream?');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('\nprofile: "upstream"\n');
    expect(text).toContain('\nref: "v27.5.1"\n');
    expect(text).toContain('\n#arch: ARCH\n');
  });
});

/** Runs `asked`, and types an answer at each question. */
function typed(answers: readonly string[]): Promise<{ status: number | null; stdout: string }> {
  const child = spawn(join(stage.bin, 'asked'), { cwd: stage.cwd, env: stage.environment(), stdio: 'pipe' });
  const left = [...answers];
  let stdout = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const questions = [...stdout.matchAll(/^(?:profile|arch|ref): /gmu)].length;
    for (; seen < questions; seen += 1) child.stdin.write(left.shift() ?? '');
  });
  return new Promise((resolve) => {
    child.on('close', (status) => {
      resolve({ status, stdout });
    });
  });
}

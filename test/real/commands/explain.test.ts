import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainDocument } from '../../../src/commands/explain/document.ts';

const COMMAND = join(import.meta.dirname, '../../../bin/moby-build.cjs');
const LOGS = join(import.meta.dirname, '../../unit/explain/logs');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'explain-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function explain(args: readonly string[], input: Buffer | string = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, 'explain', ...args], { cwd: dir }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

describe('explain', () => {
  it('a log: the cause, its line, step and place, and what to do', async () => {
    const { status, stdout } = await explain([join(LOGS, 'terminal.log')]);
    expect(status).toBe(0);
    expect(stdout).toContain('1. MB-104: ');
    expect(stdout).toContain('7 | fatal: unable to access');
    expect(stdout).toContain('in stage runc, Dockerfile:88');
    expect(stdout).toContain('asked: git.example');
    expect(stdout).toContain('next: run the same build again');
  });

  it('the same from stdin, as a document', async () => {
    const { status, stdout } = await explain(['-', '--json'], readFileSync(join(LOGS, 'terminal.log')));
    expect(status).toBe(0);
    const document = explainDocument.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ about: 'log', page: null, log: { path: '-', outcome: 'explained' } });
    expect(document.log?.causes).toMatchObject([
      { code: 'MB-104', stage: 'runc', place: { file: 'Dockerfile', line: 88 }, host: 'git.example', command: null },
    ]);
  });

  it('names the mirror of the catalogue that served it', async () => {
    const { stdout } = await explain(
      ['-', '--json'],
      'curl: (28) Operation timed out: http://mirrors.aliyun.com/debian/x',
    );
    expect(explainDocument.parse(JSON.parse(stdout)).log?.causes[0]).toMatchObject({
      code: 'MB-153',
      host: 'mirrors.aliyun.com',
      mirror: 'aliyun',
    });
  });

  it('hides a password that the log holds', async () => {
    const { stdout } = await explain(
      ['-'],
      "fatal: unable to access 'https://me:hunter2@g.example/x/': Empty reply from server",
    );
    expect(stdout).toContain('MB-107');
    expect(stdout).not.toContain('hunter2');
  });

  it('an unknown failure: exit 1, not-explained, and the lines that tell most', async () => {
    const { status, stdout, stderr } = await explain([join(LOGS, 'unknown.log')]);
    expect(status).toBe(1);
    expect(stdout).toContain('18 | frobnicate: the wibble is not in the wobble');
    expect(stderr).toContain('Not known');
    const { stdout: json } = await explain([join(LOGS, 'unknown.log'), '--json']);
    expect(explainDocument.parse(JSON.parse(json))).toMatchObject({
      log: { outcome: 'not-known', causes: [] },
      error: { code: 'not-explained', exitCode: 1 },
    });
  });

  it('a build that went well in the end: no cause, exit 0', async () => {
    const { status, stdout } = await explain([join(LOGS, 'two-tries-ok.log')]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'The log shows no failure.\n' });
  });

  it.each(['MB-151', 'mb-401', 'clone-failed', 'wrong-commit', 'memory', 'one-machine', 'api-unix'])(
    'the page of %s, with an example',
    async (code) => {
      const { status, stdout } = await explain([code]);
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`^${code}`, 'iu'));
      expect(stdout).toContain('Example:');
    },
  );

  it.each<[string, () => readonly string[], string]>([
    ['a word that is neither', () => ['clone-faild'], 'neither a file nor a code; did you mean clone-failed?'],
    ['a code that there is not', () => ['MB-9999'], 'neither a file nor a code; did you mean MB-'],
    [
      'a compressed log',
      () => {
        writeFileSync(join(dir, 'x.gz'), gzipSync('make: *** [x] Error 1'));
        return ['x.gz'];
      },
      'next: gzip -dc x.gz > build.log',
    ],
    ['a program', () => [process.execPath], 'is no text'],
    ['a folder', () => ['.'], 'is a folder'],
    ['no word', () => [], 'explain LOG|CODE|-'],
    ['a word too many', () => ['a', 'b'], 'is one word too many'],
  ])('%s: exit 2', async (_, words, told) => {
    const { status, stderr } = await explain(words());
    expect(stderr).toContain(told);
    expect(status).toBe(2);
  });

  it('a log of 30 MB takes less memory than it has bytes', async () => {
    const script = `
      process.stdout.write('#1 [internal] load build definition\\n#1 DONE 0.0s\\n#2 [base 1/1] RUN x\\n');
      const block = '#2 1.000 ' + 'go: downloading x.example '.repeat(38) + '\\n';
      const blocks = block.repeat(1000);
      let left = 30;
      const more = () => { while (left-- > 0) if (!process.stdout.write(blocks)) return process.stdout.once('drain', more);
        process.stdout.write('#2 9.000 curl: (52) Empty reply from server\\n#2 ERROR: exit code: 52\\n'); };
      more();`;
    writeFileSync(join(dir, 'big.cjs'), script);
    const line = `"${process.execPath}" big.cjs | "${process.execPath}" --max-old-space-size=30 "${COMMAND}" explain - --json`;
    const { status, stdout } = await new Promise<Ended>((resolve) => {
      execFile('sh', ['-c', line], { cwd: dir }, (error, out, err) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout: out, stderr: err });
      });
    });
    expect(status).toBe(0);
    expect(explainDocument.parse(JSON.parse(stdout)).log).toMatchObject({
      lines: 30_005,
      causes: [{ code: 'MB-107' }],
    });
  });
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COMMAND = join(import.meta.dirname, '../../../bin/moby-build.cjs');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'chinese-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs in a home of its own, in the locale of a machine in China. */
function chinese(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: dir, LANG: 'zh_CN.UTF-8', ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { cwd: dir, env }, (_error, stdout, stderr) => {
      resolve({ stdout, stderr });
    });
  });
}

describe('in the locale zh_CN.UTF-8', () => {
  it('doctor: sections, titles, findings, fixes and the end are Chinese, and the columns stand', async () => {
    const { stdout, stderr } = await chinese(['doctor', '--no-probe', '--docker', '/bin/true', '--verbose']);
    expect(stdout).toContain('检查对象：moby ');
    for (const title of ['程序', '工作目录', '代理变量', '内核']) expect(stdout).toContain(title);
    expect(stdout).toMatch(/^ {2}通过 {5}Node\.js/mu);
    expect(stderr).toMatch(/项检查中有 \d+ 项失败；请先修复/u);
    expect(stderr).toContain('下一步：');
    // A finding starts where all others start.
    const rows = stdout.split('\n').filter((line) => /^ {2}(?:通过|跳过|失败|警告|未知) /u.test(line));
    const starts = rows.map((row) => stringWidth(/^ {2}\S+ +\S.*? {2,}(?=\S)/u.exec(row)?.[0] ?? ''));
    expect(rows.length).toBeGreaterThan(30);
    expect(new Set(starts).size).toBe(1);
  });

  it('errors of the line, with their suggestion, before and after it is parsed', async () => {
    expect((await chinese(['build', '--rev', 'v1'])).stderr).toContain('--rev 不是选项；您是指 --ref 吗？');
    expect((await chinese(['smoke', '/nowhere'])).stderr).toMatch(/moby-build: \S*[\u4e00-\u9fff]/u);
    expect((await chinese(['--ref', 'v20.99.1'])).stderr).toMatch(/检查选项[^]*不是已知的 moby 标签/u);
  });

  it('help, and the page of a code of ours', async () => {
    expect((await chinese(['build', '--help'])).stdout).toMatch(/^用法： moby-build \[build\]/u);
    expect((await chinese(['explain', 'no-such-program'])).stdout).toContain('程序没有安装，或不在 PATH 中。');
  });

  it('documents stay English, and so does everything with --lang en', async () => {
    const document = await chinese(['smoke', '--list', '--json']);
    expect(document.stdout).not.toMatch(/[\u4e00-\u9fff]/u);
    expect(document.stdout).toContain('dockerd --help prints its options');
    expect((await chinese(['smoke', '--list'])).stdout).toContain('dockerd --help 输出其选项');
    expect((await chinese(['smoke', '--list', '--lang', 'en'])).stdout).not.toMatch(/[\u4e00-\u9fff]/u);
    expect((await chinese(['--help'], { MOBY_BUILD_LANG: 'en' })).stdout).toMatch(/^Usage: /u);
  });
});

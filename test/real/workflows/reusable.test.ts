import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/system/package-root.ts';

const { jobs } = parse(readFileSync(join(packageRoot(), 'templates/github-workflow-reusable.yml'), 'utf8')) as {
  jobs: { build: { steps: { name?: string; run?: string }[] } };
};
const script = jobs.build.steps.find(({ name }) => name === 'Build')?.run ?? '';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-test-workflow-'));
  writeFileSync(join(dir, 'npx'), '#!/bin/bash\nprintf "%s\\0" "$@"\n', { mode: 0o755 });
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

it.each([
  ['', []],
  ['tgz,deb', ['--pack=tgz,deb']],
  ['tgz"; touch owned; $(touch owned) --json', ['--pack=tgz"; touch owned; $(touch owned) --json']],
])('the reusable workflow hands the formats of packages on: %j', (packages, words) => {
  const given = { REF: 'v1', ARCH: 'arm64', TARGET: 'binary', PROFILE: 'cn', WORK: '/work', PACKAGES: packages };
  const env = { PATH: `${dir}:${process.env['PATH'] ?? ''}`, ...given };
  // As a runner of GitHub starts it.
  const said = execFileSync('bash', ['-e', '-c', script], {
    cwd: dir,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const got = said.split('\0').slice(0, -1);
  expect(got.slice(0, 4)).toEqual(['--yes', 'moby-build', 'build', '--ref=v1']);
  expect(got.filter((word) => word.startsWith('--pack'))).toEqual(words);
  expect(got.at(-1)).toBe(words[0] ?? 'report.html');
});

import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { leftovers } from '../../../src/smoke/leftovers.ts';
import { runName } from '../../../src/smoke/daemon/run-name.ts';

const dir = mkdtempSync(join(tmpdir(), 'smoke-leftovers-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** As a run names its directory, of a process that is gone. */
const nameOf = (serial: number): string =>
  `${runName(serial).replace(/-\d+-\d+-\d+$/u, '-4194304-1')}-${String(serial)}-x`;
const found = (): readonly string[] =>
  leftovers(dir)
    .filter(({ kind }) => kind !== 'cgroup')
    .map(({ name }) => name);

it.runIf(process.geteuid?.() === 0)('directories of smoke that another user has made are not ours to remove', () => {
  const [mine, theirs, link, logs] = [nameOf(1), nameOf(2), nameOf(3), 'moby-build-smoke-log-x'];
  for (const name of [mine, theirs, logs]) mkdirSync(join(dir, name));
  for (const name of [theirs, logs]) chownSync(join(dir, name), 1234, 1234);
  symlinkSync('/etc', join(dir, link));
  expect(found()).toEqual([mine]);
});

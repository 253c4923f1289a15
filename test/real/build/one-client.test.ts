import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pathWithClient } from '../../../src/make/engine/one-client.ts';
import { writeProgram } from './fake-programs.ts';

const base = mkdtempSync(join(tmpdir(), 'one-client-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

const first = writeProgram(join(base, 'first'), 'docker', 'echo first');
const second = writeProgram(join(base, 'second'), 'docker', 'echo second');
const other = writeProgram(join(base, 'other'), 'docker-20.10', 'echo other');
const path = `${join(base, 'first')}:${join(base, 'second')}`;

/** What a shell in another folder runs as `docker`. */
function said(PATH: string): string {
  return execFileSync('/bin/sh', ['-c', 'docker'], {
    cwd: '/',
    env: { PATH: `${PATH}:/usr/bin:/bin` },
    encoding: 'utf8',
  }).trim();
}

describe('one client', () => {
  it.each([
    ['the first on PATH', first, path, 'first'],
    ['a later one', second, path, 'second'],
    ['one of another name', other, path, 'other'],
    ['one that is on no PATH', other, '', 'other'],
    // What stands there depends on the folder that it is looked at from.
    ['one behind a relative entry', second, `bin:${path}`, 'second'],
    ['one behind an empty entry', second, `:${path}`, 'second'],
  ])('%s is what every shell of a build runs', (_, chosen, from, says) => {
    expect(said(pathWithClient(chosen, from, join(base, 'link')))).toBe(says);
  });

  it('leaves PATH as it is where nothing has to change', () => {
    const folder = join(base, 'unused');
    expect(pathWithClient(first, path, folder)).toBe(path);
    expect(existsSync(folder)).toBe(false);
  });

  it('says what it could not write', () => {
    const closed = join(base, 'closed');
    writeProgram(base, 'closed', '');
    chmodSync(closed, 0o600);
    expect(() => pathWithClient(second, path, join(closed, 'client'))).toThrow(closed);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { lineHere } from '../../../src/commands/context/standing-in.ts';
import { requireMobyTree } from '../../../src/moby/moby-tree.ts';
import { pinFor } from '../../../src/moby/pins.ts';
import { failureOf } from '../../support/failure.ts';
import { parsed } from '../config/command-line-from.ts';

const base = mkdtempSync(join(tmpdir(), 'standing-in-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

function bareClone(name: string, refs: string): string {
  const dir = join(base, name);
  for (const folder of ['objects', 'refs']) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/master\n');
  writeFileSync(join(dir, 'packed-refs'), refs);
  return dir;
}

const moby = bareClone('repos/moby.git', `${pinFor('v20.10.12')?.commit ?? ''} refs/tags/v20.10.12\n`);
const other = bareClone('other/x.git', `${'1'.repeat(40)} refs/tags/v20.10.12\n`);

describe('a line that was typed inside a bare clone', () => {
  it('of moby takes releases from it, and says so', async () => {
    const { options, notes } = lineHere(await parsed(['audit', '--ref', 'v24.0.9']), moby);
    expect(options).toMatchObject({ source: { kind: 'url', url: pathToFileURL(moby).href }, ref: 'v24.0.9' });
    expect(notes.map(({ code }) => code)).toEqual(['tree-here']);
  });

  it.each([
    ['of another project', ['audit'], other],
    ['and names a source', ['audit', '--source', 'https://x.example/moby.git'], moby],
    ['and is of no tree', ['cache', 'ls'], moby],
  ])('%s is as it was', async (_, argv, cwd) => {
    const line = await parsed(argv);
    expect(lineHere(line, cwd)).toBe(line);
  });
});

it('a folder with a bare clone in it is told so, with the URL of the clone', () => {
  const failed = failureOf(() => {
    requireMobyTree(join(base, 'repos'));
  });
  expect(failed).toMatchObject({ code: 'not-moby', exitCode: 4 });
  expect(failed.message).toContain('moby.git is a bare clone');
  expect(failed.command).toMatchObject({ change: { set: [['--source', pathToFileURL(moby).href]] } });
});

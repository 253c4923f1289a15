import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { placeInRepository } from '../../../src/run/seal/place-in-repository.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { git, Places } from '../store/repository.ts';

const places = new Places();
let dir: string;
beforeEach(() => {
  dir = places.next();
  git(places.base, 'init', '--quiet', dir);
  writeFileSync(join(dir, 'a:b.c'), '/* nothing */\nfetch("https://leak.example/x");\n');
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '-m', 'one');
});
afterAll(() => {
  runCleanups();
  places.remove();
});

describe('where a repository writes a host', () => {
  it('is the file and the line, whatever the file is called', async () => {
    expect(await placeInRepository('leak.example', dir)).toEqual({ file: 'a:b.c', line: 2 });
    expect(await placeInRepository('LEAK.example', dir)).toEqual({ file: 'a:b.c', line: 2 });
  });

  it('is nowhere where it is not written, and in a folder that is no repository', async () => {
    expect(await placeInRepository('--open-files-in-pager=x', dir)).toBeNull();
    expect(await placeInRepository('leak.example', places.base)).toBeNull();
  });

  it('is looked for without any program of the repository’s own configuration', async () => {
    const mark = join(places.base, 'ran');
    const program = join(dir, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
    for (const [key, value] of Object.entries({
      'core.fsmonitor': program,
      'core.pager': program,
      'pager.grep': program,
    }))
      git(dir, 'config', key, value);
    expect(await placeInRepository('leak.example', dir)).toEqual({ file: 'a:b.c', line: 2 });
    expect(existsSync(mark)).toBe(false);
  });
});

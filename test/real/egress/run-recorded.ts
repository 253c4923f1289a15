import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { $ } from 'zx';
import { CONDITIONS } from './script-shapes.ts';
import type { Program } from './script-shapes.ts';

/** The files of a program, each from another line on, so that a line tells in which file it stands. */
export function placed({ files }: Program): Readonly<Record<string, string>> {
  const starting = Object.entries(files).map(([path, text], index) => [path, '\n'.repeat(1000 * index) + text]);
  return Object.fromEntries(starting) as Readonly<Record<string, string>>;
}

export const SHELLS = ['dash', 'bash'] as const;

/** Runs programs with a curl, wget and git that write down what they are called with, and fetch nothing. */
export class Recorder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'moby-build-recorded-'));

  constructor() {
    const bin = join(this.#folder, 'bin');
    mkdirSync(bin);
    for (const name of ['curl', 'wget', 'git']) {
      writeFileSync(join(bin, name), '#!/bin/sh\nIFS="|"\nprintf "%s\\n" "$*" >> "$RECORD"\n');
      chmodSync(join(bin, name), 0o755);
    }
  }

  /** How programs of the network were called, once for each way through the conditions: their words in one line. */
  async run(program: Program, shell: string): Promise<Set<string>> {
    const folder = mkdtempSync(join(this.#folder, 'run-'));
    for (const [path, text] of Object.entries(placed(program))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      chmodSync(join(folder, path), 0o755);
    }
    const record = join(folder, 'record');
    writeFileSync(record, '');
    const text = Object.values(program.files).join();
    const names = CONDITIONS.filter((name) => text.includes(name));
    const loops = names.map((name) => `for ${name} in 0 1; do export ${name};`).join(' ');
    const all = `ulimit -f 4096; ${loops} (cd "$0" && timeout 2 "$1" s.sh); ${names.map(() => 'done').join('; ')}`;
    // A loop that the generator did not foresee ends by the time limit; what it ran until then counts.
    await $({
      nothrow: true,
      quiet: true,
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { PATH: `${join(this.#folder, 'bin')}:/usr/bin:/bin`, RECORD: record, HOME: '/nonexistent', W: folder },
    })`sh -c ${all} ${folder} ${shell}`;
    const lines = readFileSync(record, 'utf8').split('\n');
    rmSync(folder, { recursive: true, force: true });
    return new Set(lines);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

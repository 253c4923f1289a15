import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, dockerProgram, makeProgram, writePrograms } from '../test/support/stand-ins.ts';
import type { Command } from './measure.ts';
import { packageRoot } from '../src/system/package-root.ts';

const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

/** A home of its own with a `docker` that answers and a `make` that leaves programs: what is measured is what comes before an engine. */
export class Place {
  readonly dir: string;
  readonly work: string;

  constructor(dir: string, make = '') {
    this.dir = dir;
    this.work = join(dir, 'work');
    for (const each of [dir, this.work, join(dir, 'bin')]) mkdirSync(each, { recursive: true });
    writePrograms(join(dir, 'programs'), ARCH);
    this.#program('docker', dockerProgram(ARCH));
    this.#program('make', makeProgram(`date +%s.%N > ${join(dir, 'started')}\n${make}\n${BUILDS}`));
  }

  #program(name: string, body: string): void {
    const path = join(this.dir, 'bin', name);
    writeFileSync(path, `#!/bin/bash\n${body}\n`);
    chmodSync(path, 0o755);
  }

  /** Where moby-build keeps work dir and store. */
  get cache(): string {
    return join(this.dir, 'cache');
  }

  product(words: readonly string[]): Command {
    return { argv: [process.execPath, join(packageRoot(), 'bin/moby-build.cjs'), ...words], ...this.#around() };
  }

  /** A script for bash, which ends with the first command that fails. */
  script(text: string): Command {
    return { argv: ['bash', '-euc', text], ...this.#around() };
  }

  #around(): Pick<Command, 'cwd' | 'env'> {
    const env = {
      PATH: `${join(this.dir, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: this.dir,
      XDG_CACHE_HOME: this.cache,
      GIT_CONFIG_NOSYSTEM: '1',
    };
    return { cwd: this.work, env };
  }

  /** The clock's time, in seconds, at which the last build called make. */
  makeStarted(): number {
    return Number(readFileSync(join(this.dir, 'started'), 'utf8'));
  }
}

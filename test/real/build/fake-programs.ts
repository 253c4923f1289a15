import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes an executable script and returns its path. */
export function writeProgram(dir: string, name: string, body: string): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/bash\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A program that writes down the arguments and the environment it was started with when its first argument is `verb`. */
export function writeRecorder(dir: string, name: string, verb: string, out: string): string {
  return writeProgram(
    dir,
    name,
    `if [ "$1" = ${verb} ]; then printf '%s\\0' "$@" >'${out}.args'; env -0 >'${out}.env'; pwd >'${out}.cwd'; fi\n` +
      `if [ "$1" = version ]; then echo linux/amd64; fi`,
  );
}

export interface Recorded {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export function readRecord(out: string): Recorded {
  const pieces = (name: string): string[] => readFileSync(`${out}.${name}`, 'utf8').split('\0').slice(0, -1);
  return {
    args: pieces('args'),
    env: Object.fromEntries(
      pieces('env').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
    cwd: readFileSync(`${out}.cwd`, 'utf8').trimEnd(),
  };
}

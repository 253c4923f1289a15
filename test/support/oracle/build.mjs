// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { kill } from 'zx/core';
import { findGo, unpackGo } from './find-go.mjs';

const oracle = fileURLToPath(new URL('.', import.meta.url));

/** A cold build compiles Go's net/http and BuildKit's parsers: 21 s on an idle machine, near 3 min on a crowded one. */
const TIME_LIMIT_MS = 600_000;

/**
 * The program that answers as BuildKit's parser and mvdan.cc/sh read a text, compiled once per content and Go version.
 *
 * @returns {Promise<{path: string} | {skip: string}>} the executable, or why there can be none here: no Go, no modules
 * @throws when the program itself does not compile
 */
export async function buildOracle() {
  return buildGoProgram(oracle, 'oracle');
}

/**
 * A program of ours in Go, compiled once per content and Go version.
 *
 * @param {string} source its folder below test/support
 * @param {string} name
 * @returns {Promise<{path: string, moduleDir: (module: string) => Promise<string>} | {skip: string}>} the executable, and where a module of it lies;
 *   or why there can be none here: no Go, no modules
 * @throws when the program itself does not compile
 */
export async function buildGoProgram(source, name) {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'moby-build-oracle');
  mkdirSync(cache, { recursive: true });
  const here = findGo(process.env['PATH'] ?? '');
  const got = here === null ? await withLock(join(cache, 'go.lock'), () => unpackGo(join(cache, 'go'))) : { go: here };
  if ('skip' in got) return got;
  const { go } = got;
  const env = { GOFLAGS: '-mod=readonly -buildvcs=false', GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' };
  const version = await run(source, go, ['version'], env);
  if (version.exitCode !== 0) return { skip: `${go} version: ${version.all}` };

  const folder = join(cache, contentKey(source, version.all));
  const path = join(folder, name);
  /** @param {string} module */
  const moduleDir = async (module) => {
    const { exitCode, all } = await run(source, go, ['list', '-m', '-f', '{{.Dir}}', module], env);
    if (exitCode !== 0) throw new Error(`${module}: ${lastLines(all)}`);
    return all.trim();
  };
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), async () => {
    if (existsSync(path)) return { path, moduleDir };
    const download = await run(source, go, ['mod', 'download'], env);
    if (download.exitCode !== 0) return { skip: `the modules of ${name} cannot be had: ${lastLines(download.all)}` };
    const build = await run(source, go, ['build', '-trimpath', '-o', `${path}.new`, '.'], env);
    if (/requires (?:Go|go) ?[>=]*/u.test(build.all))
      return { skip: `${name} needs a newer Go than ${version.all.trim()}: ${lastLines(build.all)}` };
    if (build.exitCode !== 0) throw new Error(`${name} does not compile with ${version.all}: ${lastLines(build.all)}`);
    renameSync(`${path}.new`, path);
    return { path, moduleDir };
  });
}

/** @param {string} source @param {string} version */
function contentKey(source, version) {
  const hash = createHash('sha256').update(version);
  for (const name of readdirSync(source)
    .filter((name) => /\.go$|^go\./.test(name))
    .sort()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(source, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Not execa's own timeout: it would leave the compilers that go has started.
 *
 * @param {string} source
 * @param {string} go
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
async function run(source, go, args, env) {
  const child = execa(go, args, { cwd: source, env, all: true, reject: false, stdin: 'ignore' });
  const deadline = setTimeout(() => {
    if (child.pid !== undefined) void kill(child.pid, 'SIGKILL');
  }, TIME_LIMIT_MS);
  const { exitCode, all, shortMessage } = await child;
  clearTimeout(deadline);
  return { exitCode, all: all === '' ? (shortMessage ?? '') : all };
}

/**
 * Test files run side by side; one of them builds, the others wait for it.
 *
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(lock, work) {
  while (!tryLock(lock)) await wait(200);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock */
function tryLock(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    // Left by a run that was killed.
    if (since !== undefined && Date.now() - since > 2 * TIME_LIMIT_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** @param {string} text */
function lastLines(text) {
  return text.trim().split('\n').slice(-5).join('\n');
}

import { createCipheriv, createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Writable } from 'node:stream';
import { type lightPins, materializeLightTree } from '../test/support/light-tree.mjs';

type Pin = (typeof lightPins)[number];

/** What a repository weighs upstream, in MB: a clone of all of it, and the one commit that v20.10.12 wants. */
interface Weight {
  readonly repository: string;
  readonly pin: Pin | null;
  readonly tag: string | null;
  readonly whole: number;
  readonly commit: number;
}

/** Measured of the genuine repositories on 2026-11-30: `git count-objects -v` of a bare clone, and of a `git fetch --depth 1` of the pin. */
const WEIGHTS: readonly Weight[] = [
  { repository: 'moby/moby', pin: null, tag: 'v20.10.12', whole: 343, commit: 11 },
  { repository: 'containerd/containerd', pin: 'CONTAINERD', tag: 'v1.4.12', whole: 162, commit: 6.9 },
  { repository: 'opencontainers/runc', pin: 'RUNC', tag: 'v1.0.2', whole: 35, commit: 2.5 },
  { repository: 'docker/libnetwork', pin: 'LIBNETWORK', tag: null, whole: 20, commit: 3.5 },
  { repository: 'rootless-containers/rootlesskit', pin: 'ROOTLESSKIT', tag: null, whole: 6.2, commit: 0.1 },
  { repository: 'krallin/tini', pin: 'TINI', tag: 'v0.19.0', whole: 0.4, commit: 0.1 },
];

/** The releases of moby that the repository has, in their order. */
export const REFS = ['v20.10.12', 'v20.10.13'] as const;

/** The repositories of a build, bare, and the commits that it is pinned to. */
export interface Repositories {
  /** Owner and name → the bare repository's folder. */
  readonly folders: ReadonlyMap<string, string>;
  /** Release of moby → its commit. */
  readonly releases: ReadonlyMap<string, string>;
  /** Owner and name of a component → its commit. */
  readonly pins: ReadonlyMap<string, string>;
}

/**
 * Makes repositories of the genuine ones' weight, of bytes that no packing makes smaller; the same seed gives the same commits.
 * @param dir an empty folder
 * @param scale 1: as heavy as the genuine ones
 */
export async function makeRepositories(dir: string, scale: number): Promise<Repositories> {
  const folders = new Map<string, string>();
  const pins = new Map<string, string>();
  const ids: Partial<Record<Pin, string>> = {};
  for (const weight of WEIGHTS) {
    if (weight.pin === null) continue;
    const bare = join(dir, weight.repository.replace('/', '+'));
    await fill(bare, weight, scale, [{ tag: weight.tag, files: new Map([['Makefile', Buffer.from('all:\n')]]) }]);
    const commit = git(bare, 'rev-parse', 'main~1');
    folders.set(weight.repository, bare);
    pins.set(weight.repository, commit);
    ids[weight.pin] = commit;
  }
  const [weight] = WEIGHTS;
  if (weight === undefined) throw new Error('no repository of moby');
  const tree = join(dir, 'tree');
  materializeLightTree(tree, { pins: ids, git: false });
  const files = readTree(tree);
  rmSync(tree, { recursive: true });
  const bare = join(dir, 'moby+moby');
  const later = new Map([...files, ['CHANGELOG.md', Buffer.from('# 20.10.13\n')]]);
  await fill(bare, weight, scale, [
    { tag: REFS[0], files },
    { tag: REFS[1], files: later },
  ]);
  folders.set(weight.repository, bare);
  const releases = new Map(REFS.map((ref) => [ref, git(bare, 'rev-parse', `${ref}^{commit}`)]));
  return { folders, releases, pins };
}

interface Release {
  readonly tag: string | null;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A past that is in no release, the releases with their bulk, and one commit after them. */
async function fill(bare: string, weight: Weight, scale: number, releases: readonly Release[]): Promise<void> {
  git('.', 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  git(bare, 'config', 'core.compression', '0');
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: bare, stdio: ['pipe', 'ignore', 'inherit'] });
  const to = child.stdin;
  const noise = noiseOf(weight.repository);
  const blob = 64_000;
  const count = (megabytes: number): number => Math.max(1, Math.round((megabytes * scale * 1_000_000) / blob));
  for (let index = 0; index < count(weight.whole - weight.commit); index += 20) {
    await write(to, `commit refs/heads/main\ncommitter B <b@bench.invalid> 1600000000 +0000\ndata 4\npast\n`);
    for (let more = 0; more < 20; more++) await file(to, `past/${String(index + more)}`, '100644', noise(blob));
  }
  for (const [index, { tag, files }] of releases.entries()) {
    await write(to, `commit refs/heads/main\ncommitter B <b@bench.invalid> 1639396800 +0000\ndata 7\nrelease\n`);
    if (index === 0) {
      await write(to, 'deleteall\n');
      for (let bulk = 0; bulk < count(weight.commit); bulk++)
        await file(to, `vendor/${String(bulk)}`, '100644', noise(blob));
    }
    for (const [path, bytes] of files)
      await file(to, path, /\.(?:sh|installer)$/u.test(path) ? '100755' : '100644', bytes);
    if (tag !== null) await write(to, `reset refs/tags/${tag}\nfrom refs/heads/main\n\n`);
  }
  await write(to, `commit refs/heads/main\ncommitter B <b@bench.invalid> 1639396900 +0000\ndata 5\nlater\n`);
  await file(to, 'later', '100644', Buffer.from('later\n'));
  to.end();
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`git fast-import of ${weight.repository} ended with ${String(status)}`);
}

async function file(to: Writable, path: string, mode: string, bytes: Buffer): Promise<void> {
  await write(to, `M ${mode} inline ${path}\ndata ${String(bytes.length)}\n`);
  await write(to, bytes);
  await write(to, '\n');
}

async function write(to: Writable, bytes: string | Buffer): Promise<void> {
  if (!to.write(bytes)) await once(to, 'drain');
}

/** Bytes without a pattern, the same for the same seed: a cipher's stream. */
function noiseOf(seed: string): (length: number) => Buffer {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (length) => cipher.update(Buffer.alloc(length));
}

function readTree(dir: string): Map<string, Buffer> {
  const files = readdirSync(dir, { recursive: true })
    .map((name) => join(dir, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path): [string, Buffer] => [relative(dir, path), readFileSync(path)]);
  return new Map(files);
}

/** Git, deaf to the configuration of who runs the bench. */
function git(cwd: string, ...words: readonly string[]): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', words, { cwd, env, encoding: 'utf8' }).trim();
}

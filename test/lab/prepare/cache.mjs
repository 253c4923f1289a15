// @ts-check
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where fetched and made things are kept between labs. */
export function cacheDir(env = process.env) {
  return env.LAB_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'moby-build-lab');
}

/**
 * A step whose outcome is a folder, kept under a key of what went in, checked on use: a folder that no
 * longer is as it was made is made again.
 *
 * @param {{cache: string, name: string, inputs: unknown, say: (line: string) => void}} step
 * @param {(dir: string) => Promise<void>} make fills the folder; nothing is kept when it throws
 * @returns {Promise<{dir: string, key: string}>}
 */
export async function cachedStep({ cache, name, inputs, say }, make) {
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
  const home = join(cache, 'steps', `${name}-${key}`);
  const dir = join(home, 'out');
  mkdirSync(join(cache, 'steps'), { recursive: true, mode: 0o700 });
  return withLock(`${home}.lock`, async () => {
    const stamp = join(home, 'stamp');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === listingDigest(dir)) return { dir, key };
    rmSync(home, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    const started = Date.now();
    say(`${name}: making`);
    try {
      await make(dir);
    } catch (error) {
      rmSync(home, { recursive: true, force: true });
      throw error;
    }
    writeFileSync(`${stamp}.new`, listingDigest(dir));
    renameSync(`${stamp}.new`, stamp);
    say(`${name}: made in ${Math.round((Date.now() - started) / 1000)} s`);
    return { dir, key };
  });
}

/**
 * Names, kinds, modes, sizes, times and link targets of a tree: a second's work where reading every byte is a minute's.
 * @param {string} dir
 */
function listingDigest(dir) {
  const hash = createHash('sha256');
  /** @param {string} at */
  const walk = (at) => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      const stat = lstatSync(path);
      const link = stat.isSymbolicLink() ? readlinkSync(path) : '';
      hash.update(
        `${path.slice(dir.length)}\0${stat.mode}\0${stat.isFile() ? `${stat.size}\0${stat.mtimeMs}` : link}\n`,
      );
      if (stat.isDirectory()) walk(path);
    }
  };
  walk(dir);
  return hash.digest('hex');
}

/**
 * One maker at a time; a lock whose holder is gone is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withLock(file, body) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (!holderLives(file)) rmSync(file, { force: true });
      else await sleep(200);
    }
  }
  try {
    return await body();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function holderLives(file) {
  try {
    return existsSync(`/proc/${Number(readFileSync(file, 'utf8'))}`);
  } catch {
    return false; // Gone between the two looks: free.
  }
}

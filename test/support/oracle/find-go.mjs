// @ts-check
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * The go command of this machine, or null.
 *
 * @param {string} path the value of PATH
 * @returns {string | null}
 */
export function findGo(path) {
  const packaged = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => /^go-[\d.]+$/.test(name)) : [];
  const folders = [
    ...path.split(':').filter((folder) => folder !== ''),
    '/usr/local/go/bin',
    ...packaged.map((name) => `/usr/lib/${name}/bin`),
  ];
  return folders.map((folder) => join(folder, 'go')).find((file) => existsSync(file)) ?? null;
}

/**
 * Debian's or Ubuntu's own Go, unpacked into a folder: apt checks what it downloads, nothing is installed.
 *
 * @param {string} folder kept between runs
 * @returns {Promise<{ go: string } | { skip: string }>}
 */
export async function unpackGo(folder) {
  const root = join(folder, 'root');
  const there = findIn(root);
  if (there !== null) return { go: there };
  const work = join(folder, 'new');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'debs'), { recursive: true });
  const run = (/** @type {string} */ file, /** @type {string[]} */ args) =>
    execa(file, args, { cwd: join(work, 'debs'), all: true, reject: false, stdin: 'ignore' });
  const depends = await run('apt-cache', ['depends', '--important', 'golang-go']);
  const name = /Depends: (golang-[\d.]+)-go$/m.exec(depends.all ?? '')?.[1];
  if (name === undefined) return { skip: 'no go on this machine, and apt knows no package golang-go' };
  const download = await run('apt-get', ['download', `${name}-go`, `${name}-src`]);
  if (download.exitCode !== 0)
    return { skip: `no go on this machine, and apt-get download ${name}-go: ${download.all}` };
  for (const deb of readdirSync(join(work, 'debs'))) {
    const unpacked = await run('dpkg-deb', ['-x', deb, join(work, 'root')]);
    if (unpacked.exitCode !== 0) return { skip: `${deb}: ${unpacked.all}` };
  }
  rmSync(root, { recursive: true, force: true });
  renameSync(join(work, 'root'), root);
  rmSync(work, { recursive: true, force: true });
  const go = findIn(root);
  return go === null ? { skip: `${name}-go holds no go command` } : { go };
}

/** @param {string} root @returns {string | null} */
function findIn(root) {
  const lib = join(root, 'usr/lib');
  const names = existsSync(lib) ? readdirSync(lib).filter((name) => /^go-[\d.]+$/.test(name)) : [];
  return names.map((name) => join(lib, name, 'bin/go')).find((file) => existsSync(file)) ?? null;
}

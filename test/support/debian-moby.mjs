// @ts-check
// moby's own tree as Debian's source packages of docker.io hold it: one download of a few megabytes for each version, its sum pinned,
// by apt's own downloader from the Debian source of this machine. What a scan reads is unpacked into a temporary directory that later
// runs use again; nothing of it is ours, so nothing of it is committed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianSource } from './debian-source.mjs';

/** Upstream's part of each package, as the Sources files of bookworm and trixie name it. */
const ORIGINALS = {
  '20.10.24': {
    file: 'docker.io_20.10.24+dfsg1.orig.tar.xz',
    sha256: '952f68f219a5aac7c293d2dfb26fb4c641b60f6d8c5eebf8cbf32a3f1429d2ce',
  },
  '26.1.5': {
    file: 'docker.io_26.1.5+dfsg1.orig.tar.xz',
    sha256: 'e06baad2dbca2a79d3569ee358a4442cf9e550a355872484631860941bee73c9',
  },
};
const HELPER = '/usr/lib/apt/apt-helper';

/**
 * @param {keyof typeof ORIGINALS} version
 * @returns {{dir: string} | {skip: string}} the tree: Dockerfile, hack/ and contrib/; or why there can be none here
 */
function debianMoby(version) {
  const dir = join(tmpdir(), `moby-build-test-debian-moby-${version}`);
  if (existsSync(join(dir, 'Dockerfile'))) return { dir };
  if (!existsSync(HELPER)) return { skip: `no Debian and no Ubuntu: ${HELPER} is not there` };
  const bases = archives();
  if (bases.length === 0)
    return { skip: 'neither apt nor debootstrap knows Debian here; LAB_DEBIAN_MIRROR=https://HOST/debian names it' };
  const work = mkdtempSync(`${dir}-`);
  try {
    const why = bases.map((base) => fetchOriginal(base, version, work));
    if (!why.includes(null)) return { skip: why.join('; ') };
    mkdirSync(join(work, 'engine'));
    const parts = ['Dockerfile', 'hack', 'contrib'].map((name) => `./*/engine/${name}`);
    const tar = ['-xJf', join(work, 'orig.tar.xz'), '-C', join(work, 'engine'), '--strip-components=3', '--wildcards'];
    execFileSync('tar', [...tar, ...parts], { stdio: 'pipe' });
    renameIfFirst(join(work, 'engine'), dir);
    return { dir };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * For describe.skipIf: as `debianMoby`, where none can be had said on stderr, and with CI=true an error, for nothing would then be
 * tested without anybody seeing it.
 * @param {keyof typeof ORIGINALS} version
 * @returns {string | null} the folder
 */
export function debianMobyOrSkip(version) {
  const found = debianMoby(version);
  if ('dir' in found) return found.dir;
  if (process.env['CI'] === 'true') throw new Error(`Debian's moby ${version} cannot be had: ${found.skip}`);
  process.stderr.write(`SKIPPED: Debian's moby ${version} is not scanned: ${found.skip}\n`);
  return null;
}

/** The archives that apt knows, or the one that LAB_DEBIAN_MIRROR names; else the lab's, if it finds one. @returns {string[]} */
function archives() {
  const given = process.env['LAB_DEBIAN_MIRROR'];
  if (given !== undefined && given !== '') return [`${given.replace(/\/+$/, '')}/`];
  const args = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const known = execFileSync('apt-get', args, { encoding: 'utf8' }).split('\n');
  const debian = [...new Set(known)].filter((uri) => /^https?:\/\/.*\/debian\/$/.test(uri));
  const source = debian.length > 0 ? null : debianSource(process.env);
  return source === null ? debian : [`${source.debian}/`];
}

/**
 * Upstream's archive into `work/orig.tar.xz`; apt compares its sum.
 * @param {string} base @param {keyof typeof ORIGINALS} version @param {string} work
 * @returns {string | null} why it is not there, or null
 */
function fetchOriginal(base, version, work) {
  const { file, sha256 } = ORIGINALS[version];
  const target = join(work, 'orig.tar.xz');
  if (existsSync(target)) return null;
  const sum = `SHA256:${sha256}`;
  const url = `${base}pool/main/d/docker.io/${file}`;
  try {
    execFileSync(HELPER, ['-o', 'APT::Sandbox::User=root', 'download-file', url, target, sum], { stdio: 'pipe' });
    return existsSync(target) ? null : `${file}: nothing came`;
  } catch (cause) {
    return `${file}: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** Another test file may have been faster. @param {string} from @param {string} to */
function renameIfFirst(from, to) {
  try {
    renameSync(from, to);
  } catch (cause) {
    if (!existsSync(join(to, 'Dockerfile'))) throw cause;
  }
}

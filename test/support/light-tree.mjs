// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the tree with its placeholders lies. */
export const lightTreeSource = fileURLToPath(new URL('light-tree', import.meta.url));

/** The components that the closure of `binary` clones, by the name of their pin. */
export const lightPins = /** @type {const} */ (['CONTAINERD', 'LIBNETWORK', 'RUNC', 'TINI', 'ROOTLESSKIT']);

/**
 * @typedef {object} LightTreeOptions
 * @property {string} [debianDefault] host that stands where moby names Debian's default mirror
 * @property {string} [debianSecurity] host that stands where moby names Debian's security host
 * @property {string} [goDefault] host that stands where moby names Go's default module proxy
 * @property {Partial<Record<typeof lightPins[number], string>>} [pins] commit ids of the components; invented ones else
 * @property {string | false} [git] tag for a repository of one commit, `v20.10.12` unless told; `false`: no repository
 */

/**
 * Writes the light tree, shaped like moby v20.10.12, to an empty or new directory.
 *
 * The hosts are filled in here, because no committed file may name a package registry's: unit tests
 * take the invented ones, the lab those that this machine is set up for.
 *
 * @param {string} dir
 * @param {LightTreeOptions} [options]
 * @returns {{dir: string, commit: string | null}} the commit id depends on the options only
 */
export function materializeLightTree(dir, options = {}) {
  const { git = 'v20.10.12' } = options;
  cpSync(lightTreeSource, dir, { recursive: true });
  const values = placeholders(options);
  for (const file of filesUnder(dir)) {
    const before = readFileSync(file, 'utf8');
    const after = before.replace(/@([A-Z_]+)@/g, (whole, name) => values[name] ?? whole);
    if (after !== before) writeFileSync(file, after);
  }
  return { dir, commit: git === false ? null : commitAll(dir, { tag: git, subject: 'A light stand-in for moby' }) };
}

/**
 * Makes a directory a repository of one commit. Author, committer, dates and modes are fixed, so the
 * commit id depends on the files' names and bytes only.
 *
 * @param {string} dir
 * @param {{tag: string, subject: string, annotated?: boolean}} names `annotated`: the tag is one that `git describe` finds
 * @returns {string} the commit id
 */
export function commitAll(dir, { tag, subject, annotated = false }) {
  const who = { NAME: 'moby-build lab', EMAIL: 'lab@moby-build.invalid', DATE: '2021-12-13T12:00:00Z' };
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  for (const [key, value] of Object.entries(who))
    Object.assign(env, { [`GIT_AUTHOR_${key}`]: value, [`GIT_COMMITTER_${key}`]: value });
  /** @param {string[]} argv */
  // A collection that git starts in the background would still write while the caller moves the directory on.
  const git = (...argv) =>
    execFileSync('git', ['-c', 'core.autocrlf=false', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false', ...argv], {
      cwd: dir,
      env,
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--object-format=sha1', '--template=');
  git('symbolic-ref', 'HEAD', 'refs/heads/master');
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', subject);
  git(...(annotated ? ['tag', '--annotate', '--message', tag, tag] : ['tag', tag]));
  return git('rev-parse', 'HEAD');
}

/**
 * @param {LightTreeOptions} options
 * @returns {Record<string, string>}
 */
function placeholders({ debianDefault = 'debian.example', debianSecurity, goDefault = 'goproxy.example', pins = {} }) {
  /** @type {Record<string, string>} */
  const values = {
    DEBIAN_DEFAULT: debianDefault,
    DEBIAN_SECURITY: debianSecurity ?? `security.${debianDefault}`,
    GO_DEFAULT: goDefault,
  };
  lightPins.forEach((name, index) => {
    values[`${name}_COMMIT`] = pins[name] ?? String(index + 1).repeat(40);
  });
  return values;
}

/**
 * @param {string} dir
 * @returns {string[]}
 */
function filesUnder(dir) {
  return readdirSync(dir, { recursive: true })
    .map((name) => join(dir, String(name)))
    .filter((path) => statSync(path).isFile());
}

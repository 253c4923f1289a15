// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where this machine gets Debian from, read from what is installed: no committed file names an archive.
 * @typedef {{debian: string, security: string}} DebianSource base URLs of the archive and of the security archive, without a slash at the end
 */

/**
 * LAB_DEBIAN_MIRROR; else the source of a Debian machine's own release, as apt has it; else, as on Ubuntu, Debian's default mirror, as
 * debootstrap knows it.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [root] another root than this machine's
 * @returns {DebianSource | null} null where nothing is configured and debootstrap is not installed
 */
export function debianSource(env, root = '/') {
  const given = env.LAB_DEBIAN_MIRROR;
  if (given) return withSecurity(given, env.LAB_DEBIAN_SECURITY_MIRROR);
  const configured = configuredSource(root);
  if (configured !== null) return configured;
  const fallback = debootstrapDefault(env, root);
  return fallback === null ? null : withSecurity(fallback, env.LAB_DEBIAN_SECURITY_MIRROR);
}

/**
 * The mirror that debootstrap takes for Debian when it is told none: its suite's script may name one, else its own default counts.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root
 * @returns {string | null}
 */
export function debootstrapDefault(env, root = '/') {
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const program = folders.map((folder) => join(root, folder, 'debootstrap')).find((file) => existsSync(file));
  if (program === undefined) return null;
  const script = join(root, 'usr/share/debootstrap/scripts/bookworm');
  const ofSuite = existsSync(script) ? /^\s*default_mirror\s+"?([^\s"]+)/m.exec(readFileSync(script, 'utf8')) : null;
  const ownDefault = /^DEF_MIRROR="?(https?:[^\s"]+)/m.exec(readFileSync(program, 'utf8'));
  return (ofSuite ?? ownDefault)?.[1] ?? null;
}

/** @param {string} debian @param {string} [security] @returns {DebianSource} */
function withSecurity(debian, security) {
  const base = trim(debian);
  return { debian: base, security: trim(security ?? base.replace(/\/debian$/, '/debian-security')) };
}

/** @param {string} root @returns {DebianSource | null} */
function configuredSource(root) {
  const codename = debianCodename(root);
  if (codename === null) return null;
  const entries = [...oneLineEntries(root), ...deb822Entries(root)];
  const debian = entries.find(({ suites }) => suites.includes(codename));
  const security = entries.find(({ suites }) => suites.includes(`${codename}-security`));
  return debian === undefined ? null : withSecurity(debian.uri, security?.uri);
}

/** @param {string} root @returns {string | null} */
function debianCodename(root) {
  const file = join(root, 'etc/os-release');
  const release = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!/^ID=debian$/m.test(release)) return null;
  return /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1] ?? null;
}

/** Lines of sources.list(5): deb [options] URI SUITE COMPONENT...; of archives on the web, for debootstrap reads no CD and no list of mirrors. @param {string} root @returns {{uri: string, suites: string[]}[]} */
function oneLineEntries(root) {
  const text = sourceFiles(root, '.list')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s*)?(https?:\S+)\s+(\S+)/gm)].map(([, uri = '', suite = '']) => ({
    uri,
    suites: [suite],
  }));
}

/** Stanzas of deb822 sources. @param {string} root @returns {{uri: string, suites: string[]}[]} */
function deb822Entries(root) {
  const stanzas = sourceFiles(root, '.sources').flatMap((file) => readFileSync(file, 'utf8').split(/\n\s*\n/));
  return stanzas.flatMap((stanza) => {
    const [uri] = /^URIs:.*?\s(https?:\S+)/m.exec(stanza)?.slice(1) ?? [];
    const suites = /^Suites:\s*(.+)$/m.exec(stanza)?.[1]?.split(/\s+/) ?? [];
    return uri && !/^Enabled:\s*(?:no|false|0|off|without|disable)/m.test(stanza) ? [{ uri, suites }] : [];
  });
}

/** @param {string} root @param {string} ending */
function sourceFiles(root, ending) {
  const folder = join(root, 'etc/apt/sources.list.d');
  const parts = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .map((name) => join(folder, name))
    : [];
  const first = join(root, 'etc/apt/sources.list');
  return ending === '.list' && existsSync(first) ? [first, ...parts] : parts;
}

/** @param {string} url */
function trim(url) {
  return url.replace(/\/+$/, '');
}

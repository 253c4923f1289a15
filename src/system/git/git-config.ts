/** One setting: `['http.proxy', 'http://proxy.corp:3128']`; section and key never hold dots, a subsection may. */
export type GitSetting = readonly [name: string, value: string];

/**
 * Settings of ours, in place of the user's and the system's configuration: what git does must be the same on every machine,
 * and nothing but git may run.
 */
export const OUR_SETTINGS: readonly GitSetting[] = [
  // Nothing runs but git: no hooks, file-system monitor, asking programs, credential helpers, submodules, background gc.
  // Filters (LFS) are settings of the user's, which are not there.
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.askPass', ''],
  ['core.pager', 'cat'],
  ['credential.helper', ''],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  // Bytes in the work tree are the bytes of the blob.
  ['core.autocrlf', 'false'],
  ['core.fileMode', 'true'],
  ['core.symlinks', 'true'],
  ['core.quotePath', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  // Objects that come over the network are checked in full: git-config(1), transfer.fsckObjects.
  ['transfer.fsckObjects', 'true'],
  // A server that accepts and then says nothing is given up after a minute below 1000 bytes a second.
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
  ['protocol.version', '2'],
  // Our own work dirs and store may belong to another user (under sudo, in a container). A user's own repository is read through a view.
  ['safe.directory', '*'],
  ['advice.detachedHead', 'false'],
  ['init.defaultBranch', 'main'],
];

/** Keys of `http.*` and `http.URL.*` that say how this machine reaches the network. No cookies, no headers: those are secrets. */
const NETWORK_KEYS: ReadonlySet<string> = new Set(
  [
    'proxy',
    'proxyAuthMethod',
    'proxySSLCert',
    'proxySSLKey',
    'proxySSLCAInfo',
    'sslCAInfo',
    'sslCAPath',
    'sslBackend',
    'sslCert',
    'sslKey',
    'sslVerify',
    'sslVersion',
    'sslCipherList',
    'version',
    'curloptResolve',
    'noEPSV',
    'postBuffer',
  ].map((key) => key.toLowerCase()),
);

/**
 * From the output of `git config --null --list` the settings that people's networks need: proxies and certificates. All
 * else is dropped, `url.*.insteadOf` too: which host is asked is this program's subject, and it must be the one it names.
 */
export function networkSettings(listed: string): GitSetting[] {
  const kept: GitSetting[] = [];
  for (const record of listed.split('\0')) {
    // git-config(1), --null: the name, a line feed, the value; the name alone where the value was not written (true).
    const end = record.indexOf('\n');
    const name = end === -1 ? record : record.slice(0, end);
    if (!name.startsWith('http.') || !NETWORK_KEYS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase())) continue;
    kept.push([name, end === -1 ? 'true' : record.slice(end + 1)]);
  }
  return kept;
}

/** What git takes for false: git-config(1), Values, boolean. */
const FALSE: ReadonlySet<string> = new Set(['false', 'no', 'off', '0', '']);

/**
 * What of the user's own turns git's check of certificates off, by the name that the user gave it: `http.sslVerify`, one for a URL, or
 * `GIT_SSL_NO_VERIFY`, which counts whatever its value is (git-config(1), http.sslVerify). Of one setting the last value counts. Pure.
 */
export function uncheckedBy(
  settings: readonly GitSetting[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const last = new Map(settings.filter(([name]) => /\.sslverify$/iu.test(name)));
  const off = [...last].filter(([, value]) => FALSE.has(value.toLowerCase())).map(([name]) => name);
  return [...(env['GIT_SSL_NO_VERIFY'] === undefined ? [] : ['GIT_SSL_NO_VERIFY']), ...off];
}

/** The text of a git configuration file that holds these settings, in this order. */
export function gitConfigText(settings: readonly GitSetting[]): string {
  return settings
    .map(([name, value]) => {
      const first = name.indexOf('.');
      const last = name.lastIndexOf('.');
      const section = name.slice(0, first);
      const subsection = last > first ? ` ${quoted(name.slice(first + 1, last))}` : '';
      return `[${section}${subsection}]\n\t${name.slice(last + 1)} = ${quoted(value)}\n`;
    })
    .join('');
}

/** git-config(1), Syntax: in double quotes only `"` and `\` must be escaped; a line feed is written `\n`. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

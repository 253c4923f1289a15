// @ts-check
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { askOutside } from './gateway-client.mjs';

/**
 * Short indexes of Debian's packages. A whole one takes apt seconds to fetch, to unpack and to read, for each step that installs something;
 * one that lists what the builds install is an index like any other, with the packages as Debian has them.
 * @typedef {{folder: string, text: string, gz: Buffer}} Index `folder`: below the suite
 */

/** @param {string} suite @param {string} arch @returns {Promise<readonly string[]>} stanzas, one for each package */
async function stanzasOf(suite, arch) {
  const source = suite.endsWith('security') ? 'security' : 'debian';
  const path = `dists/${suite}/main/binary-${arch}/Packages.xz`;
  const answer = await askOutside(source, path);
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
  const whole = { input: await buffer(answer), encoding: /** @type {const} */ ('utf8'), maxBuffer: 1 << 29 };
  const text = execFileSync('xz', ['--decompress', '--stdout'], whole);
  return text.split('\n\n').filter((stanza) => stanza !== '');
}

/** @param {string} stanza @param {string} name */
function field(stanza, name) {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
}

/** `libc6 (>= 2.34), cmake:any | make` → `libc6`, `cmake`, `make`. @param {string} list */
function namesIn(list) {
  return list.split(/[,|]/).flatMap((each) => /^\s*([^\s(:]+)/.exec(each)?.[1] ?? []);
}

/**
 * The names of some packages and of all that they may depend on, whichever way apt chooses.
 * @param {readonly string[]} wanted
 * @param {readonly string[]} stanzas
 */
function closureOf(wanted, stanzas) {
  /** @type {Map<string, string[]>} */
  const byName = new Map();
  for (const stanza of stanzas)
    for (const name of [field(stanza, 'Package'), ...namesIn(field(stanza, 'Provides'))])
      byName.set(name, [...(byName.get(name) ?? []), stanza]);
  /** @type {Set<string>} */
  const closure = new Set();
  /** @type {Set<string>} */
  const followed = new Set();
  const open = [...wanted];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (followed.has(name)) continue;
    followed.add(name);
    // Of each suite, for in another Debian a package depends on others.
    for (const stanza of byName.get(name) ?? []) {
      const own = field(stanza, 'Package');
      closure.add(own);
      open.push(own, ...namesIn(field(stanza, 'Depends')), ...namesIn(field(stanza, 'Pre-Depends')));
    }
  }
  return closure;
}

/**
 * @param {object} settings
 * @param {{names: readonly string[], architectures: readonly string[], essential: boolean} | null} settings.packages what shall be installed,
 *   and whether all that is essential may be; null: the indexes stay Debian's
 * @param {import('../mirrors.mjs').SuiteMap} settings.suites
 * @returns {Promise<Map<string, readonly Index[]>>} by the machine's own suite, one for each architecture; of main, the only component that
 *   the lab's images name
 */
export async function shortIndexes({ packages, suites: { normal, archive } }) {
  if (packages === null) return new Map();
  const renamed = Object.entries(normal).filter(([name, real]) => name !== real);
  const suites = [...new Set([...renamed.map(([, real]) => real), ...Object.values(archive)])];
  const wanted = suites.flatMap((suite) => packages.architectures.map((arch) => ({ suite, arch })));
  const all = await Promise.all(
    wanted.map(async ({ suite, arch }) => ({ suite, arch, stanzas: await stanzasOf(suite, arch) })),
  );
  const stanzas = all.flatMap((each) => each.stanzas);
  const essential = stanzas.filter((stanza) => packages.essential && field(stanza, 'Essential') === 'yes');
  const closure = closureOf([...packages.names, ...essential.map((stanza) => field(stanza, 'Package'))], stanzas);
  /** @type {Map<string, Index[]>} */
  const indexes = new Map(suites.map((suite) => [suite, []]));
  for (const { suite, arch, stanzas: own } of all) {
    const listed = own.filter((stanza) => closure.has(field(stanza, 'Package')));
    const text = listed.map((stanza) => `${stanza.trimEnd()}\n\n`).join('');
    indexes.get(suite)?.push({ folder: `main/binary-${arch}`, text, gz: gzipSync(text) });
  }
  return indexes;
}

const digest = (/** @type {string} */ algorithm, /** @type {Buffer} */ bytes) =>
  createHash(algorithm).update(bytes).digest('hex');

/** The lines of a Release file that list some indexes alone. @param {readonly Index[]} indexes @returns {readonly string[]} */
export function sumsOf(indexes) {
  const line = (/** @type {string} */ path, /** @type {Buffer} */ bytes) =>
    ` ${digest('sha256', bytes)} ${bytes.length} ${path}`;
  const lines = indexes.flatMap(({ folder, text, gz }) => [
    line(`${folder}/Packages`, Buffer.from(text)),
    line(`${folder}/Packages.gz`, gz),
  ]);
  return ['SHA256:', ...lines];
}

/** What lies at a path below a suite: an index by its name, or by its sum, which apt prefers. @param {string} path @param {readonly Index[]} indexes */
export function indexAt(path, indexes) {
  return indexes.find(({ folder, gz }) =>
    [`${folder}/Packages.gz`, `${folder}/by-hash/SHA256/${digest('sha256', gz)}`].includes(path),
  )?.gz;
}

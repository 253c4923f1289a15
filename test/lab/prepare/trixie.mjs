// @ts-check
import { readFileSync } from 'node:fs';
import { install, makeLayer } from './roots.mjs';

/**
 * The layers of the second root, for moby from 23.0 on: `base-trixie` ← `engine-trixie` (the lab's own system) and
 * base-trixie ← `tools-trixie` (the golang image) ← `source-trixie` (nothing but moby's source, in its shared folder).
 */

/**
 * Debian's unpacked upstream source, in which nothing of Debian's is: 26.1.5+dfsg1-9 and every later revision of it share this file.
 * The sum is from the Sources file of trixie.
 */
const original = {
  path: 'pool/main/d/docker.io/docker.io_26.1.5+dfsg1.orig.tar.xz',
  sha256: 'e06baad2dbca2a79d3569ee358a4442cf9e550a355872484631860941bee73c9',
};

/** Debian's name of the other architecture's things, by GOARCH. @type {Record<string, {arch: string, triple: string, gcc: string, qemu: string}>} */
const foreign = {
  amd64: { arch: 'arm64', triple: 'aarch64-linux-gnu', gcc: 'gcc-aarch64-linux-gnu', qemu: 'qemu-aarch64' },
  arm64: { arch: 'amd64', triple: 'x86_64-linux-gnu', gcc: 'gcc-x86-64-linux-gnu', qemu: 'qemu-x86_64' },
};
const here = process.arch === 'x64' ? 'amd64' : process.arch;

/** What this machine cross-compiles for, and how its programs run here. */
export const other = foreign[here] ?? /** @type {NonNullable<typeof foreign.amd64>} */ (foreign.amd64);

const engine = [
  'docker.io',
  'docker-cli',
  'docker-buildx',
  'docker-registry',
  'dnsmasq-base',
  'tini',
  'git',
  'make',
  'openssl',
  'gpg',
  'gpg-agent',
  'iproute2',
  'curl',
  'procps',
  'qemu-user',
];
const tools = ['golang-go', 'gcc', 'libc6-dev', other.gcc, 'make', 'git', 'curl', 'pkg-config', 'dpkg-dev', 'xz-utils'];

/** Of qemu-user, which holds an emulator for every processor, the one that is run. */
const onlyOneQemu = `printf 'path-exclude=/usr/bin/qemu-*\\npath-include=/usr/bin/${other.qemu}\\n' > /etc/dpkg/dpkg.cfg.d/qemu`;

/** @param {import('./roots.mjs').Prepare} prepare @param {import('./roots.mjs').Layer} base */
export async function makeTrixieEngine(prepare, base) {
  return makeLayer(prepare, base, 'engine-trixie', [['sh', '-c', onlyOneQemu], ['apt-get', 'update'], install(engine)]);
}

/** What the golang image of this root holds. @param {import('./roots.mjs').Prepare} prepare @param {import('./roots.mjs').Layer} base */
export async function makeTrixieTools(prepare, base) {
  return makeLayer(prepare, base, 'tools-trixie', [['apt-get', 'update'], install(tools)]);
}

/**
 * Debian's source of moby 26.1.5 with its vendor/ whole again.
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer} tools
 * @param {string} goproxy
 * @returns {Promise<import('./roots.mjs').Layer & {shared: string}>} the tree is `engine` in its shared folder
 */
export async function makeTrixieSource(prepare, tools, goproxy) {
  const script = readFileSync(new URL('trixie-source.sh', import.meta.url), 'utf8');
  const archive = `${prepare.machine.debian}/${original.path}`;
  return makeLayer(prepare, tools, 'source-trixie', [['sh', '-c', script, 'sh', archive, original.sha256, goproxy]]);
}

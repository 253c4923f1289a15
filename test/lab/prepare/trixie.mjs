// @ts-check
import { readFileSync } from 'node:fs';
import { onlyOneQemu, other } from './other-machine.mjs';
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
  'xz-utils',
  'qemu-user',
];
const tools = ['golang-go', 'gcc', 'libc6-dev', other.gcc, 'make', 'git', 'curl', 'pkg-config', 'dpkg-dev', 'xz-utils'];

/** @param {import('./roots.mjs').Prepare} prepare @param {import('./roots.mjs').Layer} base */
export async function makeTrixieEngine(prepare, base) {
  return makeLayer(prepare, base, 'engine-trixie', [
    ['sh', '-c', onlyOneQemu(other.qemu)],
    ['apt-get', 'update'],
    install(engine),
  ]);
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

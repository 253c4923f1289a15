// @ts-check
import { install, makeBase, makeLayer } from './roots.mjs';

/**
 * Roots that packages are installed in: `hosts` (a bare bookworm with what a package of ours depends on, without systemd and without
 * OpenRC) ← `hosts-openrc`, and hosts ← `hosts-checks` (systemd's and the distributions' own checkers).
 */
const depended = ['iptables', 'procps'];
const checkers = ['systemd', 'lintian', 'rpm', 'rpmlint'];

/**
 * @typedef {object} Hosts
 * @property {import('./roots.mjs').Layer} plain
 * @property {import('./roots.mjs').Layer} openrc
 * @property {import('./roots.mjs').Layer} checks
 */

/**
 * Makes what is missing of them.
 * @param {import('./roots.mjs').Prepare} prepare
 * @returns {Promise<Hosts>}
 */
export async function makeHosts(prepare) {
  const base = await makeBase(prepare);
  // The lab's base leaves documents out, which belong to a package.
  const whole = ['rm', '-f', '/etc/dpkg/dpkg.cfg.d/lab'];
  const update = ['apt-get', 'update'];
  const plain = await makeLayer(prepare, base, 'hosts', [update, install(depended), whole]);
  const openrc = await makeLayer(prepare, plain, 'hosts-openrc', [update, install(['openrc'])]);
  const checks = await makeLayer(prepare, plain, 'hosts-checks', [update, install(checkers)]);
  return { plain, openrc, checks };
}

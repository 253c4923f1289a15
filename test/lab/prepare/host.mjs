// @ts-check
import { existsSync } from 'node:fs';
import { LabError } from '../machine.mjs';
import { run } from './processes.mjs';

/** What the lab needs of this machine, by Debian's package; all else lives in the lab's own root. */
const hostTools = {
  debootstrap: ['debootstrap'],
  'util-linux': ['unshare', 'nsenter', 'setpriv'],
  mount: ['mount'],
  tar: ['tar'],
  git: ['git'],
  openssl: ['openssl'],
  iproute2: ['ip'],
};
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Installs what is missing with apt-get, after saying so.
 * @param {(line: string) => void} say
 * @throws LabError where this is no place for a lab
 */
export async function prepareHost(say) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new LabError('The lab mounts, chroots and makes namespaces: run it as root on Linux.');
  const missing = Object.entries(hostTools).flatMap(([name, tools]) => (tools.every(onPath) ? [] : [name]));
  if (!existsSync(keyring)) missing.push('debian-archive-keyring');
  if (missing.length === 0) return;
  if (!onPath('apt-get'))
    throw new LabError(`Missing here: ${missing.join(', ')}. The lab installs them on Debian and Ubuntu only.`);
  say(`installing on this machine: ${missing.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run(['apt-get', 'update', '-q'], { env });
  await run(['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing], { env });
}

/** @param {string} tool */
function onPath(tool) {
  return (process.env.PATH ?? '').split(':').some((dir) => dir !== '' && existsSync(`${dir}/${tool}`));
}

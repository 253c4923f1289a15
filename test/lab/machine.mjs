// @ts-check
import { execFileSync } from 'node:child_process';
import { debianSource } from '../support/debian-source.mjs';

/**
 * What this machine is set up for, read at run time: no committed file names a package registry.
 * @typedef {object} Machine
 * @property {string} debian base URL of the Debian archive, without a slash at its end
 * @property {string} security base URL of the security archive
 * @property {string} goproxy base URL of the module proxy
 * @property {string} sumdb name of Go's checksum database
 * @property {string[]} aptSettings lines of apt.conf that this machine needs for that source
 * @property {string | null} caFile PEM file of what this machine trusts, where one is named
 */

/** A sentence for the user that says what is lacking and what to do. */
export class LabError extends Error {
  /**
   * @param {string} message
   * @param {{cause?: unknown}} [options]
   */
  constructor(message, options) {
    super(message, options);
    this.name = 'LabError';
  }
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Omit<Machine, 'goproxy' | 'sumdb'>}
 * @throws LabError where no Debian source is configured
 */
export function readMachine(env = process.env) {
  const source = debianSource(env);
  if (source === null)
    throw new LabError(
      'No Debian source in /etc/apt, and debootstrap names no default: the lab is made from one. Set LAB_DEBIAN_MIRROR, for example to https://HOST/debian.',
    );
  return {
    ...source,
    aptSettings: aptDateSettings(),
    caFile: env.SSL_CERT_FILE ?? env.NODE_EXTRA_CA_CERTS ?? null,
  };
}

/**
 * The module proxy: LAB_GOPROXY, else GOPROXY, else what the go command says, of this machine or of the lab.
 * @param {(argv: string[]) => Promise<string>} goInRoot runs a command in the lab's root that holds Go
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{goproxy: string, sumdb: string}>}
 */
export async function readGoProxy(goInRoot, env = process.env) {
  const said = env.LAB_GOPROXY ?? env.GOPROXY ?? (await goEnv('GOPROXY', goInRoot));
  const goproxy = said.split(/[,|]/).find((entry) => /^https?:/.test(entry));
  if (goproxy === undefined)
    throw new LabError(`No module proxy: GOPROXY is "${said}", which names no URL. Set LAB_GOPROXY to one.`);
  const sumdb = (await goEnv('GOSUMDB', goInRoot)).split(' ')[0] ?? '';
  return { goproxy: goproxy.replace(/\/+$/, ''), sumdb: sumdb.split('+')[0] ?? '' };
}

/**
 * @param {string} name
 * @param {(argv: string[]) => Promise<string>} goInRoot
 */
async function goEnv(name, goInRoot) {
  try {
    return execFileSync('go', ['env', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return (await goInRoot(['go', 'env', name])).trim(); // This machine has no Go; the lab's root has.
  }
}

/** A machine that takes its packages from a snapshot has these off; what uses its source needs the same. */
function aptDateSettings() {
  try {
    const dump = execFileSync('apt-config', ['dump'], { encoding: 'utf8' });
    return dump.split('\n').filter((line) => /^Acquire::Check-(Valid-Until|Date) /.test(line));
  } catch (cause) {
    throw new LabError('apt-config does not run here: the lab needs a Debian or Ubuntu host.', { cause });
  }
}

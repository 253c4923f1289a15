import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAsker, type Asker } from '../mirrors/probe/asker.ts';
import { hostNames } from '../system/host-names.ts';
import { GitAccess } from '../system/git-access.ts';
import { trustOf } from '../system/http-trust.ts';
import { readNetrc } from '../system/netrc-file.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import { MESSAGES } from '../ui/messages.ts';
import { addNotes, type Network, type RunState } from './state.ts';

/**
 * Reads the certificates of `--ca` and NODE_EXTRA_CA_CERTS and the logins of `--netrc`, for our own requests and the gits of this run;
 * once for each run.
 *
 * @throws MobyBuildError `bad-ca`, `bad-netrc`, `no-such-file`, exit 2
 */
export async function networkOf(state: RunState): Promise<Network> {
  state.network ??= await makeNetwork(state);
  return state.network;
}

/** What a step asks mirrors with: `--probe-timeout` for all of it together, half of that to the first byte of an answer. */
export async function askerOf(state: RunState): Promise<Asker> {
  const { reach, access } = await networkOf(state);
  const limitMs = state.options.probeTimeout * 1000;
  return makeAsker({ reach, limitMs, firstByteMs: limitMs / 2, access });
}

async function makeNetwork(state: RunState): Promise<Network> {
  const { env, options } = state;
  const trust = await trustOf(env, options.ca);
  const netrc = options.netrc === null ? null : await readNetrc(options.netrc);
  if (netrc !== null) {
    if (netrc.readableByOthers) {
      const { message, command } = MESSAGES.netrcReadable(netrc.file);
      addNotes(state, [{ level: 'warning', code: 'netrc-readable', message, hint: command }]);
    }
  }
  const reach = { env, trust, names: hostNames(), logins: netrc?.logins ?? [] };
  const certificates = trust.bundle === null ? null : certificateFile(trust.bundle);
  const access = new GitAccess({ env, netrc: netrc?.text, certificates });
  return { reach, access, stageCertificates: trust.given };
}

/** Removed when the process leaves: clones after the probe need it too. */
function certificateFile(bundle: string): string {
  const file = join(makeTempDir('ca').path, 'bundle.pem');
  writeFileSync(file, bundle);
  return file;
}

/** A note on the logins of ~/.netrc that git did not get, after it has asked somebody. */
export function noteLeftOutLogins(state: RunState): void {
  const left = state.network?.access.leftOut();
  if (left === undefined || (!left.byDefault && left.hosts === 0)) return;
  addNotes(state, [{ level: 'info', code: 'netrc-left-out', ...MESSAGES.netrcLeftOut(left.file, left.byDefault) }]);
}

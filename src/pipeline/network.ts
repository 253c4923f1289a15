import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAsker, type Asker } from '../mirrors/probe/asker.ts';
import { hostNames } from '../system/host-names.ts';
import { trustForGit } from '../system/git-home.ts';
import { trustOf } from '../system/http-trust.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import type { Network, RunState } from './state.ts';

/**
 * Reads the certificates of `--ca` and NODE_EXTRA_CA_CERTS and gives them to every git of this run; once for each run.
 *
 * @throws MobyBuildError `bad-ca`, exit 2
 */
export async function networkOf(state: RunState): Promise<Network> {
  state.network ??= await makeNetwork(state);
  return state.network;
}

/** What a step asks mirrors with: `--probe-timeout` for all of it together, half of that to the first byte of an answer. */
export async function askerOf(state: RunState): Promise<Asker> {
  const { reach, gitCertificates } = await networkOf(state);
  const limitMs = state.options.probeTimeout * 1000;
  return makeAsker({ reach, limitMs, firstByteMs: limitMs / 2, gitCertificates });
}

async function makeNetwork({ env, options }: RunState): Promise<Network> {
  const trust = await trustOf(env, options.ca);
  const reach = { env, trust, names: hostNames() };
  if (trust.bundle === null) return { reach, gitCertificates: null };
  // Removed when the process leaves: clones after the probe need it too.
  const file = join(makeTempDir('ca').path, 'bundle.pem');
  writeFileSync(file, trust.bundle);
  trustForGit(file);
  return { reach, gitCertificates: file };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builderApart } from '../../make/engine/chosen-builder.ts';
import { makeAsker, type Asker } from '../../mirrors/requests/asker.ts';
import { hostNames } from '../../system/http/host-names.ts';
import { GitAccess } from '../../system/git/git-access.ts';
import { trustOf } from '../../system/http/http-trust.ts';
import { readNetrc } from '../../system/http/netrc-file.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Equipped, Machine, Network, Requested } from '../stage/stages.ts';

/**
 * Reads the logins of `--netrc`, and the certificates of `--ca` and NODE_EXTRA_CA_CERTS where there are any, for our own requests and the
 * gits of this run. Without them, certificates are read when somebody is asked.
 *
 * @throws MobyBuildError `bad-ca`, `bad-netrc`, `no-such-file`, exit 2
 */
export async function networkOf(options: Requested['options'], io: Io): Promise<Network> {
  const { ca, netrc: file, offline } = options;
  const netrc = file === null ? null : await readNetrc(file);
  if (netrc?.readableByOthers === true) {
    const { message, command } = MESSAGES.netrcReadable(netrc.file);
    io.note({ level: 'warning', code: 'netrc-readable', message, hint: command });
  }
  const logins = netrc?.logins ?? [];
  let made: ReturnType<Network['reach']> | null = null;
  const reach: Network['reach'] = () => (made ??= makeReach({ ca, offline, netrc: netrc?.text }, io, logins));
  const given = ca !== null || (io.env['NODE_EXTRA_CA_CERTS'] ?? '') !== '';
  return { logins, reach, stageCertificates: given ? (await reach()).reach.trust.given : null };
}

/** What a step asks mirrors with: `--probe-timeout` for all of it together, half of that to the first byte of an answer. */
export async function askerOf({
  network,
  options,
  machine,
}: Pick<Checked, 'network' | 'options'> & Partial<Pick<Equipped, 'machine'>>): Promise<Asker> {
  const { reach, access } = await network.reach();
  const limitMs = options.probeTimeout * 1000;
  return makeAsker({ reach, limitMs, firstByteMs: limitMs / 2, access, insecureRegistries: plainRegistries(machine) });
}

/** What the engine itself takes, where it builds; another builder has a configuration of its own, which nobody can ask for. */
function plainRegistries(machine: Machine | undefined): readonly string[] {
  if (machine?.is !== 'checked') return [];
  return builderApart(machine.engine) === null ? machine.engine.insecureRegistries : [];
}

async function makeReach(
  { ca, offline, netrc }: Pick<Requested['options'], 'ca' | 'offline'> & { readonly netrc: string | undefined },
  { env }: Pick<Io, 'env'>,
  logins: Network['logins'],
): ReturnType<Network['reach']> {
  const trust = await trustOf(env, ca);
  const certificates = trust.bundle === null ? null : certificateFile(trust.bundle);
  return {
    reach: { env, trust, names: hostNames(), logins, offline },
    access: new GitAccess({ env, netrc, certificates, offline }),
  };
}

/** Removed when the process leaves: clones after the probe need it too. */
function certificateFile(bundle: string): string {
  const file = join(makeTempDir('ca').path, 'bundle.pem');
  writeFileSync(file, bundle);
  return file;
}

/** After git has asked somebody: notes on logins of ~/.netrc that it did not get, and on a check that the user's own settings turn off. */
export async function noteGitSettings({ network }: Pick<Checked, 'network'>, io: Io): Promise<void> {
  const { access } = await network.reach();
  const left = access.leftOut();
  if (left.byDefault || left.hosts > 0)
    io.note({ level: 'info', code: 'netrc-left-out', ...MESSAGES.netrcLeftOut(left.file, left.byDefault) });
  const unchecked = await access.unchecked();
  if (unchecked.length > 0) io.note({ level: 'warning', code: 'git-unchecked', ...MESSAGES.gitUnchecked(unchecked) });
}

import type { Candidate } from '../../../src/mirrors/candidates/candidates.ts';
import type { CatalogueEntry } from '../../../src/mirrors/catalogue/catalogue.ts';
import { makeAsker } from '../../../src/mirrors/requests/asker.ts';
import type { Need } from '../../../src/mirrors/candidates/need.ts';
import { runProbe } from '../../../src/mirrors/probe/run-probe.ts';
import { parseTemplate } from '../../../src/mirrors/catalogue/template.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf } from '../../../src/system/http/http-trust.ts';
import { NOW } from './healthy-mirror.ts';

const NEED: Need = {
  kind: 'apt',
  key: 'bookworm',
  points: [],
  wanted: { is: 'suites', suites: [{ root: 'debian', suite: 'bookworm', archived: false }], arch: 'arm64' },
};
/** An apt mirror of the catalogue; the one called `official` stands for the upstream host. */
export function mirrorOf(id: string, url: string): CatalogueEntry {
  const common = { kinds: ['apt' as const], operator: '-', region: 'global' as const, status: 'alive' as const };
  return { id, template: url, official: id === 'official', seen: null, sources: ['here'], ...common };
}

/** Probes them for one suite and says in which order they come: `ID OUTCOME`, the best first. */
export async function rankedOf(entries: readonly CatalogueEntry[], limitMs: number): Promise<readonly string[]> {
  const candidates = entries.map((entry): Candidate =>
    entry.official === true
      ? { id: null, via: 'upstream', template: null, entry: null, byFlag: false }
      : { id: entry.id, via: 'mirror', template: parseTemplate('apt', entry.template), entry, byFlag: false },
  );
  const reach = { env: {}, trust: await trustOf({}, null), names: hostNames() };
  const asker = makeAsker({ reach, limitMs, firstByteMs: limitMs / 2, access: new GitAccess({ env: process.env }) });
  const [probed] = await runProbe({
    needs: [NEED],
    candidatesOf: () => candidates,
    catalogue: { compiled: '2026-11-25', mirrors: entries },
    officials: { apt: null, gomod: null, checksumDatabase: null },
    asker,
    probeRepository: () => Promise.reject(new Error('no git here')),
    now: NOW,
  });
  return (probed?.ranked ?? []).map(({ id, finding }) => `${id} ${finding.outcome}`);
}

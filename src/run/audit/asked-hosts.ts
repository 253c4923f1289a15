import { hostOf } from '../../egress/world/default-hosts.ts';
import { locateImage } from '../../image-reference.ts';
import type { Candidate } from '../../mirrors/candidates/candidates.ts';
import { findMirror, type Catalogue } from '../../mirrors/catalogue/catalogue.ts';
import { locate, type Place } from '../../mirrors/candidates/locate.ts';
import type { Need } from '../../mirrors/candidates/need.ts';
import { EGRESS_KINDS, type EgressKind, type Scan } from '../../types.ts';
import { cloneCandidates } from '../source/clone-candidates.ts';
import { candidatesFor, requestsFor } from '../plan/requests.ts';
import type { Io } from '../stage/io.ts';
import type { Checked } from '../stage/stages.ts';

/** A host that may be asked, and for what. */
export interface AskedHost {
  readonly host: string;
  readonly kind: EgressKind;
}

/** Nobody has looked at this machine's configuration: hosts that no file names are told by their placeholders. */
const OFFICIALS = { apt: null, gomod: null, checksumDatabase: null };

/**
 * The hosts of all mirrors that may have what a tree needs, whoever is chosen in the end: they are measured, they say what an image
 * is, they take over where another one fails. Those that moby itself is cloned from are among them. Asks nobody.
 */
export async function askedHosts(from: Checked, io: Io, scan: Scan): Promise<readonly AskedHost[]> {
  const { options, catalogue } = from;
  // Which commit it is does not say where it is.
  const needs = await requestsFor(from, io, scan, () => null);
  const hosts = needs.flatMap((need) => {
    const kind = EGRESS_KINDS.find((each) => each === need.kind);
    const found = candidatesFor(from, need).flatMap((candidate) => hostsOf(catalogue, candidate, need));
    return kind === undefined ? [] : found.map((host): AskedHost => ({ host, kind }));
  });
  const { source } = options;
  const clones = source.kind === 'directory' ? [] : cloneCandidates(source.url, from);
  return [...hosts, ...clones.map(({ url }): AskedHost => ({ host: hostOf(url), kind: 'git' }))].filter(
    ({ host }) => host !== '',
  );
}

function hostsOf(catalogue: Catalogue, candidate: Candidate, need: Need): readonly string[] {
  const found = locate(candidate, need, catalogue, OFFICIALS);
  if (!('miss' in found)) return hostsAt(found.place, candidate);
  const official = candidate.template === null ? findMirror(catalogue, need.kind, 'official') : candidate.entry;
  return official?.template.startsWith('<') === true ? [official.template] : [];
}

function hostsAt(place: Place, { template }: Candidate): readonly string[] {
  switch (place.is) {
    case 'suites':
      return place.bases.map(([, base]) => hostOf(base));
    case 'module':
      return (template?.text ?? place.proxy).split(/[,|]/u).map(hostOf);
    case 'image':
      return [locateImage(place.reference).host];
    case 'repository':
    case 'file':
      return [hostOf(place.url)];
  }
}

import { debianArch } from '../../cpus.ts';
import { suiteOfImage } from '../../mirrors/catalogue/suites.ts';
import { differsByRepository, repositoryCandidates } from '../../mirrors/candidates/repositories.ts';
import type { Need } from '../../mirrors/candidates/need.ts';
import type { Profile, ProfilePart } from '../../mirrors/catalogue/profile.ts';
import type { Probed } from '../../mirrors/probe/run-probe.ts';
import type { MirrorKind } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { probeSource } from '../source/order-clones.ts';
import { probeAll } from '../plan/probe-mirrors.ts';
import { needsOf } from '../plan/requests.ts';
import { runChain, type Chain } from '../stage/chain.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Scanned } from '../stage/stages.ts';

/** What is asked for where no tree can be had that says what it needs. */
const SAMPLE_IMAGE = 'docker.io/library/golang:1.24-bookworm';

/**
 * Measures the mirrors for a tree: the user's, or a clone of which only the files that a scan reads are fetched. Where nobody
 * serves the clone, ordinary objects are asked for in place of what the tree would say, so that each kind is explained.
 *
 * @param scanning the steps that lead to a scanned tree
 * @param kind only this one
 */
export async function probeTree(
  from: Checked,
  io: Io,
  scanning: Chain<Checked, Scanned>,
  kind: MirrorKind | null,
): Promise<readonly Probed[]> {
  const { source } = from.options;
  const wanted = (need: Need): boolean => kind === null || need.kind === kind;
  let moby: readonly Probed[] = [];
  if (source.kind === 'url' && /^https?:/u.test(source.url)) {
    const clone = await probeSource(from, io, source.url);
    if (clone.ranked.length > 0 && !clone.ranked.some(({ finding }) => finding.outcome === 'ok')) {
      io.note({ level: 'warning', code: 'no-tree', message: MESSAGES.sampleAsked(SAMPLE_IMAGE) });
      const others = await probeAll(from, io, sampleNeeds(from).filter(wanted));
      return [...(wanted(clone.need) ? [clone] : []), ...others];
    }
    // A server that keeps each repository by itself may lack moby's own.
    if (wanted(clone.need) && repositoryCandidates(source.url, from).some(differsByRepository)) moby = [clone];
  }
  const scanned = await runChain(scanning, from, io);
  const needs = await needsOf(withFlagsAsProfile(scanned), io);
  return [...moby, ...(await probeAll(scanned, io, needs.filter(wanted)))];
}

/** A build asks a mirror of a flag for nothing. Here it is the one to be measured, so what it has to serve is found as for any of the profile. */
function withFlagsAsProfile(from: Scanned): Scanned {
  const { profile, overrides } = from;
  const whole = overrides.filter(({ part }) => part === undefined);
  const lists = whole.map(({ kind, value }) => [kind, [value]]);
  const mirrors = { ...profile.mirrors, ...(Object.fromEntries(lists) as Profile['mirrors']) };
  const replaced = ({ kind, part }: ProfilePart): boolean =>
    overrides.some((each) => each.kind === kind && (each.part === undefined || each.part === part));
  const parts = [
    ...overrides.flatMap(({ kind, part, value }) => (part === undefined ? [] : [{ kind, part, values: [value] }])),
    ...(profile.parts ?? []).filter((each) => !replaced(each)),
  ];
  return { ...from, overrides: [], profile: { ...profile, mirrors, parts } };
}

function sampleNeeds({ options }: Checked): readonly Need[] {
  const release = suiteOfImage(SAMPLE_IMAGE)?.codename ?? '';
  const platform = `linux/${options.arch}`;
  return [
    {
      kind: 'apt',
      key: release,
      points: [],
      wanted: {
        is: 'suites',
        suites: [{ root: 'debian', suite: release, archived: false }],
        arch: debianArch(options.arch),
      },
    },
    {
      kind: 'image',
      key: `${SAMPLE_IMAGE} ${platform}`,
      points: [],
      wanted: { is: 'image', reference: SAMPLE_IMAGE, platform },
    },
    {
      kind: 'gomod',
      key: 'modules',
      points: [],
      wanted: { is: 'module', path: 'github.com/pkg/errors', version: 'v0.9.1' },
    },
  ];
}

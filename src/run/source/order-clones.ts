import { expandUrl, splitUrl } from '../../mirrors/catalogue/template.ts';
import { nameOf } from '../../mirrors/candidates/locate.ts';
import { sourceNeed } from '../../mirrors/candidates/need.ts';
import type { Probed } from '../../mirrors/probe/run-probe.ts';
import { repositoryCandidates } from '../../mirrors/candidates/repositories.ts';
import type { Io } from '../stage/io.ts';
import type { Checked } from '../stage/stages.ts';
import type { cloneCandidates } from './clone-candidates.ts';
import { probeAll, requireUsable, whyNoProbe } from '../plan/probe-mirrors.ts';

type CloneCandidates = ReturnType<typeof cloneCandidates>;

/**
 * The clone URLs of moby itself with those that answer first, nearest first; there is no tree yet that could say what else is
 * needed. As they are where mirrors are not measured, or there is but one.
 *
 * @throws MobyBuildError `no-usable-mirror`, exit 5
 */
export async function orderClones(
  from: Checked,
  io: Io,
  url: string,
  candidates: CloneCandidates,
): Promise<CloneCandidates> {
  if (candidates.length < 2 || whyNoProbe(from) !== null) return candidates;
  const probed = await probeSource(from, io, url);
  requireUsable([probed], from.options.probeTimeout);
  const upstream = splitUrl(url);
  const all = repositoryCandidates(url, from);
  return probed.ranked
    .filter(({ finding }) => finding.outcome === 'ok')
    .flatMap(({ id }) => all.filter((candidate) => nameOf(candidate) === id))
    .flatMap(({ template }) => {
      const at = template === null || upstream === null ? url : expandUrl(template, upstream);
      return candidates.filter((candidate) => candidate.url === at);
    });
}

/** Asks every git mirror for moby's repository; once in each run. */
export function probeSource(from: Checked, io: Io, url: string): Promise<Probed> {
  const running = io.sourceProbes.get(url) ?? askForSource(from, io, url);
  io.sourceProbes.set(url, running);
  return running;
}

async function askForSource(from: Checked, io: Io, url: string): Promise<Probed> {
  const [probed] = await probeAll(from, io, [sourceNeed(url, null, repositoryCandidates(url, from)[0]?.part)]);
  if (probed === undefined) throw new Error('one need, and no answer');
  return probed;
}

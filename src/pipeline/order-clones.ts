import { expandUrl, splitUrl } from '../mirrors/template.ts';
import { nameOf } from '../mirrors/probe/locate.ts';
import { sourceNeed } from '../mirrors/probe/need.ts';
import type { Probed } from '../mirrors/probe/run-probe.ts';
import { candidatesOf } from '../mirrors/candidates.ts';
import type { cloneCandidates } from './clone-candidates.ts';
import { probeAll, requireUsable, whyNoProbe } from './probe-mirrors.ts';
import { known, type RunState } from './state.ts';

type CloneCandidates = ReturnType<typeof cloneCandidates>;

/**
 * The clone URLs of moby itself with those that answer first, nearest first; there is no tree yet that could say what else is
 * needed. As they are where mirrors are not measured, or there is but one.
 *
 * @throws MobyBuildError `no-usable-mirror`, exit 5
 */
export async function orderClones(
  state: RunState,
  url: string,
  candidates: CloneCandidates,
  say: (text: string) => void,
): Promise<CloneCandidates> {
  if (candidates.length < 2 || whyNoProbe(state) !== null) return candidates;
  const probed = await probeSource(state, url, say);
  requireUsable([probed]);
  const upstream = splitUrl(url);
  const all = candidatesOf('git', known(state, 'profile'), known(state, 'catalogue'), state.overrides);
  return probed.ranked
    .filter(({ finding }) => finding.outcome === 'ok')
    .flatMap(({ id }) => all.filter((candidate) => nameOf(candidate) === id))
    .flatMap(({ template }) => {
      const at = template === null || upstream === null ? url : expandUrl(template, upstream);
      return candidates.filter((candidate) => candidate.url === at);
    });
}

/** Asks every git mirror for moby's repository; once in each run. */
export function probeSource(state: RunState, url: string, say: (text: string) => void): Promise<Probed> {
  state.sourceProbe ??= askForSource(state, url, say);
  return state.sourceProbe;
}

async function askForSource(state: RunState, url: string, say: (text: string) => void): Promise<Probed> {
  const [probed] = await probeAll(state, [sourceNeed(url, null)], say);
  if (probed === undefined) throw new Error('one need, and no answer');
  return probed;
}

import { EXIT, MobyBuildError } from '../../errors.ts';
import { LONG_PROBE, NEXT } from '../../next-command.ts';
import { choicesOf, lastResort, orderBy, stillServe, type Choices } from '../../mirrors/probe/choices.ts';
import type { Candidate, MirrorWishes } from '../../mirrors/candidates/candidates.ts';
import { nameOf } from '../../mirrors/candidates/locate.ts';
import { nextAfterNoMirror } from '../../mirrors/probe/after-no-mirror.ts';
import type { Need } from '../../mirrors/candidates/need.ts';
import {
  differsByRepository,
  originalRepository,
  repositoryCandidates,
} from '../../mirrors/candidates/repositories.ts';
import { runProbe, type Probed } from '../../mirrors/probe/run-probe.ts';
import { probeRepository } from '../../transport/probe-repository.ts';
import { ownRegistries } from '../../system/http/own-registries.ts';
import type { EgressPoint, Note } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { keepChoice, readKeptChoice } from '../../workdir/kept-choice.ts';
import { askerOf } from '../prepare/network.ts';
import { candidatesFor, needsOf } from './requests.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Measured, Scanned } from '../stage/stages.ts';

/** Why mirrors are not measured in this run, for a person; null: they are. */
export function whyNoProbe({ profile, options }: Pick<Checked, 'profile' | 'options'>): string | null {
  if (profile.measured !== true) return MESSAGES.profileNotMeasured(profile.name);
  return options.probe ? null : MESSAGES.noProbe;
}

/**
 * Whether the servers of a profile that is not measured are asked which of them has which repository: where several are named, and each may
 * have a part of them. Their order is the profile's; a server without the repository is passed over.
 */
export function looksForRepositories({ profile, options, ...from }: Scanned): boolean {
  if (profile.measured === true || !options.probe) return false;
  const wishes = { ...from, profile };
  return from.scan.points.some(
    (point) => point.kind === 'git' && point.inClosure && isLookedFor(candidatesOfRepository(wishes, point)),
  );
}

function isLookedFor(candidates: readonly Candidate[]): boolean {
  return candidates.length > 1 && candidates.some(differsByRepository) && !candidates.some(({ byFlag }) => byFlag);
}

/** That a server has the repository at all; which commits it hands out shows when they are fetched. */
function whetherThere(need: Need): readonly Need[] {
  return need.wanted.is === 'repository' ? [{ ...need, wanted: { ...need.wanted, ref: null } }] : [];
}

function candidatesOfRepository(wishes: MirrorWishes, { url }: EgressPoint): readonly Candidate[] {
  return repositoryCandidates(originalRepository(url, wishes), wishes);
}

/** Asks all candidates for all needs, within `--probe-timeout`. Decides nothing and keeps nothing. */
export async function probeAll(from: Checked, io: Io, needs: readonly Need[]): Promise<readonly Probed[]> {
  const { reach } = await from.network.reach();
  const asker = await askerOf(from);
  const probed = await runProbe({
    needs,
    candidatesOf: (need) => candidatesFor(from, need),
    catalogue: from.catalogue,
    officials: await ownRegistries(io.env),
    asker,
    probeRepository,
    now: Date.now(),
    onProgress: (done, all) => {
      io.say(MESSAGES.probing(done, all));
    },
  });
  reach.names.cancel();
  return probed;
}

/**
 * Chooses mirrors as a build does: the choice that the work dir keeps, else a measurement.
 *
 * @param keep whether the choice is written to the work dir; a dry run writes nothing
 * @throws MobyBuildError `no-usable-mirror`, exit 5, where nobody has what is needed
 */
export async function chooseByProbe(
  from: Scanned,
  io: Io,
  keep: boolean,
): Promise<Pick<Measured, 'order'> & { readonly words: string }> {
  const measured = from.profile.measured === true;
  const all = await needsOf(from, io);
  const needs = measured ? all : all.filter((need) => isLookedFor(candidatesFor(from, need))).flatMap(whetherThere);
  const kept = from.options.reprobe ? null : await readKeptChoice(from);
  if (kept !== null && stillServe(kept, from.profile.name, needs)) {
    io.note(keptNote(kept));
    return { order: orderBy(kept, needs), words: MESSAGES.choiceKept(kept.made.slice(0, 10)) };
  }
  const answers = await probeAll(from, io, needs);
  if (measured) requireUsable(answers, from.options.probeTimeout, from.spareBase !== null);
  else io.note(...answers.flatMap(nobodyHasIt));
  const probed = measured ? answers : answers.map((each) => inOwnOrder(each, candidatesFor(from, each.need)));
  const choices = choicesOf(probed, from.profile.name, new Date());
  if (keep) await keepChoice(from, choices);
  return { order: orderBy(choices, needs), words: MESSAGES.probed(choices.objects.length) };
}

/** Somebody has decided the order, and no measurement changes it. Pure. */
export function inOwnOrder(probed: Probed, candidates: readonly Candidate[]): Probed {
  const names = candidates.map(nameOf);
  return { ...probed, ranked: probed.ranked.toSorted((a, b) => names.indexOf(a.id) - names.indexOf(b.id)) };
}

/** The order of the profile stands then: it may be that this machine alone does not reach its servers. */
function nobodyHasIt({ need, ranked }: Probed): readonly Note[] {
  if (ranked.some(({ finding }) => finding.outcome === 'ok')) return [];
  const seen = ranked.map(({ id, finding }) => `${id}: ${finding.reason}`).join('; ');
  return [
    {
      level: 'warning',
      code: 'repository-not-seen',
      message: `No git server of the profile was seen to have ${need.key}, so the first one is taken: ${seen}.`,
      hint: 'A repository under another name: --mirror git:OWNER/REPO=URL, or the same key in the profile.',
    },
  ];
}

function keptNote({ made }: Choices): Note {
  return {
    level: 'info',
    code: 'choice-kept',
    message: `The mirrors are those that were measured on ${made.slice(0, 10)}; --reprobe measures anew.`,
  };
}

/**
 * @param waited how many seconds all had together (`--probe-timeout`)
 * @param canBeMade whether images can be made here, without a registry
 * @throws MobyBuildError `no-usable-mirror`, exit 5, naming each object that nobody has, and why each mirror was rejected
 */
export function requireUsable(probed: readonly Probed[], waited: number, canBeMade = false): void {
  const without = probed.filter(
    ({ need, ranked }) =>
      ranked.some(({ finding }) => finding.outcome !== 'not-asked') &&
      !ranked.some(({ finding }) => finding.outcome === 'ok') &&
      lastResort(need, ranked).length === 0,
  );
  if (without.length === 0) return;
  const lines = without.flatMap(({ need, ranked }) => [
    `${need.kind} ${need.key}`,
    ...ranked
      .filter(({ finding }) => finding.outcome !== 'not-asked')
      .map(({ id, finding }) => `  ${id}: ${finding.outcome}, ${finding.reason}`),
  ]);
  throw new MobyBuildError({
    code: 'no-usable-mirror',
    exitCode: EXIT.network,
    message: [`No mirror has what this build needs:`, ...lines.map((line) => `  ${line}`)].join('\n'),
    hint: 'Is the network up, and does it need a proxy (HTTPS_PROXY) or a certificate (--ca FILE)? --no-probe takes the order of the profile and measures nothing.',
    // Where images alone are missing, the build goes on without them.
    command:
      canBeMade && without.every(({ need }) => need.kind === 'image')
        ? NEXT.baseDebian()
        : nextAfterNoMirror(without, waited < LONG_PROBE),
  });
}

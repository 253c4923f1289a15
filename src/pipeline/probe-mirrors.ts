import { EXIT, MobyBuildError } from '../errors.ts';
import { choicesOf, orderBy, stillServe, type Choices } from '../mirrors/probe/choices.ts';
import type { Need } from '../mirrors/probe/need.ts';
import { runProbe, type Probed } from '../mirrors/probe/run-probe.ts';
import { probeRepository } from '../source/probe-repository.ts';
import { ownRegistries } from '../system/own-registries.ts';
import { MESSAGES } from '../ui/messages.ts';
import { keepChoice, readKeptChoice } from './kept-choice.ts';
import { askerOf, networkOf } from './network.ts';
import { candidatesFor, needsOf } from './requests.ts';
import { addNotes, known, type RunState } from './state.ts';

/** Why mirrors are not measured in this run, for a person; null: they are. */
export function whyNoProbe(state: RunState): string | null {
  if (known(state, 'profile').measured !== true) return MESSAGES.profileNotMeasured(known(state, 'profile').name);
  return state.options.probe ? null : MESSAGES.noProbe;
}

/** Asks all candidates for all needs, within `--probe-timeout`. Decides nothing and keeps nothing. */
export async function probeAll(
  state: RunState,
  needs: readonly Need[],
  say: (text: string) => void,
): Promise<readonly Probed[]> {
  const { reach } = await networkOf(state);
  const asker = await askerOf(state);
  const probed = await runProbe({
    needs,
    candidatesOf: (need) => candidatesFor(state, need),
    catalogue: known(state, 'catalogue'),
    officials: await ownRegistries(state.env),
    asker,
    probeRepository,
    now: Date.now(),
    onProgress: (done, all) => {
      say(MESSAGES.probing(done, all));
    },
  });
  reach.names.cancel();
  return probed;
}

/**
 * Chooses mirrors as a build does: the choice that the work dir keeps, else a measurement. Fills in `state.order`.
 *
 * @param keep whether the choice is written to the work dir; a dry run writes nothing
 * @throws MobyBuildError `no-usable-mirror`, exit 5, where nobody has what is needed
 */
export async function chooseByProbe(
  state: RunState,
  keep: boolean,
  say: (text: string) => void = () => undefined,
): Promise<string> {
  const reason = whyNoProbe(state);
  if (reason !== null) return reason;
  const needs = await needsOf(state);
  const profile = known(state, 'profile').name;
  const kept = state.options.reprobe ? null : await readKeptChoice(state);
  if (kept !== null && stillServe(kept, profile, needs)) {
    state.order = orderBy(kept, needs);
    addNotes(state, [keptNote(kept)]);
    return MESSAGES.choiceKept(kept.made.slice(0, 10));
  }
  const probed = await probeAll(state, needs, say);
  requireUsable(probed);
  const choices = choicesOf(probed, profile, new Date());
  state.order = orderBy(choices, needs);
  if (keep) await keepChoice(state, choices);
  return MESSAGES.probed(choices.objects.length);
}

function keptNote({ made }: Choices): Parameters<typeof addNotes>[1][number] {
  return {
    level: 'info',
    code: 'choice-kept',
    message: `The mirrors are those that were measured on ${made.slice(0, 10)}; --reprobe measures anew.`,
  };
}

/** @throws MobyBuildError `no-usable-mirror`, exit 5, naming each object that nobody has, and why each mirror was rejected */
export function requireUsable(probed: readonly Probed[]): void {
  const without = probed.filter(
    ({ ranked }) =>
      ranked.some(({ finding }) => finding.outcome !== 'not-asked') &&
      !ranked.some(({ finding }) => finding.outcome === 'ok'),
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
    hint: 'Is the network up, and does it need a proxy (HTTPS_PROXY) or a certificate (--ca FILE)? --no-probe takes the order of the profile as it stands, and asks nobody.',
    command: 'moby-build mirrors probe',
  });
}

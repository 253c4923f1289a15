import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { choicesOf, lastResort, orderBy, stillServe, type Choices } from '../../mirrors/probe/choices.ts';
import type { Need } from '../../mirrors/candidates/need.ts';
import { runProbe, type Probed } from '../../mirrors/probe/run-probe.ts';
import { probeRepository } from '../../transport/probe-repository.ts';
import { ownRegistries } from '../../system/http/own-registries.ts';
import type { Note } from '../../types.ts';
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
  const needs = await needsOf(from, io);
  const kept = from.options.reprobe ? null : await readKeptChoice(from);
  if (kept !== null && stillServe(kept, from.profile.name, needs)) {
    io.note(keptNote(kept));
    return { order: orderBy(kept, needs), words: MESSAGES.choiceKept(kept.made.slice(0, 10)) };
  }
  const probed = await probeAll(from, io, needs);
  requireUsable(probed);
  const choices = choicesOf(probed, from.profile.name, new Date());
  if (keep) await keepChoice(from, choices);
  return { order: orderBy(choices, needs), words: MESSAGES.probed(choices.objects.length) };
}

function keptNote({ made }: Choices): Note {
  return {
    level: 'info',
    code: 'choice-kept',
    message: `The mirrors are those that were measured on ${made.slice(0, 10)}; --reprobe measures anew.`,
  };
}

/** @throws MobyBuildError `no-usable-mirror`, exit 5, naming each object that nobody has, and why each mirror was rejected */
export function requireUsable(probed: readonly Probed[]): void {
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
    command: NEXT.longerProbe(),
  });
}

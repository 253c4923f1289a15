import { NEXT } from '../../next-command.ts';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { CatalogueEntry } from '../../mirrors/catalogue/catalogue.ts';
import type { Tried } from '../../mirrors/probe/rank.ts';
import { listsOf, summarize, type KindSummary } from '../../mirrors/probe/summary.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { probeTree } from '../../run/audit/probe-tree.ts';
import { begin, beginInTemp } from '../../run/begin.ts';
import { runChain } from '../../run/stage/chain.ts';
import { CHECKING, SCANNING } from '../../run/steps.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { mirrorKeyText } from '../../names.ts';
import type { MirrorKind, Note } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { MADE_BY_PROBE, requireSavePlace } from './save-place.ts';
import { kindDocument, type MirrorsListDocument, type MirrorsProbeDocument } from './document.ts';

export type MirrorsReport =
  | {
      readonly command: 'mirrors';
      readonly action: 'list';
      /** Date on which the entries were gathered. */
      readonly compiled: string;
      /** `--kind`, or null. */
      readonly kind: MirrorKind | null;
      readonly mirrors: readonly CatalogueEntry[];
    }
  | {
      readonly command: 'mirrors';
      readonly action: 'probe';
      readonly profile: string;
      readonly kinds: readonly KindSummary[];
      readonly seconds: number;
      /** The profile that was written, or null. */
      readonly saved: string | null;
      readonly notes: readonly Note[];
    };

/** `moby-build mirrors list` shows the catalogue; `mirrors probe` asks every mirror of the profile for what the tree needs. */
export async function mirrors(context: CommandContext, action: string | null): Promise<MirrorsReport> {
  return action === 'probe' ? probe(context) : list(context);
}

async function list(context: CommandContext): Promise<MirrorsReport> {
  const { from, io } = begin('probe', context);
  const { kind, save } = context.options;
  if (save !== null) throw saveNeedsProbe();
  const { catalogue } = await runChain(CHECKING, from, io);
  const { compiled, mirrors: all } = catalogue;
  const shown = all.filter(({ kinds }) => kind === null || kinds.includes(kind));
  Object.assign(context.document, { compiled, mirrors: shown } satisfies MirrorsListDocument);
  return { command: 'mirrors', action: 'list', compiled, kind, mirrors: shown };
}

async function probe(context: CommandContext): Promise<MirrorsReport> {
  const { document, options } = context;
  return beginInTemp('probe', context, async ({ from, io, notes }) => {
    document['notes'] = notes;
    if (options.save !== null) await requireSavePlace(options.save);
    const checked = await runChain(CHECKING, from, io);
    const started = performance.now();
    const probed = await context.wait(MESSAGES.measuring, () => probeTree(checked, io, SCANNING, options.kind));
    const seconds = (performance.now() - started) / 1000;
    const kinds = summarize(probed);
    const profile = checked.profile.name;
    Object.assign(document, {
      profile,
      seconds,
      kinds: Object.fromEntries(kinds.map((each) => [mirrorKeyText(each), kindDocument(each)])),
    } satisfies Omit<MirrorsProbeDocument, 'notes'>);
    const usable = kinds.every(({ objects }) => objects.every(({ ranked }) => isMet(ranked)));
    const saved = options.save !== null && usable ? options.save : null;
    if (saved !== null) await writeFileAtomic(saved, profileText(saved, kinds, from.started));
    return { command: 'mirrors', action: 'probe', profile, kinds, seconds, saved, notes };
  });
}

/** Whether somebody has the object, or nobody could be asked for it. */
function isMet(ranked: readonly Tried[]): boolean {
  return (
    ranked.some(({ finding }) => finding.outcome === 'ok') ||
    ranked.every(({ finding }) => finding.outcome === 'not-asked')
  );
}

/** A profile file that takes these mirrors in this order, measured no more. */
function profileText(file: string, kinds: readonly KindSummary[], made: Date): string {
  const name = basename(file)
    .replace(/\.[^.]*$/u, '')
    .replaceAll(/[^A-Za-z0-9._-]/gu, '-');
  const about = `${MADE_BY_PROBE} on ${made.toISOString().slice(0, 10)}.`;
  const { frontend = ['builtin'], ...lists } = listsOf(kinds);
  return stringify({
    name: /^[A-Za-z0-9]/u.test(name) ? name.slice(0, 64) : 'probed',
    about,
    mirrors: { frontend, ...lists },
  });
}

function saveNeedsProbe(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: '--save keeps what a probe chose, and mirrors list measures nothing.',
    where: '--save',
    command: NEXT.mirrorsSave(),
  });
}

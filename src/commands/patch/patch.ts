import { CHECKING } from '../../run/steps.ts';
import { displayCommand } from '../../make/command/display-command.ts';
import { renderPatchSet } from '../../patching/render.ts';
import { writePatchSet } from '../../patching/write-patches.ts';
import { noteRegistryLogins } from '../../run/compile/registry-logins.ts';
import { beginInTemp } from '../../run/begin.ts';
import { runChain } from '../../run/stage/chain.ts';
import { PLANNING } from '../../run/steps.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Note, Plan } from '../../types.ts';
import type { CommandContext } from '../context/context.ts';
import { offlineOptions } from '../context/offline-options.ts';
import { planDocument } from './document.ts';

export interface PatchReport {
  readonly command: 'patch';
  readonly plan: Plan;
  /** The whole patch set as one text that `git apply` and `git am` take; empty where nothing changes. */
  readonly text: string;
  /** What a person runs after applying it. */
  readonly buildCommand: string;
  /** Where the numbered files were written, or null. */
  readonly written: { readonly dir: string; readonly files: readonly string[] } | null;
  readonly notes: readonly Note[];
}

/** `moby-build patch`: the dry run in the form that stands alone. Only the files that the plan reads are fetched, and kept nowhere. */
export async function patch(given: CommandContext): Promise<PatchReport> {
  const context = { ...given, options: offlineOptions(given.options, given.isGiven) };
  return beginInTemp('patch', context, async ({ from, io, notes }) => {
    context.document['notes'] = notes;
    // Before anything is shown: what the line says may be refused at once.
    const checked = await runChain(CHECKING, from, io);
    const planned = await context.wait(MESSAGES.planning, () => runChain(PLANNING, checked, io));
    const { plan, command, scan } = planned;
    noteRegistryLogins(planned, io);
    Object.assign(context.document, planDocument(plan, scan.unknown, command), { notes });
    const set = await renderPatchSet(plan);
    const dir = context.options.out;
    const written = dir === null ? null : { dir, files: await writePatchSet(set, dir) };
    return {
      command: 'patch',
      plan,
      text: set.text,
      buildCommand: displayCommand(command.spec),
      written,
      notes,
    };
  });
}

import { displayCommand } from '../build/display-command.ts';
import { renderPatchSet } from '../patching/render.ts';
import { writePatchSet } from '../patching/write-patches.ts';
import { planCommand } from '../pipeline/make-command.ts';
import { shownPlanSteps } from '../pipeline/plan-steps.ts';
import { noteRegistryLogins } from '../pipeline/registry-logins.ts';
import { known, newState, type RunState } from '../pipeline/state.ts';
import { throwIfStopping } from '../system/supervisor.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import { MESSAGES } from '../ui/messages.ts';
import type { Note, Plan } from '../types.ts';
import type { CommandContext } from './context.ts';
import { planDocument } from './patch/document.ts';

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
export async function patch(context: CommandContext): Promise<PatchReport> {
  const state = newState(context);
  context.document['notes'] = state.notes;
  await planInTemp(context, state, 'patch');
  const plan = known(state, 'plan');
  const command = planCommand(state);
  noteRegistryLogins(state);
  Object.assign(context.document, planDocument(plan, known(state, 'scan').unknown, command), { notes: state.notes });
  const set = await renderPatchSet(plan);
  const dir = context.options.out;
  const written = dir === null ? null : { dir, files: await writePatchSet(set, dir) };
  return {
    command: 'patch',
    plan,
    text: set.text,
    buildCommand: displayCommand(command.spec),
    written,
    notes: state.notes,
  };
}

/** Source, scan and plan with nothing left on the disk, by the steps of a build up to its plan. */
export async function planInTemp(
  { wait }: Pick<CommandContext, 'wait'>,
  state: RunState,
  purpose: 'dry-run' | 'patch',
): Promise<void> {
  await wait(MESSAGES.planning, async () => {
    const temp = makeTempDir('plan');
    try {
      for (const step of shownPlanSteps(purpose, temp.path)) {
        throwIfStopping();
        if ((step.skip?.(state) ?? null) === null) await step.run(state, () => undefined);
      }
    } finally {
      temp.remove();
    }
  });
}

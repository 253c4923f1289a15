import { displayCommand } from '../build/display-command.ts';
import { renderPatchSet } from '../patching/render.ts';
import { writePatchSet } from '../patching/write-patches.ts';
import { askServed, servedByPlan } from '../pipeline/ask-served.ts';
import { chooseMirrors } from '../pipeline/choose-mirrors.ts';
import { chooseSources } from '../pipeline/choose-sources.ts';
import { getSource, judgeRef } from '../pipeline/get-source.ts';
import { planCommand } from '../pipeline/make-command.ts';
import { noteRegistryLogins } from '../pipeline/registry-logins.ts';
import { readGivenLock, requirePlanAsLocked } from '../pipeline/locked.ts';
import { requireLockPlace } from '../pipeline/record-lock.ts';
import { planRewrites, scanSource } from '../pipeline/make-plan.ts';
import { pinImages, pinKnownImages } from '../pipeline/pin-images.ts';
import { chooseByProbe } from '../pipeline/probe-mirrors.ts';
import { known, newState, type RunState } from '../pipeline/state.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import { MESSAGES } from '../ui/messages.ts';
import type { Note, Plan } from '../types.ts';
import type { CommandContext } from './context.ts';
import { planDocument } from './plan-document.ts';

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

/** Source, scan and plan with nothing left on the disk. What the line and its files say is judged before anything is fetched. */
export async function planInTemp(
  { wait }: Pick<CommandContext, 'wait'>,
  state: RunState,
  need: 'build' | 'patch' = 'build',
): Promise<void> {
  await chooseMirrors(state);
  await readGivenLock(state);
  await requireLockPlace(state);
  // A patch set stands alone: what it applies to needs nothing of this machine's.
  if (need === 'build') chooseSources(state);
  judgeRef(state, need);
  await wait(MESSAGES.planning, () => fetchAndPlan(state, need));
}

async function fetchAndPlan(state: RunState, need: 'build' | 'patch'): Promise<void> {
  const temp = makeTempDir('plan');
  try {
    await getSource(state, { dir: `${temp.path}/moby`, mode: 'files', need, say: () => undefined });
    scanSource(state);
    await chooseByProbe(state, false);
    const ask = need === 'build' && state.options.probe;
    if (ask) await pinImages(state, false);
    else await pinKnownImages(state);
    await planRewrites(state);
    if (state.options.locked) {
      if (ask) await askServed(state, false);
      await requirePlanAsLocked(state, ask ? state.served : servedByPlan(state));
    }
  } finally {
    temp.remove();
  }
}

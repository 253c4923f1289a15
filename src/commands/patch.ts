import { displayCommand } from '../build/display-command.ts';
import { renderPatchSet } from '../patching/render.ts';
import { writePatchSet } from '../patching/write-patches.ts';
import { chooseMirrors } from '../pipeline/choose-mirrors.ts';
import { chooseSources } from '../pipeline/choose-sources.ts';
import { getSource, judgeRef } from '../pipeline/get-source.ts';
import { planCommand } from '../pipeline/make-command.ts';
import { noteRegistryLogins } from '../pipeline/registry-logins.ts';
import { readGivenLock } from '../pipeline/locked.ts';
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
  await context.wait(MESSAGES.planning, () => planInTemp(state, 'patch'));
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

/** Source, scan and plan with nothing left on the disk. */
export async function planInTemp(state: RunState, need: 'build' | 'patch' = 'build'): Promise<void> {
  await chooseMirrors(state);
  await readGivenLock(state);
  // A patch set stands alone: what it applies to needs nothing of this machine's.
  if (need === 'build') chooseSources(state);
  judgeRef(state, need);
  const temp = makeTempDir('plan');
  try {
    await getSource(state, { dir: `${temp.path}/moby`, mode: 'files', need, say: () => undefined });
    scanSource(state);
    await chooseByProbe(state, false);
    if (need === 'patch' || !state.options.probe) await pinKnownImages(state);
    else await pinImages(state, false);
    await planRewrites(state);
  } finally {
    temp.remove();
  }
}

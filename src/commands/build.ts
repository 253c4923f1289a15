import { machine } from 'node:os';
import { installHints } from '../artifacts/install-hint.ts';
import { archOf } from '../artifacts/machines.ts';
import { displayCommand } from '../build/display-command.ts';
import { renderPatchSet } from '../patching/render.ts';
import { sourceFacts, type HostSource } from '../pipeline/host-sources.ts';
import { planCommand } from '../pipeline/make-command.ts';
import { runSteps } from '../pipeline/run-steps.ts';
import { sourceCandidates } from '../pipeline/source-candidates.ts';
import { storeRoot } from '../pipeline/source-store.ts';
import { known, newState, type RunState } from '../pipeline/state.ts';
import { BUILD_STEPS } from '../pipeline/steps.ts';
import { isStored } from '../store/store.ts';
import type { BuildOutcome } from '../ui/build-summary.ts';
import type { FetchFacts } from '../document/parts.ts';
import type { Note, Plan } from '../types.ts';
import type { CommandContext } from './context.ts';
import { planInTemp } from './patch.ts';
import type { BuildFields } from './build/document.ts';
import { planDocument } from './patch/document.ts';

export interface BuildReport {
  readonly command: 'build';
  readonly plan: Plan;
  readonly notes: readonly Note[];
  /** The patch set; filled in by a dry run. */
  readonly patchText: string;
  readonly buildCommand: string;
  /** What a build would fetch, one line each; filled in by a dry run. */
  readonly fetched: readonly string[];
  /** null for a dry run. */
  readonly outcome: BuildOutcome | null;
}

/** `moby-build build`: all steps, or with `--dry-run` the same plan shown and nothing written. */
export async function build(context: CommandContext): Promise<BuildReport> {
  const state = newState(context);
  context.document['notes'] = state.notes;
  return context.options.dryRun ? dryRun(context, state) : realRun(context, state);
}

async function dryRun(context: CommandContext, state: RunState): Promise<BuildReport> {
  await planInTemp(context, state, 'dry-run');
  const plan = known(state, 'plan');
  const command = planCommand(state);
  const { unknown } = known(state, 'scan');
  const fetches = state.hostSources.map((source) => fetchFacts(state, source));
  Object.assign(context.document, planDocument(plan, unknown, command, fetches));
  const { text } = await renderPatchSet(plan);
  return {
    command: 'build',
    plan,
    notes: state.notes,
    patchText: text,
    buildCommand: displayCommand(command.spec),
    fetched: wouldFetch(plan, fetches),
    outcome: null,
  };
}

async function realRun(context: CommandContext, state: RunState): Promise<BuildReport> {
  try {
    await runSteps(BUILD_STEPS, state, context.display);
  } finally {
    state.collected?.discard();
    fillDocument(context, state);
  }
  const plan = known(state, 'plan');
  const command = known(state, 'command');
  return {
    command: 'build',
    plan,
    notes: state.notes,
    patchText: '',
    buildCommand: displayCommand(command.spec),
    fetched: [],
    outcome: {
      directory: known(state, 'outDir'),
      log: known(state, 'logFile'),
      manifest: known(state, 'manifest'),
      binaries: state.binaries,
      seconds: secondsSince(state.started),
      install: installHints({
        outDir: known(state, 'outDir'),
        target: plan.target,
        names: state.binaries.map(({ name }) => name),
        arch: context.options.arch,
        hostArch: archOf(machine()),
        rootless: state.engine?.rootless ?? false,
      }),
    },
  };
}

/** The document as far as the run got: also that of one that failed. */
function fillDocument({ document }: CommandContext, state: RunState): void {
  const { plan, scan, command } = state;
  if (plan !== null && scan !== null && command !== null)
    Object.assign(
      document,
      planDocument(
        plan,
        scan.unknown,
        command,
        state.hostSources.map((source) => fetchFacts(state, source)),
      ),
    );
  else document['notes'] = state.notes;
  if (state.machine.length > 0) document['machine'] = state.machine;
  Object.assign(document, {
    binaries: state.binaries,
    checks: state.checks,
    smoke: state.smoke,
    manifest: state.manifest,
    log: state.logFile,
    steps: state.steps,
    seconds: secondsSince(state.started),
    downloadedBytes: state.downloadedBytes,
    images: state.images,
    sources: state.readySources.map(sourceFacts),
  } satisfies Omit<BuildFields, 'machine'>);
  if (plan !== null) document['notes'] = state.notes;
}

function secondsSince(start: Date): number {
  return (Date.now() - start.getTime()) / 1000;
}

/** Each thing in the closure once, with who serves it. */
function wouldFetch({ points }: Plan, fetches: readonly FetchFacts[]): readonly string[] {
  const lines = points
    .filter(({ inClosure, via }) => inClosure && via !== 'dropped' && via !== 'host')
    .map(({ kind, url, via, mirror }) => `${kind} ${url} (${mirror === null ? via : `${via} ${mirror}`})`);
  return [...new Set([...lines, ...fetches.map(fetchLine)])];
}

/** The store is not read: a build checks what it takes from it. */
function fetchFacts(state: RunState, source: HostSource): FetchFacts {
  const { component, upstream, path, wish } = source;
  const { commit, tag } = wish;
  const mirrors = sourceCandidates(state, source).map(({ mirror }) => mirror);
  const stored = commit !== null && isStored(storeRoot(state.options), commit);
  return { component, upstream, commit, tag, mirrors, stored, path };
}

/** `git URL runc v1.0.2 52b36a2dd837 (host: from ghfast, else from gh-proxy)` */
function fetchLine({ component, upstream, commit, tag, mirrors, stored }: FetchFacts): string {
  const what = [component, tag, commit?.slice(0, 12)].filter((word) => typeof word === 'string').join(' ');
  return `git ${upstream} ${what} (host: ${stored ? 'in the store' : `from ${mirrors.join(', else from ')}`})`;
}

import { CHECKING } from '../../run/steps.ts';
import { machine } from 'node:os';
import { dirname } from 'node:path';
import { installHints } from '../../artifacts/install-hint.ts';
import { archOfUname } from '../../cpus.ts';
import { displayCommand } from '../../make/command/display-command.ts';
import { renderPatchSet } from '../../patching/render.ts';
import { sourceFacts, type HostSource } from '../../handover/host-sources.ts';
import { requireAsAsked } from '../../run/result/collect-binaries.ts';
import { sourceCandidates } from '../../run/source/source-candidates.ts';
import { isMounted } from '../../run/offline/mount-folders.ts';
import { storeRoot } from '../../run/source/source-store.ts';
import { begin, beginInTemp, type Begun } from '../../run/begin.ts';
import { runChain } from '../../run/stage/chain.ts';
import type { Io } from '../../run/stage/io.ts';
import { showChain } from '../../run/stage/show-chain.ts';
import type { Facts, Planned, Recorded } from '../../run/stage/stages.ts';
import { BUILDING, PLANNING } from '../../run/steps.ts';
import { isStored } from '../../store/store.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { RESULT_MESSAGES } from '../context/result-messages.ts';
import type { FetchFacts } from '../../document/parts.ts';
import type { BuildOutcome } from './build-summary.ts';
import type { Note, Plan } from '../../types.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';
import type { CommandContext } from '../context/context.ts';
import { offlineOptions } from '../context/offline-options.ts';
import { signerOf } from '../context/signer.ts';
import type { BuildFields } from './document.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import { openGivenBundle } from './given-bundle.ts';
import { packBuild, requirePackers } from './pack-build.ts';
import { beginRecord, endEntry, endRecord } from './recorded-run.ts';
import { planDocument } from '../patch/document.ts';

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

/** `moby-build build`: all steps, or with `--dry-run` those that lead to the plan, which is shown; nothing is written then. */
export async function build(context: CommandContext): Promise<BuildReport> {
  const { bundle: files, dryRun: isDry } = context.options;
  if (files.length === 0) {
    const decided = { ...context, options: offlineOptions(context.options, context.isGiven) };
    return isDry ? dryRun(decided) : realRun(decided);
  }
  const given = await openGivenBundle(context, files);
  try {
    return isDry ? await dryRun(given) : await realRun(given);
  } finally {
    await given.bundle.located.close();
  }
}

/** A build's context, and the bundle that it takes all from. */
type BuildContext = CommandContext & { readonly bundle?: UsedBundle };

async function dryRun(context: BuildContext): Promise<BuildReport> {
  return beginInTemp('dry-run', context, async ({ from, io, notes }) => {
    context.document['notes'] = notes;
    // Before anything is shown: what the line says may be refused at once.
    const checked = await runChain(CHECKING, from, io);
    const planned = await context.wait(MESSAGES.planning, () => runChain(PLANNING, checked, io));
    const { plan, command, scan } = planned;
    const fetches = planned.hostSources.map((source) => fetchFacts(planned, io, source));
    Object.assign(context.document, planDocument(plan, scan.unknown, command, fetches));
    const { text } = await renderPatchSet(plan);
    return {
      command: 'build',
      plan,
      notes,
      patchText: text,
      buildCommand: displayCommand(command.spec),
      fetched: wouldFetch(planned, fetches),
      outcome: null,
    };
  });
}

async function realRun(context: BuildContext): Promise<BuildReport> {
  const { sign } = context.options;
  requirePackers(context);
  // Before the work, and before the list of steps takes the terminal.
  const signer = sign === null ? null : await signerOf(context, sign);
  const record = beginRecord(context);
  const begun = begin('build', { ...context, signer }, undefined, record);
  context.document['notes'] = begun.notes;
  let failed: unknown = null;
  let packages: BuildFields['packages'] = [];
  try {
    const recorded = await showChain(BUILDING, begun.from, begun.io, context.display);
    requireAsAsked(recorded);
    if (context.options.pack.length > 0)
      packages = await context.wait(RESULT_MESSAGES.packing(context.options.pack.join(', ')), () =>
        packBuild(context, recorded.outDir, signer),
      );
    return reportOf(recorded, begun.notes, packages);
  } catch (cause) {
    failed = cause;
    throw cause;
  } finally {
    begun.facts().collected?.discard();
    fillDocument(context, begun, packages);
    const { logFile, downloadedBytes = null } = begun.facts();
    const dir = logFile === undefined ? null : dirname(logFile);
    await endRecord(record, endEntry(failed, downloadedBytes), { context, dir });
  }
}

function reportOf(recorded: Recorded, notes: readonly Note[], packages: BuildFields['packages']): BuildReport {
  const { plan, command, outDir, logFile, manifest, binaries, started, options, machine: ours } = recorded;
  return {
    command: 'build',
    plan,
    notes,
    patchText: '',
    buildCommand: displayCommand(command.spec),
    fetched: [],
    outcome: {
      directory: outDir,
      log: logFile,
      manifest,
      binaries,
      packages: packages.map(({ path }) => path),
      seconds: secondsSince(started),
      install: installHints({
        outDir,
        target: plan.target,
        names: binaries.map(({ name }) => name),
        arch: options.arch,
        hostArch: archOfUname(machine()),
        rootless: ours.is === 'checked' && ours.engine.rootless,
      }),
    },
  };
}

/** The document as far as the run got: also that of one that failed. */
function fillDocument(
  { document }: CommandContext,
  { from, io, notes, facts }: Begun,
  packages: BuildFields['packages'],
): void {
  const found = facts();
  if (isPlanned(found)) {
    const fetches = found.hostSources.map((source) => fetchFacts(found, io, source));
    Object.assign(document, planDocument(found.plan, found.scan.unknown, found.command, fetches));
  }
  if (found.machine?.is === 'checked') document['machine'] = found.machine.checks;
  const { binaries = [], checks = [], smoke = [], manifest = null, logFile = null, steps = [] } = found;
  const { downloadedBytes = null, images = [], readySources = [], readyBase = null, seal = null } = found;
  Object.assign(document, {
    ...{ binaries, checks, smoke, manifest, packages, log: logFile, steps },
    ...{ seconds: secondsSince(from.started), downloadedBytes, images, seal },
    base: readyBase?.facts ?? null,
    sources: readySources.map(sourceFacts),
  } satisfies Omit<BuildFields, 'machine'>);
  document['notes'] = notes;
}

function isPlanned(facts: Facts): facts is Facts & Planned {
  return facts.plan !== undefined;
}

function secondsSince(start: Date): number {
  return (Date.now() - start.getTime()) / 1000;
}

/** Each thing that the planned tree fetches for the target, once, with who serves it. */
function wouldFetch({ plan, resolutions }: Planned, fetches: readonly FetchFacts[]): readonly string[] {
  const { points, becomes } = plan;
  const here = new Set(resolutions.points.filter(({ to }) => isOfFolders(to)).map(({ pointId }) => pointId));
  const lines = points
    .filter(({ id, inClosure, via }) => inClosure && via !== 'dropped' && via !== 'host' && !here.has(id))
    .filter(({ id }) => !isOfFolders(becomes.get(id) ?? null))
    .map(
      ({ id, kind, url, via, mirror }) =>
        `${kind} ${becomes.get(id) ?? url} (${mirror === null ? tableWord(via) : `${tableWord(via)} ${mirror}`})`,
    );
  return [...new Set([...lines, ...fetches.map(fetchLine)])];
}

/** Whether the steps find all of it in folders of the tree, which a bundle or folders of this machine fill. */
function isOfFolders(to: string | null): boolean {
  return to !== null && to.split(/[,|]/u).every(isMounted);
}

/** The store is not read: a build checks what it takes from it. */
function fetchFacts(planned: Planned, io: Io, source: HostSource): FetchFacts {
  const { component, upstream, path, wish } = source;
  const { commit, tag } = wish;
  const mirrors = sourceCandidates(planned, io, source).map(({ mirror }) => mirror);
  const stored = commit !== null && isStored(storeRoot(planned.options), commit);
  return { component, upstream, commit, tag, mirrors, stored, path };
}

/** `git URL runc v1.0.2 52b36a2dd837 (host: from ghfast, else from gh-proxy)` */
function fetchLine({ component, upstream, commit, tag, mirrors, stored }: FetchFacts): string {
  const what = [component, tag, commit?.slice(0, 12)].filter((word) => typeof word === 'string').join(' ');
  return `git ${upstream} ${what} (host: ${stored ? 'in the store' : `from ${mirrors.join(', else from ')}`})`;
}

import { join } from 'node:path';
import { applyToSource } from './handover/apply-plan.ts';
import { knownOf } from './locked/ask-served.ts';
import { compareServed } from './locked/compare-served.ts';
import { builtWords } from './compile/built-words.ts';
import { buildWithFailOver } from './compile/build-with-fail-over.ts';
import { checkMachine } from './prepare/check-machine.ts';
import { bundleMirrors } from './offline/bundle-mirrors.ts';
import { requireBundled } from './offline/require-bundled.ts';
import { requireHere } from './handover/require-here.ts';
import { chooseMirrors } from './prepare/choose-mirrors.ts';
import { chooseSources } from './prepare/choose-sources.ts';
import { collectBinaries, recordBuild, verifyBinaries } from './result/collect-binaries.ts';
import { fetchComponents, handOver } from './base/source-steps.ts';
import { orBase, basesOf } from './base/wish-base.ts';
import { getSource, judgeRef, requireKnownRef } from './source/get-source.ts';
import { readGivenLock } from './locked/locked.ts';
import { planCommand } from './compile/make-command.ts';
import { buildArchOf } from './plan/build-arch.ts';
import { planRewrites, scanSource } from './plan/make-plan.ts';
import { outDirFor, requireOutDir } from './prepare/out-dir.ts';
import { pinImages, pinKnownImages } from './plan/pin-images.ts';
import { prepareWorkDir } from './source/prepare-work-dir.ts';
import { chooseByProbe, looksForRepositories, whyNoProbe } from './plan/probe-mirrors.ts';
import { requirePlaces } from './prepare/require-place.ts';
import { requireCovered } from './plan/require-covered.ts';
import { sourceToScan } from './plan/source-to-scan.ts';
import { requireFrontend } from './plan/require-frontend.ts';
import { takeOut } from './folders/take-out.ts';
import { sealedBuild } from './seal/sealed-build.ts';
import { smokeBinaries } from './result/smoke-binaries.ts';
import { workDirFor } from '../workdir/work-dir.ts';
import { asItIs } from '../mirrors/probe/choices.ts';
import { MESSAGES } from '../ui/messages.ts';
import { startAt, type Step } from './stage/chain.ts';
import { PURPOSES } from './stage/purposes.ts';
import type {
  Applied,
  Built,
  Checked,
  Collected,
  Compared,
  Equipped,
  Fetched,
  Measured,
  Pinned,
  Planned,
  Recorded,
  Requested,
  Scanned,
  Smoked,
  Sourced,
  Verified,
} from './stage/stages.ts';

/*
 * Every step of a run, from top to bottom; at the end, the chains that the commands run. What is cheap and can say no comes first.
 */

const checkOptions: Step<Requested, Checked> = {
  title: MESSAGES.checkOptions,
  run: async (from, io) => {
    const chosen = { ...(await chooseMirrors(from, io)), ...(from.bundle === null ? {} : bundleMirrors(from.bundle)) };
    const locking = await readGivenLock(from, io);
    const { builds, fillsOutDir, needs } = PURPOSES[from.goal];
    await requirePlaces(from);
    const sourcesBy = builds ? chooseSources({ ...from, ...chosen }, io) : 'mirror';
    judgeRef(from.options, needs);
    requireKnownRef(from.options);
    if (fillsOutDir) await requireOutDir(outDirFor(from.options, from.options.ref));
    return { to: { ...from, ...chosen, locking, sourcesBy }, words: '' };
  },
};

const lookAtMachine: Step<Checked, Equipped> = {
  title: MESSAGES.checkMachine,
  skip: (from) =>
    PURPOSES[from.goal].checksMachine
      ? null
      : { reason: MESSAGES.machineNotNeeded, to: { ...from, machine: { is: 'unchecked' } } },
  run: async (from, io) => {
    const machine = await checkMachine(from, io);
    const { clientVersion, serverVersion } = machine.engine;
    return { to: { ...from, machine }, words: `docker ${clientVersion ?? '?'}, engine ${serverVersion ?? '?'}` };
  },
};

const fetchSource: Step<Equipped, Sourced> = {
  title: MESSAGES.fetchSource,
  run: async (from, io) => {
    const { needs, tree, fillsOutDir } = PURPOSES[from.goal];
    const dir = from.place.is === 'temporary' ? join(from.place.dir, 'moby') : (await prepareWorkDir(from)).tree;
    const { words, ...got } = await getSource(from, io, { dir, mode: tree }, needs);
    const { ref } = got.source;
    const outDir = outDirFor(from.options, ref);
    // A directory's ref, and so its out dir, is known only now.
    if (fillsOutDir && from.options.ref === null) await requireOutDir(outDir);
    return { to: { ...from, ...got, outDir, logFile: workDirFor(from.options, ref).log }, words };
  },
};

const scanTree: Step<Sourced, Scanned> = {
  title: MESSAGES.scan,
  run: async (sourced, io) => {
    const from = { ...sourced, ...sourceToScan(sourced, io) };
    const found = scanSource(from);
    const bases = basesOf({ ...from, ...found }, io);
    const { points } = found.scan;
    const inside = points.filter(({ inClosure }) => inClosure).length;
    return Promise.resolve({
      to: { ...from, ...found, ...bases, excluded: [] },
      words: `${String(points.length)} found, ${String(inside)} of them for ${from.target.name}`,
    });
  },
};

const probeMirrors: Step<Scanned, Measured> = {
  title: MESSAGES.probe,
  skip: (from) => {
    const reason = whyNoProbe(from);
    return reason === null || looksForRepositories(from) ? null : { reason, to: { ...from, order: asItIs } };
  },
  run: async (from, io) => {
    const { keeps } = PURPOSES[from.goal];
    const { to, words } = await orBase(from, io, async (now) => {
      const { words, order } = await chooseByProbe(now, io, keeps);
      return { to: { ...now, order }, words };
    });
    return { to, words };
  },
};

const pinBaseImages: Step<Measured, Pinned> = {
  title: MESSAGES.pinImages,
  run: async (from, io) => {
    const { asksDigests, keeps, fetches } = PURPOSES[from.goal];
    // A dry run that must ask nobody takes the digests that are known.
    const isKnown = !asksDigests || (!fetches && !from.options.probe && !from.options.offline);
    if (from.bundle === null && isKnown) return { to: { ...from, ...(await pinKnownImages(from, io)) }, words: '' };
    return orBase(from, io, async (now) => {
      const { words, ...pinned } = await pinImages(now, io, keeps);
      return { to: { ...now, ...pinned }, words };
    });
  },
};

const planTree: Step<Pinned, Planned> = {
  title: MESSAGES.plan,
  run: async (from, io) => {
    const decided = { ...from, ...(await planRewrites(from, io)) };
    const { taken, lacks } = await takeOut(decided, io);
    const planned = { ...decided, taken };
    const { plan, source, bundle } = planned;
    if (bundle !== null) requireBundled(planned, bundle, buildArchOf(planned));
    if (PURPOSES[from.goal].builds) {
      await requireHere(planned, io, lacks);
      requireCovered(planned);
      requireFrontend(planned, io);
    }
    const command = planCommand(planned, io, from.place.is === 'work-dir' ? source.dir : undefined);
    const { covered, closure } = plan.totals;
    return {
      to: { ...planned, command },
      words: `${String(covered)} of ${String(closure)} covered, ${String(plan.patches.length)} patches`,
    };
  },
};

const NOTHING_SERVED = { suites: [], modules: [] };

const compareWithLock: Step<Fetched & Partial<Pick<Compared, 'served'>>, Compared> = {
  title: MESSAGES.lock,
  skip: (from) =>
    from.goal === 'build' || from.locking.is === 'required'
      ? null
      : { reason: MESSAGES.notLocked, to: { ...from, served: NOTHING_SERVED } },
  run: async (from, io) => {
    const served = await compareServed(from, io);
    const { suites, modules } = knownOf(served);
    return { to: { ...from, served }, words: MESSAGES.served(suites.length, modules.length) };
  },
};

const applyPatches: Step<Compared, Applied> = {
  title: MESSAGES.apply,
  run: async (from) => {
    const { already, ...ids } = await applyToSource(from);
    const count = from.plan.patches.length;
    const words =
      count === 0 ? MESSAGES.nothingToApply : already ? MESSAGES.alreadyApplied : MESSAGES.patchesApplied(count);
    return { to: { ...from, ...ids }, words };
  },
};

/** What a change of mirror runs again: from the pinned images to the plan, and from the plan to the tree on the disk. */
const REPLANNING = startAt<Pinned>().then(planTree);
const APPLYING = startAt<Planned & Partial<Pick<Applied, 'readySources' | 'readyBase' | 'served'>>>()
  .then(fetchComponents)
  .then(compareWithLock)
  .then(applyPatches)
  .then(handOver);

const compile: Step<Applied, Built> = {
  title: MESSAGES.build,
  run: async (from, io) => {
    const again = { replan: REPLANNING, reapply: APPLYING };
    const built = await sealedBuild(from, io, (sealed) => buildWithFailOver(from, sealed, again));
    return { to: built, words: builtWords(built) };
  },
};

const collect: Step<Built, Collected> = {
  title: MESSAGES.collect,
  run: async (from, io) => {
    return { to: { ...from, ...(await collectBinaries(from, io)) }, words: from.outDir };
  },
};

const verify: Step<Collected, Verified> = {
  title: MESSAGES.verify,
  run: async (from) => {
    const verified = await verifyBinaries(from);
    return {
      to: { ...from, ...verified },
      words: `${String(verified.binaries.length)} files for ${from.options.arch}`,
    };
  },
};

const startDaemon: Step<Verified, Smoked> = {
  title: MESSAGES.smoke,
  skip: (from) => (from.options.smoke ? null : { reason: MESSAGES.smokeNotAsked, to: { ...from, smoke: [] } }),
  run: async (from, io) => {
    const { smoke, words } = await smokeBinaries(from, io);
    return { to: { ...from, smoke }, words };
  },
};

const record: Step<Smoked, Recorded> = {
  title: MESSAGES.manifest,
  run: async (from, io) => {
    const { manifest } = await recordBuild(from, io);
    return { to: { ...from, manifest }, words: manifest };
  },
};

/** `audit`, `mirrors list`: what the line and its files say. */
export const CHECKING = startAt<Requested>().then(checkOptions);

/** `mirrors probe`: the tree and its egress points. */
export const SCANNING = startAt<Checked>().then(lookAtMachine).then(fetchSource).then(scanTree);

const PLANNING_SCANNED = startAt<Scanned>()
  .then(probeMirrors)
  .then(pinBaseImages)
  .join(REPLANNING)
  .then(fetchComponents)
  .then(compareWithLock);

/** `matrix`: the plan of a tree that was read already. */
export const PLANNING_TREE = startAt<Sourced>().then(scanTree).join(PLANNING_SCANNED);

/** `patch`, `build --dry-run`, behind CHECKING: the plan, compared with the lock file. */
export const PLANNING = SCANNING.join(PLANNING_SCANNED);

/** `build`: all of it. */
export const BUILDING = CHECKING.join(PLANNING)
  .then(applyPatches)
  .then(handOver)
  .then(compile)
  .then(collect)
  .then(verify)
  .then(startDaemon)
  .then(record);

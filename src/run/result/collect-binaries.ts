import { dirname, join, relative } from 'node:path';
import { packageDigests } from '../../bundle/package-digests.ts';
import { withoutOf } from '../../base/base-wish.ts';
import { buildManifest, type ManifestInput } from '../../artifacts/build-manifest.ts';
import { componentFacts } from '../../artifacts/component-versions.ts';
import { expectedNames } from '../../moby/expected-names.ts';
import { namesOfTree } from '../../moby/names-of-tree.ts';
import { pinFor } from '../../moby/pins.ts';
import { MANIFEST_NAME } from '../../artifacts/manifest-name.ts';
import { writeManifest } from '../../artifacts/manifest.ts';
import { hasFailed, verifyDirectory } from '../../artifacts/verify.ts';
import { collect } from '../../make/collect/collect.ts';
import { builderApart } from '../../make/engine/chosen-builder.ts';
import { displayCommand } from '../../make/command/display-command.ts';
import { effectivePins } from '../../components/effective-pins.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { renderPatchSet } from '../../patching/render.ts';
import { versionOfRef } from '../../moby/series.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { callerOwner } from '../../system/owner.ts';
import { sourceFacts } from '../../handover/host-sources.ts';
import type { Io } from '../stage/io.ts';
import type { Built, Collected, Recorded, Smoked, Verified } from '../stage/stages.ts';
import { keepTreeFiles, readTree } from '../../packages/content/tree-files.ts';
import { copyLock, recordLock } from '../locked/record-lock.ts';
import { keepInputs } from '../../inventory/build-inputs.ts';
import { gatherInputs } from './gather-inputs.ts';
import { sealFolder } from './seal-folder.ts';
import { OUT_DIR_NAME } from '../../workdir/work-dir.ts';

/** Takes what make left to a folder beside the out dir, whole or not at all, as the caller's. */
export async function collectBinaries(
  { source, target, outDir, logFile }: Built,
  { env }: Io,
): Promise<Pick<Collected, 'collected'>> {
  const bundlesDir = join(source.dir, target.outputDir);
  const collected = await collect({ bundlesDir, outDir, owner: callerOwner(env) });
  await rememberOutDir(logFile, collected.target);
  return { collected };
}

/**
 * Holds what came out against what was asked for. A failed check does not stop
 * here, for the manifest shall say it.
 */
export async function verifyBinaries({
  options,
  source,
  plan,
  command,
  outDir,
  base,
  collected: { dir },
}: Collected): Promise<Pick<Verified, 'binaries' | 'checks' | 'versionTexts'>> {
  const { stamped } = command;
  const of = {
    series: plan.series,
    target: plan.target,
    arch: options.arch,
    version: versionOfRef(plan.ref)?.version ?? 'unknown',
    without: withoutOf(options, base),
  };
  const released = source.commit !== null && pinFor(plan.ref)?.commit === source.commit;
  const names = released ? expectedNames(of) : namesOfTree(source.files, of);
  const { checks, binaries, texts } = await verifyDirectory(dir, {
    arch: options.arch,
    version: stamped.version,
    gitCommit: stamped.gitCommit,
    target: plan.target,
    inBuild: true,
    components: plan.components.map(({ component, version }) => ({ component, pin: version })),
    ...(names === null ? {} : { names }),
  });
  const inPlace = binaries.map((binary) => ({ ...binary, path: join(outDir, relative(dir, binary.path)) }));
  return { checks, binaries: inPlace, versionTexts: texts };
}

/**
 * Writes manifest.json, moby-build.lock, provenance.json and SHA256SUMS beside the binaries: what was asked, what was built from what, and how. Then
 * all of it takes the place of the out dir. Also where a check failed: `requireAsAsked` says so afterwards.
 */
export async function recordBuild(from: Smoked, io: Io): Promise<Pick<Recorded, 'manifest'>> {
  const { options, source, plan, command, outDir } = from;
  const { mails } = await renderPatchSet(plan);
  const buildArgs = { ...plan.buildArgs, ...options.buildArgs };
  const manifest = buildManifest({
    toolVersion: io.toolVersion,
    started: from.started,
    ended: new Date(),
    asked: { ...options },
    plan,
    pin: source.pin,
    tagWitnesses: source.witnesses,
    clonedFrom: source.clonedFrom,
    clonedThrough: source.clonedThrough,
    treeBefore: from.treeBefore,
    treeAfter: from.treeAfter,
    patchTexts: new Map(mails.map(({ name, text }) => [name, text])),
    spec: command.spec,
    command: displayCommand(command.spec),
    buildArgs,
    stamped: command.stamped,
    components: componentFacts(
      effectivePins(source.files, from.scan, plan.components, options.buildArgs),
      from.versionTexts,
    ),
    sources: from.readySources.map(sourceFacts),
    images: [...from.images],
    base: from.readyBase?.facts,
    outDir,
    binaries: from.binaries,
    ...machineFacts(from),
    seal: from.seal,
    checks: [...from.checks, ...from.smoke],
    notes: io.notes(),
  });
  const { collected } = from;
  const owner = callerOwner(io.env);
  await keepTreeFiles(collected.dir, await readTree(source.dir, plan.commit), owner);
  await writeManifest(collected.dir, manifest, owner);
  const lock = await recordLock(from, io, collected.dir);
  await keepInputs(collected.dir, await gatherInputs(from), owner);
  // What failed its checks is not signed.
  const failed = hasFailed(from.checks) || hasFailed(from.smoke);
  const packages = from.bundle === null ? from.taken : from.bundle.located.verified.contents;
  const digestOf = packages.objects.length === 0 ? undefined : packageDigests([packages]);
  await sealFolder(collected.dir, lock, { signer: failed ? null : from.signer, owner, env: io.env, digestOf });
  await collected.publish();
  await copyLock(from, io, lock);
  return { manifest: join(outDir, MANIFEST_NAME) };
}

/** What built: the engine, or a builder of buildx. */
function machineFacts({ machine }: Pick<Smoked, 'machine'>): Pick<ManifestInput, 'engine' | 'builder'> {
  if (machine.is !== 'checked') return { engine: null, builder: null };
  const apart = builderApart(machine.engine);
  if (apart === null) return { engine: machine.engine, builder: null };
  const { name, driver, buildkitVersion } = apart;
  const nodes = apart.nodes.map((node) => ({
    ...{ name: node.name, arch: node.native, buildkitVersion: node.buildkitVersion },
  }));
  return { engine: machine.engine, builder: { name, driver, buildkitVersion, nodes } };
}

/** Lets `clean` find what a run leaves beside the out dir when it is killed. */
async function rememberOutDir(logFile: string, target: string): Promise<void> {
  await writeFileAtomic(join(dirname(logFile), OUT_DIR_NAME), `${target}\n`);
}

/** @throws MobyBuildError `verify-failed`, exit 7, when what came out is not what was asked for */
export function requireAsAsked({ checks, smoke, outDir, logFile }: Smoked): void {
  if (!hasFailed(checks) && !hasFailed(smoke)) return;
  const failed = [...checks, ...smoke].filter(({ result }) => result === 'failed');
  throw new MobyBuildError({
    code: 'verify-failed',
    exitCode: EXIT.output,
    message: `What came out is not what was asked for:\n${failed.map(({ title, seen }) => `  ${title}: ${seen}`).join('\n')}`,
    where: outDir,
    hint: `The log of the build: ${logFile}`,
    command: NEXT.verify(outDir),
  });
}

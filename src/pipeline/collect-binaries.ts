import { dirname, join, relative } from 'node:path';
import { buildManifest } from '../artifacts/build-manifest.ts';
import { componentFacts } from '../artifacts/component-versions.ts';
import { expectedNames } from '../artifacts/expected-names.ts';
import { MANIFEST_NAME } from '../artifacts/manifest-name.ts';
import { writeManifest } from '../artifacts/manifest.ts';
import { hasFailed, verifyDirectory } from '../artifacts/verify.ts';
import { collect } from '../build/collect.ts';
import { displayCommand } from '../build/display-command.ts';
import { effectivePins } from '../components/effective-pins.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { renderPatchSet } from '../patching/render.ts';
import { versionOfRef } from '../source/series.ts';
import { quoteWord } from '../system/command-line.ts';
import { writeFileAtomic } from '../system/atomic.ts';
import { callerOwner } from '../system/owner.ts';
import { sourceFacts } from './host-sources.ts';
import { known, type RunState } from './state.ts';
import { copyLock, recordLock } from './record-lock.ts';
import { OUT_DIR_NAME } from './work-dir.ts';

/** Takes what make left to a folder beside the out dir, whole or not at all, as the caller's. Fills in `state.collected`. */
export async function collectBinaries(state: RunState): Promise<string> {
  const { dir } = known(state, 'source');
  const outDir = known(state, 'outDir');
  state.collected = await collect({
    bundlesDir: join(dir, known(state, 'target').outputDir),
    outDir,
    owner: callerOwner(state.env),
  });
  await rememberOutDir(state, state.collected.target);
  return outDir;
}

/**
 * Holds what came out against what was asked for. Fills in `state.binaries` and `state.checks`; a failed check does not stop
 * here, for the manifest shall say it.
 */
export async function verifyBinaries(state: RunState): Promise<string> {
  const { options } = state;
  const plan = known(state, 'plan');
  const { stamped } = known(state, 'command');
  const names = expectedNames({
    series: plan.series,
    target: plan.target,
    arch: options.arch,
    version: versionOfRef(plan.ref)?.version ?? 'unknown',
    without: options.without,
  });
  const { dir } = known(state, 'collected');
  const { checks, binaries, texts } = await verifyDirectory(dir, {
    arch: options.arch,
    version: stamped.version,
    gitCommit: stamped.gitCommit,
    target: plan.target,
    components: plan.components.map(({ component, version }) => ({ component, pin: version })),
    ...(names === null ? {} : { names }),
  });
  state.checks = checks;
  const outDir = known(state, 'outDir');
  state.binaries = binaries.map((binary) => ({ ...binary, path: join(outDir, relative(dir, binary.path)) }));
  state.versionTexts = texts;
  return `${String(binaries.length)} files for ${options.arch}`;
}

/**
 * Writes manifest.json and moby-build.lock beside the binaries: what was asked, what was built from what, and how. Then all of it takes the
 * place of the out dir. Fills in `state.manifest`.
 *
 * @throws MobyBuildError `verify-failed`, exit 7, when what came out is not what was asked for; the manifest is written all the same
 */
export async function recordBuild(state: RunState): Promise<string> {
  const { options } = state;
  const source = known(state, 'source');
  const plan = known(state, 'plan');
  const command = known(state, 'command');
  const outDir = known(state, 'outDir');
  const { mails } = await renderPatchSet(plan);
  const buildArgs = { ...plan.buildArgs, ...options.buildArgs };
  const manifest = buildManifest({
    toolVersion: state.toolVersion,
    started: state.started,
    ended: new Date(),
    asked: { ...options },
    plan,
    pin: source.pin,
    clonedFrom: source.clonedFrom,
    clonedThrough: source.clonedThrough,
    treeBefore: state.treeBefore,
    treeAfter: state.treeAfter,
    patchTexts: new Map(mails.map(({ name, text }) => [name, text])),
    spec: command.spec,
    command: displayCommand(command.spec),
    buildArgs,
    stamped: command.stamped,
    components: componentFacts(
      effectivePins(source.files, known(state, 'scan'), plan.components, options.buildArgs),
      state.versionTexts,
    ),
    sources: state.readySources.map(sourceFacts),
    images: [...state.images],
    outDir,
    binaries: state.binaries,
    engine: state.engine,
    checks: [...state.checks, ...state.smoke],
    notes: state.notes,
  });
  const collected = known(state, 'collected');
  await writeManifest(collected.dir, manifest, callerOwner(state.env));
  const lock = await recordLock(state, collected.dir);
  await collected.publish();
  state.manifest = join(outDir, MANIFEST_NAME);
  await copyLock(state, lock);
  if (hasFailed(state.checks) || hasFailed(state.smoke)) throw notAsAsked(state, outDir);
  return state.manifest;
}

/** Lets `clean` find what a run leaves beside the out dir when it is killed. */
async function rememberOutDir(state: RunState, target: string): Promise<void> {
  await writeFileAtomic(join(dirname(known(state, 'logFile')), OUT_DIR_NAME), `${target}\n`);
}

function notAsAsked(state: RunState, outDir: string): MobyBuildError {
  const failed = [...state.checks, ...state.smoke].filter(({ result }) => result === 'failed');
  return new MobyBuildError({
    code: 'verify-failed',
    exitCode: EXIT.output,
    message: `What came out is not what was asked for:\n${failed.map(({ title, seen }) => `  ${title}: ${seen}`).join('\n')}`,
    where: outDir,
    hint: `The log of the build: ${state.logFile ?? ''}`,
    command: `moby-build verify ${quoteWord(outDir)}`,
  });
}

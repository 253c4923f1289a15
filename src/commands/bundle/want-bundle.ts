import { machine } from 'node:os';
import { wantText, type Want } from '../../bundle/want/want.ts';
import { heldBy } from '../../bundle/make/left-out.ts';
import { archOfUname } from '../../cpus.ts';
import { DEFAULT_REF } from '../../config/options/source-options.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { seriesOfRef } from '../../moby/series.ts';
import { NEXT } from '../../next-command.ts';
import { resolveEngine } from '../../make/engine/engine.ts';
import { decidedBy } from '../../run/bundle/gather-objects.ts';
import { openSoundBundle } from '../../run/offline/open-bundles.ts';
import { storeRoot } from '../../run/source/source-store.ts';
import { checkEntry } from '../../store/entry.ts';
import { listEntries } from '../../store/store.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import type { Note } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { cellsOfBundle } from './bundle-cells.ts';
import type { BundleReport } from './document.ts';

/**
 * `moby-build bundle want`: on the machine without network, what it is to build, what it builds with, and what it has already. Nothing is asked of
 * the network.
 *
 * @throws MobyBuildError as `cellsOfBundle`, `openSoundBundle`, `toFileError`
 */
export async function wantBundle(context: CommandContext): Promise<BundleReport> {
  const { options, env } = context;
  const cells = await cellsOfBundle(options);
  if (cells.some(({ ref }) => ref === null)) throw needsRef();
  const engine = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    builder: options.builders[0],
    environment: env,
  });
  const bundles: Want['bundles'][number][] = [];
  for (const file of options.bundle) {
    const opened = await context.wait(MESSAGES.verifyingBundle, () => openSoundBundle(file));
    await opened.located.close();
    for (const held of heldBy(opened)) if (!bundles.some(({ sha256 }) => sha256 === held.sha256)) bundles.push(held);
  }
  const there = engine.serverVersion !== null;
  const arch = there ? (engine.serverArch ?? archOfUname(machine())) : null;
  const want: Want = {
    ...{ format: 'moby-build bundle want', version: 1 },
    builds: cells.map((cell) => ({
      ...{ ref: cell.ref ?? '', arch: cell.arch, target: cell.target },
      options: decidedBy({ ...options, arch: cell.arch }, arch),
    })),
    machine: {
      arch,
      engine: engine.serverVersion,
      imageStore: there ? engine.imageStore : null,
      builder: engine.builder?.driver ?? null,
      buildkit: engine.buildkitVersion,
      buildx: engine.buildxVersion,
    },
    commits: await soundCommits(storeRoot(options)),
    bundles,
  };
  const text = wantText(want);
  if (options.out !== null) await writeFileAtomic(options.out, text);
  return { command: 'bundle', action: 'want', file: options.out, want, text };
}

/** The commits of the store that are whole. */
async function soundCommits(root: string): Promise<string[]> {
  const sound: string[] = [];
  for (const { dir, commit } of await listEntries(root)) {
    const { faults } = await checkEntry(dir, commit);
    if (faults.length === 0) sound.push(commit);
  }
  return sound.sort();
}

function needsRef(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: 'bundle want needs --ref TAG: which tag shall be built?',
    where: '--ref',
    command: NEXT.ref(DEFAULT_REF),
  });
}

/** What a build needs of that machine besides a bundle, and that it does not have. Pure. */
export function machineNotes({
  machine: { engine, buildx, arch },
  builds,
}: Pick<Want, 'machine' | 'builds'>): readonly Note[] {
  const warning = (message: string): Note => ({ level: 'warning', code: 'want-machine', message });
  const baked = builds.find(({ ref }) => seriesOfRef(ref)?.builtBy === 'bake');
  const foreign = builds.find(
    (build) => arch !== null && build.arch !== arch && seriesOfRef(build.ref)?.builtBy !== 'bake',
  );
  return [
    ...(engine === null ? [warning('The machine of --want has no engine that answers, and a build needs one.')] : []),
    ...(baked !== undefined && buildx === null && engine !== null
      ? [warning(`The machine of --want has no buildx, and ${baked.ref} is built by it.`)]
      : []),
    ...(foreign !== undefined && arch !== null
      ? [warning(`The engine of --want is of ${arch}: a build for ${foreign.arch} may run under emulation there.`)]
      : []),
  ];
}

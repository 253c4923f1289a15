import type { Note, TargetName } from '../types.ts';
import type { Series } from './series-table.ts';

/** One thing that a series can make: how its build is told, and where it leaves what it made. */
export interface MakeTarget {
  readonly name: TargetName;
  /** The Dockerfile stage that is built. */
  readonly stage: string;
  /** Build arguments that the tree's own build gives for this target, and that decide what it makes. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Inside the tree. */
  readonly outputDir: string;
  /** Whether the Makefile has it; docker-bake.hcl alone has `all`. */
  readonly inMakefile: boolean;
}

/**
 * What each way of building makes. 19.03: `make binary` builds the whole Dockerfile (Makefile at v19.03.15: no `--target`).
 * Up to 22.06 the stage has the target's name, and hack/make.sh names the folder after it (Makefile at v20.10.12, `--target=$@`).
 * From 23.0 docker-bake.hcl decides: `dynbinary` is stage `binary` with DOCKER_STATIC=0, and `all` writes to the folder of
 * `binary` (docker-bake.hcl, v23.0.0 to docker-v29.7.2).
 */
const TARGETS: Readonly<Record<Series['builtBy'], Readonly<Partial<Record<TargetName, Omit<MakeTarget, 'name'>>>>>> = {
  'docker-run': {
    binary: { stage: 'final', buildArgs: {}, outputDir: 'bundles/binary-daemon', inMakefile: true },
    dynbinary: { stage: 'final', buildArgs: {}, outputDir: 'bundles/dynbinary-daemon', inMakefile: true },
  },
  'docker-build': {
    binary: { stage: 'binary', buildArgs: {}, outputDir: 'bundles/binary-daemon', inMakefile: true },
    dynbinary: { stage: 'dynbinary', buildArgs: {}, outputDir: 'bundles/dynbinary-daemon', inMakefile: true },
  },
  bake: {
    binary: { stage: 'binary', buildArgs: { DOCKER_STATIC: '1' }, outputDir: 'bundles/binary', inMakefile: true },
    dynbinary: { stage: 'binary', buildArgs: { DOCKER_STATIC: '0' }, outputDir: 'bundles/dynbinary', inMakefile: true },
    all: { stage: 'all', buildArgs: { DOCKER_STATIC: '1' }, outputDir: 'bundles/binary', inMakefile: false },
  },
};

/**
 * The target of a series that a wish comes to. `all`, or `binary` with `withDeps`, is the daemon with all that it calls: from
 * 23.0 on a target of its own, before that what `binary` makes anyway (a note says so). Pure.
 */
export function makeTargetOf(
  series: Pick<Series, 'name' | 'builtBy'>,
  wish: TargetName,
  withDeps: boolean,
): { readonly target: MakeTarget; readonly notes: readonly Note[] } {
  const table = TARGETS[series.builtBy];
  const wanted = withDeps && wish === 'binary' ? 'all' : wish;
  const found = table[wanted];
  if (found !== undefined) return { target: { name: wanted, ...found }, notes: [] };
  const binary = table.binary;
  if (binary === undefined) throw new Error(`no target binary for ${series.builtBy}`);
  const asked = withDeps ? '--with-deps' : `--target ${wish}`;
  return {
    target: { name: 'binary', ...binary },
    notes: [
      {
        level: 'info',
        code: 'deps-implied',
        message: `${asked}: target binary of moby ${series.name} makes containerd, runc and the others anyway.`,
      },
    ],
  };
}

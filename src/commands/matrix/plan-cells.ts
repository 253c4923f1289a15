import { join } from 'node:path';
import type { RunOptions } from '../../config/layers/parse.ts';
import { MobyBuildError } from '../../errors.ts';
import { LOCK_FILE_NAME } from '../../lockfile/lock-file.ts';
import { cellDigest } from '../../matrix/cell-digest.ts';
import { crossToolsOf } from '../../cpus.ts';
import { lockOf } from '../../matrix/cell-words.ts';
import type { Cell } from '../../matrix/cells.ts';
import type { WantedBuild } from '../../make/engine/way.ts';
import { makeTargetOf } from '../../moby/make-target.ts';
import type { Series } from '../../moby/series-table.ts';
import { requireSupported, seriesOfRef, seriesOfTree } from '../../moby/series.ts';
import { crossCompile } from '../../patching/cross.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import type { Begun } from '../../run/begin.ts';
import { fetchSources } from '../../run/handover/fetch-sources.ts';
import { runChain } from '../../run/stage/chain.ts';
import type { Planned, Sourced } from '../../run/stage/stages.ts';
import { CHECKING, PLANNING_TREE } from '../../run/steps.ts';
import { workDirFor } from '../../workdir/work-dir.ts';
import type { CommandContext } from '../context/context.ts';
import type { Tree } from '../../types.ts';
import { waysOf, type AskedBuilder } from './ask-builders.ts';
import { MatrixTrees } from './matrix-trees.ts';

/** A cell whose plan is known, or why there is none. */
export interface PlannedCell {
  readonly cell: Cell;
  /** null where its plan failed before that was known. */
  readonly series: Series | null;
  readonly commit: string | null;
  /** Whether the user's own clone says which commit it is. */
  readonly fromClone: boolean;
  readonly digest: string | null;
  readonly covered: number;
  readonly closure: number;
  readonly error: MobyBuildError | null;
}

export interface PlanningOfCells {
  /** Absolute: the folder of the matrix. */
  readonly dir: string;
  readonly handed: readonly string[];
  readonly builders: readonly AskedBuilder[];
  /** Whether builds follow: then the sources of all cells are brought into the store, each once. */
  readonly toBuild: boolean;
}

/** Where the lock file of a cell is; null: nobody asked for one. */
export function lockOfCell(
  { lock, locked }: Pick<RunOptions, 'lock' | 'locked'>,
  cell: Cell,
  out: string,
): string | null {
  if (lock !== null) return lockOf(cell, lock);
  return locked ? join(out, LOCK_FILE_NAME) : null;
}

/**
 * Plans every cell, one after the other, with the steps of a dry run, but for measuring mirrors and asking registries, which each build does
 * itself. What cannot be planned is told in the cell. Of a plan only its digest and totals are kept: memory does not grow with the cells.
 *
 * @throws MobyBuildError where a signal ends it, and for mistakes of ours
 */
export async function planCells(
  context: CommandContext,
  begun: Begun,
  cells: readonly Cell[],
  how: PlanningOfCells,
): Promise<readonly PlannedCell[]> {
  const trees = new MatrixTrees(begun.io, how.toBuild);
  const planned: PlannedCell[] = [];
  const tell = context.display.throttle((text) => {
    context.progress(text);
  });
  const sources = new UnionOfSources(begun);
  for (const [index, cell] of cells.entries()) {
    tell(`planning ${cell.id} (${String(index + 1)} of ${String(cells.length)})`);
    try {
      planned.push(await planCell(context, begun, trees, cell, how, sources));
    } catch (cause) {
      if (!(cause instanceof MobyBuildError) || cause.code === 'interrupted') throw cause;
      planned.push({ ...NOTHING, cell, series: seriesOfRef(cell.ref), error: cause });
    }
  }
  if (how.toBuild) await sources.fetch(context);
  return planned;
}

const NOTHING = { commit: null, fromClone: false, digest: null, covered: 0, closure: 0 } as const;

async function planCell(
  context: CommandContext,
  { from, io }: Begun,
  trees: MatrixTrees,
  cell: Cell,
  { dir, handed, builders, toBuild }: PlanningOfCells,
  sources: UnionOfSources,
): Promise<PlannedCell> {
  const out = join(dir, cell.id);
  const options = optionsOf(context.options, cell, out);
  const checked = await runChain(CHECKING, { ...from, options }, io);
  const tree = await trees.read(checked, cell.ref);
  const series = requireSupported(seriesOfRef(cell.ref) ?? seriesOfTree(tree.files), 'build', cell.ref);
  requireCrossable(
    tree.files,
    { arch: cell.arch, builtBy: series.builtBy, emulate: context.options.emulate },
    builders,
  );
  const { target, notes } = makeTargetOf(series, cell.target, false);
  io.note(...notes);
  const source: Sourced['source'] = {
    // The cell's own process knows the time of the commit, which says no more than its id.
    ...{ dir: '', files: tree.files, ref: cell.ref, commit: tree.commit, committed: null, series },
    ...{ pin: tree.pin === 'table' ? 'table' : 'unchecked', clonedThrough: null, clonedFrom: null, receivedBytes: 0 },
  };
  const logFile = workDirFor(options, cell.ref).log;
  const sourced: Sourced = { ...checked, machine: { is: 'unchecked' }, source, target, outDir: out, logFile };
  const done = await runChain(PLANNING_TREE, sourced, io);
  if (toBuild) sources.add(done);
  const { plan, command } = done;
  const { BUILDX_BUILDER: _anywhere, ...env } = command.spec.env;
  const digest = cellDigest({
    ...{ toolVersion: context.toolVersion, cell, words: handed, plan },
    command: { args: [command.spec.file, ...command.spec.args], env },
  });
  const { covered, closure } = plan.totals;
  return { cell, series, commit: tree.commit, fromClone: tree.pin === 'clone', digest, covered, closure, error: null };
}

/** A cell that no builder has natively is cross-compiled: its tree must fit. Throws as `crossCompile` (4) says. */
function requireCrossable(tree: Tree, wanted: WantedBuild, builders: readonly AskedBuilder[]): void {
  const ways = new Set(waysOf(builders, wanted).values());
  if (wanted.builtBy === 'bake' || ways.has('native') || !ways.has('cross')) return;
  const natives = builders.flatMap(({ builder }) => builder.nodes.flatMap(({ native }) => native ?? []));
  const on = natives.find((native) => crossToolsOf(wanted.arch, native) !== null);
  if (on !== undefined) crossCompile(tree, loadRuleSet(), wanted.arch, on);
}

/**
 * The options of the one build that a cell is; nobody is asked while it is planned. Which builder takes it is not known yet, and its digest
 * must not hang on that: it is planned as a node of its own architecture would.
 */
function optionsOf(options: RunOptions, cell: Cell, out: string): RunOptions {
  return {
    ...options,
    ...{ ref: cell.ref, arch: cell.arch as RunOptions['arch'], target: cell.target, commit: null, withDeps: false },
    ...{
      out,
      lock: lockOfCell(options, cell, out),
      builders: [],
      probe: false,
      // What a build settles and keeps is no part of what was asked: with it, every cell would be another one after its first build.
      reprobe: true,
      dryRun: true,
      inPlace: false,
      emulate: true,
      // The build of the cell compares: where it cross-compiles, its base image is of another architecture than here.
      locked: false,
    },
  };
}

/** The components that the cells get from this machine: many cells have the same ones, and each is fetched once. */
class UnionOfSources {
  private readonly seen = new Set<string>();
  private readonly wanted: Planned[] = [];
  private readonly begun: Begun;

  constructor(begun: Begun) {
    this.begun = begun;
  }

  add(planned: Planned): void {
    const hostSources = planned.hostSources.filter(({ upstream, wish }) => {
      const key = `${upstream} ${wish.commit ?? ''} ${wish.tag ?? ''} ${wish.title}`;
      return !this.seen.has(key) && this.seen.add(key);
    });
    if (hostSources.length > 0) this.wanted.push({ ...planned, hostSources });
  }

  /** A component that nobody serves fails the cells that need it, which then say so; the others are built. */
  async fetch(context: CommandContext): Promise<void> {
    for (const [index, planned] of this.wanted.entries()) {
      context.progress(`fetching components (${String(index + 1)} of ${String(this.wanted.length)})`);
      try {
        await fetchSources(planned, this.begun.io);
      } catch (cause) {
        if (!(cause instanceof MobyBuildError) || cause.code === 'interrupted') throw cause;
        context.say(cause.message);
      }
    }
  }
}

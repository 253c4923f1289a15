import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { splitLine } from '../../config/layers/command-line.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { cellWords, handedWords } from '../../matrix/cell-words.ts';
import { WAYS, type Way } from '../../make/engine/way.ts';
import { whyToBuild } from '../../matrix/state.ts';
import { seriesOfRef } from '../../moby/series.ts';
import { begin } from '../../run/begin.ts';
import { toFileError } from '../../system/file-error.ts';
import { errorDocument } from '../../ui/errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { takeLock } from '../../workdir/lock.ts';
import type { CommandContext } from '../context/context.ts';
import { askBuilders, waysOf, type AskedBuilder } from './ask-builders.ts';
import { lineOf, logsOf } from './build-cell.ts';
import { buildCells, type CellToRun } from './build-cells.ts';
import type { MatrixCell, MatrixDocument } from './document.ts';
import { loadState, MATRIX_LOCK, StateKeeper, sumsOf, writeSums } from './matrix-files.ts';
import { matrixReport, printed, type MatrixReport, type RunReport } from './matrix-report.ts';
import { cloneUrl } from './matrix-trees.ts';
import { markdownSummary } from './present-matrix.ts';
import { lockOfCell, planCells, type PlannedCell } from './plan-cells.ts';
import { readCells } from './read-cells.ts';

/** The folder of a matrix, where `--out` names none. */
const OUT_NAME = 'moby-matrix';

/**
 * `moby-build matrix`: plans every cell, brings their sources into the store, and builds each cell that is missing or changed in a process of
 * its own, on the builder that suits it best. With `--print` it only says which cells there are.
 */
export async function matrix(context: CommandContext, cwd: string): Promise<MatrixReport> {
  const { options } = context;
  const asked = await readCells(options, cwd);
  if (options.print !== null) return printed(options.print, asked.cells);
  const started = performance.now();
  const dir = resolve(cwd, options.out ?? OUT_NAME);
  if (!options.dryRun) takeLock(join(dir, MATRIX_LOCK), dir);
  const begun = begin('dry-run', context);
  context.document['notes'] = begun.notes;
  const { flags } = await splitLine(context.line);
  const handed = handedWords(flags);
  const builders = await askBuilders(context, asked.builders, !options.dryRun);
  for (const { name, dead } of builders)
    if (dead !== null)
      begun.io.note({ level: 'warning', code: 'builder-away', message: MESSAGES.builderAway(name, dead) });
  const planned = await planCells(context, begun, asked.cells, { dir, handed, builders, toBuild: !options.dryRun });
  const keeper = new StateKeeper(dir, await loadState(dir));
  const cells: CellToRun[] = [];
  for (const each of planned) cells.push(await judged(context, each, { dir, handed, builders, keeper }));
  const document = (seconds: number, sums: string | null): MatrixDocument => ({
    ...{
      directory: dir,
      dryRun: options.dryRun,
      builders: builders.map(shownBuilder),
      cells: cells.map(({ shown }) => shown),
    },
    ...{ totals: totalsOf(cells.map(({ shown }) => shown)), sums, seconds, notes: [...begun.notes] },
  });
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  Object.assign(context.document, document(seconds(), null));
  const broken = cells.some(({ shown }) => shown.state === 'failed');
  if (!options.dryRun && (!broken || options.keepGoing)) {
    try {
      await buildCells(context, cells, { dir, handed, builders, jobs: asked.jobs, keeper });
    } catch (cause) {
      const { cells: all, built, kept } = totalsOf(cells.map(({ shown }) => shown));
      context.say(`${String(built + kept)} of ${String(all)} cells are built; the same command builds the others.`);
      throw cause;
    } finally {
      const sums = await writeSums(dir, asked.cells, keeper.cells);
      Object.assign(context.document, document(seconds(), sums));
    }
  } else if (!options.dryRun) {
    for (const each of cells) if (each.shown.state === 'planned') each.shown = { ...each.shown, state: 'left' };
    Object.assign(context.document, document(seconds(), null));
  }
  const report = matrixReport(context.document as unknown as MatrixDocument, asked.all, context.line);
  if (options.summary !== null) await appendSummary(options.summary, report);
  return report;
}

async function appendSummary(path: string, report: RunReport): Promise<void> {
  await appendFile(path, markdownSummary(report)).catch((cause: unknown) => {
    throw toFileError(cause, path);
  });
}

interface Judging {
  readonly dir: string;
  readonly handed: readonly string[];
  readonly builders: readonly AskedBuilder[];
  readonly keeper: StateKeeper;
}

/** Whether a planned cell is to be built, and where it may be. */
async function judged(context: CommandContext, planned: PlannedCell, judging: Judging): Promise<CellToRun> {
  const { cell, series, commit, fromClone, digest } = planned;
  const { dir, handed, builders, keeper } = judging;
  const out = join(dir, cell.id);
  const builtBy = (series ?? seriesOfRef(cell.ref))?.builtBy ?? 'bake';
  const ways = waysOf(builders, { arch: cell.arch, builtBy, emulate: context.options.emulate });
  const place = {
    out,
    source: cloneUrl(context.options),
    commit: fromClone ? commit : null,
    lock: lockOfCell(context.options, cell, out),
  };
  const built = keeper.cells[cell.id];
  const why = digest === null ? null : whyToBuild(built, digest, await sumsOf(out, Object.keys(built?.files ?? {})));
  // As in the dry run of one build, a builder that does not answer now is left to the build.
  const isOpen = context.options.dryRun && builders.some(({ dead }) => dead !== null);
  const isPlaced = why === null || ways.size > 0 || isOpen;
  const error = planned.error ?? (isPlaced ? null : nobodyFor(cell.arch, builders));
  const shown: MatrixCell = {
    ...{
      cell: cell.id,
      ref: cell.ref,
      arch: cell.arch,
      target: cell.target,
      series: series?.name ?? null,
      commit,
      digest,
    },
    state: error !== null ? 'failed' : why === null ? 'kept' : 'planned',
    why,
    ...bestOf(ways, why === null ? (built?.builder ?? null) : null),
    ...{ tries: [], seconds: why === null ? (built?.seconds ?? null) : null, directory: out },
    log: why === null && error === null ? logsOf(dir, cell).said : null,
    error: error === null ? null : errorDocument(error, context.line),
    command: lineOf(cellWords(cell, handed, { ...place, builder: null })),
  };
  return { cell, ways, place, digest, shown };
}

/** Where a cell would go if all builders were free; where it went, if it is built. */
function bestOf(ways: ReadonlyMap<string, Way>, was: string | null): Pick<MatrixCell, 'builder' | 'way'> {
  for (const way of WAYS)
    for (const [builder, has] of ways) if (has === way && (was === null || was === builder)) return { builder, way };
  return { builder: was, way: null };
}

function nobodyFor(arch: string, builders: readonly AskedBuilder[]): MobyBuildError {
  const seen = builders.map(({ name, builder, dead }) => {
    const arches = [...new Set(builder.nodes.flatMap((node) => node.arches))].join(', ');
    return `${name}: ${dead ?? (arches === '' ? 'says no platform' : arches)}`;
  });
  return new MobyBuildError({
    code: 'no-builder',
    exitCode: EXIT.machine,
    message: `No builder can build for linux/${arch}.\n${seen.map((line) => `  ${line}`).join('\n')}`,
    where: '--builder',
    hint: `Up to 22.06 a build for ${arch} needs a node of it, or one that emulates it; 20.10 and 22.06 are also cross-compiled between amd64 and arm64, without --emulate. From 23.0 on any node will do.`,
    command: 'docker buildx ls',
  });
}

function shownBuilder({ name, builder, dead }: AskedBuilder): MatrixDocument['builders'][number] {
  const nodes = builder.nodes.map((node) => ({ name: node.name, arch: node.native, arches: [...node.arches] }));
  return { name, driver: builder.driver, nodes, buildkitVersion: builder.buildkitVersion, refused: dead };
}

function totalsOf(cells: readonly MatrixCell[]): MatrixDocument['totals'] {
  const count = (state: MatrixCell['state']): number => cells.filter((cell) => cell.state === state).length;
  return {
    cells: cells.length,
    built: count('built'),
    kept: count('kept'),
    failed: count('failed'),
    left: count('left'),
  };
}

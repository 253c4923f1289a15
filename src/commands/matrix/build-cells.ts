import type { CellPlace } from '../../matrix/cell-words.ts';
import { cellWords } from '../../matrix/cell-words.ts';
import type { Cell } from '../../matrix/cells.ts';
import type { CellDocument, Fate } from '../../matrix/fate.ts';
import type { Way } from '../../make/engine/way.ts';
import { runCells, type CellEnd } from '../../matrix/run-cells.ts';
import type { CommandContext } from '../context/context.ts';
import { isThere, type AskedBuilder } from './ask-builders.ts';
import { buildCell, lineOf, logsOf } from './build-cell.ts';
import type { MatrixCell } from './document.ts';
import { sumsOf, type StateKeeper } from './matrix-files.ts';
import { showCells } from './show-cells.ts';

/** A cell, and what is to be shown of it; that changes as the run goes on. */
export interface CellToRun {
  readonly cell: Cell;
  /** The builders that can build it, by name. */
  readonly ways: ReadonlyMap<string, Way>;
  readonly place: Omit<CellPlace, 'builder'>;
  readonly digest: string | null;
  shown: MatrixCell;
}

export interface Building {
  readonly dir: string;
  readonly handed: readonly string[];
  readonly builders: readonly AskedBuilder[];
  readonly jobs: number;
  readonly keeper: StateKeeper;
}

/**
 * Builds every cell that is still planned, and writes into each what became of it.
 *
 * @throws MobyBuildError `interrupted` (130, 143) when every process has ended; `disk-full` for a log
 */
export async function buildCells(
  context: CommandContext,
  cells: readonly CellToRun[],
  building: Building,
): Promise<void> {
  const todo = new Map(cells.filter(({ shown }) => shown.state === 'planned').map((each) => [each.cell.id, each]));
  if (todo.size === 0) return;
  const builders = new Map(building.builders.map((each) => [each.name, each]));
  const wayOf = (id: string, builder: string): string => todo.get(id)?.ways.get(builder) ?? '';
  const display = showCells(context, [...todo.keys()], wayOf);
  const plan = {
    cells: [...todo.values()].map(({ cell, ways }) => ({ id: cell.id, ways, key: `${cell.ref} ${cell.arch}` })),
    builders: building.builders.filter(({ dead }) => dead === null).map(({ name }) => name),
    jobs: building.jobs,
    keepGoing: context.options.keepGoing,
  };
  try {
    const ends = await runCells(plan, {
      build: ({ id }, builder) => buildOne(context, found(todo, id), found(builders, builder), building, display.said),
      isThere: (builder) => isThere(context, found(builders, builder)),
      told: display.told,
    });
    for (const [id, end] of ends) tellEnd(found(todo, id), end);
  } finally {
    for (const each of todo.values()) if (each.shown.state === 'planned') each.shown = { ...each.shown, state: 'left' };
    await display.close();
  }
}

async function buildOne(
  context: CommandContext,
  each: CellToRun,
  { name, named }: AskedBuilder,
  { dir, handed, keeper }: Building,
  said: (id: string, line: string) => void,
): Promise<Fate> {
  const { cell, digest, ways } = each;
  const place = { ...each.place, builder: named };
  const started = performance.now();
  const log = logsOf(dir, cell).said;
  const command = lineOf(cellWords(cell, handed, place));
  each.shown = { ...each.shown, builder: name, way: ways.get(name) ?? null, log, command };
  await keeper.forget(cell.id);
  const fate = await buildCell({
    ...{ cell, handed, place, dir, options: context.options },
    say: (line) => {
      said(cell.id, line);
    },
  });
  const seconds = Math.round(performance.now() - started) / 1000;
  each.shown = { ...each.shown, seconds };
  if (fate.is !== 'built' || digest === null) return fate;
  const wrong = await keepBuilt(each, fate.document, { builder: name, seconds, digest }, keeper);
  if (wrong === null) {
    each.shown = { ...each.shown, state: 'built' };
    return fate;
  }
  return { is: 'failed', document: fate.document, error: wrong };
}

/** Keeps a cell as built, once its files are those that its document names. */
async function keepBuilt(
  { cell, place }: CellToRun,
  { binaries = [] }: CellDocument,
  built: { readonly builder: string; readonly seconds: number; readonly digest: string },
  keeper: StateKeeper,
): Promise<NonNullable<MatrixCell['error']> | null> {
  const sums = await sumsOf(
    place.out,
    binaries.map(({ name }) => name),
  );
  const off = binaries.find(({ name, sha256 }) => sums[name] !== sha256);
  if (off !== undefined || binaries.length === 0)
    return {
      ...{ code: 'checksum-mismatch', exitCode: 7, where: place.out, hint: null, command: null },
      message: `What lies in the folder of ${cell.id} is not what its build says: ${off?.name ?? 'no binary'}.`,
    };
  await keeper.built(cell.id, {
    ...built,
    files: Object.fromEntries(binaries.map(({ name, sha256 }) => [name, sha256])),
  });
  return null;
}

function tellEnd(each: CellToRun, { is, error, tries }: CellEnd): void {
  const state = is === 'built' ? 'built' : is;
  each.shown = { ...each.shown, state, error: error as MatrixCell['error'], tries: tries.map((one) => ({ ...one })) };
}

function found<Each>(map: ReadonlyMap<string, Each>, name: string): Each {
  const value = map.get(name);
  if (value === undefined) throw new Error(`${name} is in no list`);
  return value;
}

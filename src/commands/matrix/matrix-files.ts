import { join } from 'node:path';
import { hashFile } from '../../artifacts/checksums.ts';
import { SUMS_NAME } from '../../artifacts/sha256sums.ts';
import type { Cell } from '../../matrix/cells.ts';
import { readState, stateSchema, type BuiltCell, type MatrixState } from '../../matrix/state.ts';
import { MobyBuildError } from '../../errors.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { textIfThere } from '../../system/files/if-there.ts';
import { sealSums } from '../../signing/seal.ts';

/** The files of a matrix beside the folders of its cells. */
export const STATE_NAME = 'matrix-state.json';
export const MATRIX_LOCK = 'in-use';

/** What earlier runs built into this folder. Throws as `toFileError` says. */
export async function loadState(dir: string): Promise<MatrixState> {
  return readState(await textIfThere(join(dir, STATE_NAME)));
}

/** Keeps what is built, cell after cell, so that a run that is killed has lost only what it was at. */
export class StateKeeper {
  private writing: Promise<void> = Promise.resolve();
  private state: MatrixState;
  private readonly dir: string;

  constructor(dir: string, state: MatrixState) {
    this.dir = dir;
    this.state = state;
  }

  built(id: string, cell: BuiltCell): Promise<void> {
    return this.change({ ...this.state, cells: { ...this.state.cells, [id]: cell } });
  }

  /** One that is built again is not built until it is. */
  forget(id: string): Promise<void> {
    const { [id]: _gone, ...cells } = this.state.cells;
    return this.change({ ...this.state, cells });
  }

  get cells(): MatrixState['cells'] {
    return this.state.cells;
  }

  private change(state: MatrixState): Promise<void> {
    this.state = state;
    this.writing = this.writing.then(() =>
      writeFileAtomic(join(this.dir, STATE_NAME), `${JSON.stringify(stateSchema.parse(state), null, 2)}\n`),
    );
    return this.writing;
  }
}

/** The sha256 of files of a cell's folder as they are now; null: not there. Throws as `toFileError` says. */
export async function sumsOf(dir: string, names: readonly string[]): Promise<Readonly<Record<string, string | null>>> {
  const sums: Record<string, string | null> = {};
  for (const name of names) {
    sums[name] = await hashFile(join(dir, name)).catch((cause: unknown) => {
      if (cause instanceof MobyBuildError && (cause.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
        return null;
      throw cause;
    });
  }
  return sums;
}

/**
 * Writes SHA256SUMS, as sha256sum(1) reads it in the folder of the matrix: the binaries of all cells that stand there built. `sign DIR` signs
 * it. Returns its path, or null where no cell is built.
 */
export async function writeSums(
  dir: string,
  cells: readonly Cell[],
  built: MatrixState['cells'],
): Promise<string | null> {
  const sums = new Map(
    cells.flatMap(({ id }) =>
      Object.entries(built[id]?.files ?? {}).map(([name, sum]) => [`${id}/${name}`, sum] as const),
    ),
  );
  if (sums.size === 0) return null;
  await sealSums(dir, sums, { signer: null, about: '', owner: null });
  return join(dir, SUMS_NAME);
}

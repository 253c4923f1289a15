import { appendFileSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFoldersSync } from '../../system/make-folders.ts';
import { cellWords, type CellPlace } from '../../matrix/cell-words.ts';
import type { Cell } from '../../matrix/cells.ts';
import { fateOf, type Fate } from '../../matrix/fate.ts';
import { packageRoot } from '../../system/package-root.ts';
import { endTree } from '../../system/process/end-tree.ts';
import { run } from '../../system/process/run.ts';
import { isPartOf, PART_OF } from '../../system/process/watch-parent.ts';
import { commandText } from '../../ui/errors.ts';
import { lockHolder } from '../../workdir/lock.ts';
import { workDirFor } from '../../workdir/work-dir.ts';
import type { RunOptions } from '../../config/layers/parse.ts';

/** A document of a build is some 100 KB; more than this is none. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface CellBuild {
  readonly cell: Cell;
  readonly handed: readonly string[];
  readonly place: CellPlace;
  /** Absolute: the folder of the matrix. */
  readonly dir: string;
  readonly options: Pick<RunOptions, 'workDir'>;
  /** What the build says of its progress, a line each. */
  readonly say: (line: string) => void;
}

/** The command of a cell as a person can paste it; passwords are not said again. */
export function lineOf(words: readonly string[]): string {
  return commandText({ is: 'other', words }, []);
}

/** The log of what the process of a cell says, and that of its build. Absolute. */
export function logsOf(dir: string, cell: Cell): { readonly said: string; readonly build: string } {
  return { said: join(dir, 'logs', `${cell.id}.txt`), build: join(dir, 'logs', `${cell.id}.build.log`) };
}

/**
 * Builds a cell in a process of its own, as `moby-build build` on a line does. What a killed run of this matrix left at work there is ended.
 *
 * @throws MobyBuildError as `run` says: `interrupted`, `disk-full` for the log
 */
export async function buildCell({ cell, handed, place, dir, options, say }: CellBuild): Promise<Fate> {
  await endForsaken(dir, workDirFor({ ...options, arch: cell.arch as RunOptions['arch'] }, cell.ref).lock);
  const words = cellWords(cell, handed, place);
  const log = logsOf(dir, cell);
  makeFoldersSync(join(dir, 'logs'));
  writeFileSync(log.said, `$ ${lineOf(words)}\n`);
  const spec = {
    file: process.execPath,
    args: [join(packageRoot(), 'bin', 'moby-build.cjs'), ...words, '--json'],
    env: { [PART_OF]: dir },
  };
  const { exitCode, stdout } = await run(spec, {
    allowFailure: true,
    maxBytes: MOST_BYTES,
    onLine: (line, stream) => {
      if (stream === 'stdout') return;
      appendFileSync(log.said, `${line}\n`);
      say(line);
    },
  });
  const fate = fateOf(exitCode, stdout, cell.id);
  const written = fate.document.log ?? null;
  if (written !== null && existsSync(written)) copyFileSync(written, log.build);
  return fate;
}

/** Ends a cell of this matrix whose run was killed; it would end by itself, but only after a moment. */
async function endForsaken(dir: string, lock: string): Promise<void> {
  const holder = lockHolder(lock);
  if (holder !== null && isPartOf(holder, dir)) await endTree(holder);
}

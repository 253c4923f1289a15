import { EXIT, MobyBuildError, type ExitCode } from '../../errors.ts';
import type { Cell } from '../../matrix/cells.ts';
import { NEXT } from '../../next-command.ts';
import type { MatrixCell, MatrixDocument } from './document.ts';

export type MatrixReport =
  | {
      readonly command: 'matrix';
      readonly form: 'print';
      readonly print: 'table' | 'json' | 'github';
      readonly cells: readonly Cell[];
    }
  | RunReport;

export interface RunReport {
  readonly command: 'matrix';
  readonly form: 'run';
  readonly document: MatrixDocument;
  /** Cells of all shards. */
  readonly all: number;
  /** null: every cell is built, or would be. */
  readonly error: MobyBuildError | null;
}

export function printed(print: 'table' | 'json' | 'github', cells: readonly Cell[]): MatrixReport {
  return { command: 'matrix', form: 'print', print, cells };
}

/** The codes that a matrix may end with; a cell that a signal ended counts as failed. */
const ENDS = [EXIT.usage, EXIT.machine, EXIT.tree, EXIT.network, EXIT.build, EXIT.output] as const;

/** What came of a run; its exit code is that of the first cell that failed, in the order of the cells. Pure. */
export function matrixReport(document: MatrixDocument, all: number, line: readonly string[]): RunReport {
  const failed = document.cells.filter(({ state }) => state === 'failed');
  return { command: 'matrix', form: 'run', document, all, error: errorOf(document, failed, line) };
}

function errorOf(
  { totals }: MatrixDocument,
  failed: readonly MatrixCell[],
  line: readonly string[],
): MobyBuildError | null {
  const [first] = failed;
  if (first === undefined) return null;
  const code = first.error?.exitCode as ExitCode | undefined;
  const left = totals.left === 0 ? '' : `; ${String(totals.left)} ${totals.left === 1 ? 'was' : 'were'} not begun`;
  return new MobyBuildError({
    code: 'matrix-failed',
    exitCode: ENDS.find((each) => each === code) ?? EXIT.failed,
    message: `${String(failed.length)} of ${String(totals.cells)} cells failed${left}. The first is ${first.cell}: ${first.error?.message.split('\n')[0] ?? ''}`,
    hint: line.includes('--keep-going')
      ? 'What is built stays: the same command builds only what is missing.'
      : 'What is built stays: the same command builds only what is missing; --keep-going builds the others whatever fails.',
    command: NEXT.again(),
  });
}

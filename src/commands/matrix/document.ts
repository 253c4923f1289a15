import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { matrixCellPart, notePart, type Of } from '../../document/parts.ts';

const matrixFields = {
  directory: z.string().describe('Path: the folder of the matrix, in which each cell has one'),
  dryRun: z.boolean().describe('Cells were planned only'),
  builders: z.array(
    z.strictObject({
      name: z.string(),
      driver: z.string(),
      nodes: z.array(
        z.strictObject({
          name: z.string(),
          arch: z.string().nullable().describe('Of the node itself; null: not seen'),
          arches: z.array(z.string()).describe('Those that it runs programs of, by emulation too'),
        }),
      ),
      buildkitVersion: z.string().nullable().describe('The lowest of its nodes; null: not seen'),
      refused: z.string().nullable().describe('Why it got no cell; null: it answered'),
    }),
  ),
  cells: z.array(matrixCellPart),
  totals: z.strictObject({
    cells: z.int().min(0),
    built: z.int().min(0),
    kept: z.int().min(0).describe('Built by an earlier run, and unchanged'),
    failed: z.int().min(0).describe('Could not be planned or placed, or were not built'),
    left: z.int().min(0).describe('Not begun'),
  }),
  sums: z.string().nullable().describe('Path of SHA256SUMS over the binaries of all cells; null: nothing is built'),
  seconds: z.number().min(0),
  notes: z.array(notePart),
};

/** `moby-build matrix --json`. */
export const matrixDocument = documentSchema('moby-build matrix --json', matrixFields);
export type MatrixDocument = Whole<typeof matrixFields>;
export type MatrixCell = Of<typeof matrixCellPart>;

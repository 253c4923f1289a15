import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { leftoverPart } from '../../document/parts.ts';

const cleanFields = {
  leftovers: z.array(leftoverPart),
  removed: z.boolean().describe('--yes: everything that no process uses is gone'),
};

/** `moby-build clean --json`. */
export const cleanDocument = documentSchema('moby-build clean --json', cleanFields);
export type CleanDocument = Whole<typeof cleanFields>;

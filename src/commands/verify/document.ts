import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { binaryPart, checkPart, checkTotalsPart } from '../../document/parts.ts';

const verifyFields = {
  directory: z.string(),
  checks: z.array(checkPart),
  binaries: z.array(binaryPart),
  totals: checkTotalsPart,
};

/** `moby-build verify --json`. */
export const verifyDocument = documentSchema('moby-build verify --json', verifyFields);
export type VerifyDocument = Whole<typeof verifyFields>;

import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';

const signFields = {
  directory: z.string(),
  signature: z.string().describe('Path of the signature of SHA256SUMS'),
  key: z.string().describe('The number of the key, as minisign shows it'),
  files: z.int().min(1).describe('How many files SHA256SUMS names'),
  unlisted: z.array(z.string()).describe('Files of the folder that SHA256SUMS does not name'),
};

/** `moby-build sign --json`. */
export const signDocument = documentSchema('moby-build sign --json', signFields);
export type SignDocument = Whole<typeof signFields>;

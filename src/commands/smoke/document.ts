import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { checkPart, checkTotalsPart } from '../../document/parts.ts';

const smokeFields = {
  directory: z.string().nullable(),
  list: z.array(z.strictObject({ id: z.string(), title: z.string() })).describe('With --list: what could be checked'),
  checks: z.array(checkPart),
  totals: checkTotalsPart,
  seconds: z.number().min(0),
  log: z.string().nullable().describe('A directory with what the daemons printed, when a check failed'),
};

/** `moby-build smoke --json`. */
export const smokeDocument = documentSchema('moby-build smoke --json', smokeFields);
export type SmokeDocument = Whole<typeof smokeFields>;

import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { basePart } from '../../document/base-part.ts';
import { binaryPart, checkPart, imagePart, sealPart, sourcePart, stepPart } from '../../document/parts.ts';
import { planFields } from '../patch/document.ts';

const buildFields = {
  machine: z.array(checkPart).describe('The checks of this machine'),
  checks: z.array(checkPart).describe('The checks of what was built'),
  smoke: z.array(checkPart).describe('The checks of the daemon, with --smoke'),
  binaries: z.array(binaryPart),
  manifest: z.string().nullable().describe('Path'),
  packages: z
    .array(z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/u) }))
    .describe('With --pack: the packages, and what lies beside them'),
  log: z.string().nullable().describe('Path'),
  steps: z.array(stepPart),
  seconds: z.number().min(0),
  downloadedBytes: z.int().min(0).nullable(),
  seal: sealPart.nullable().describe('With --seal: how the build was sealed, and whom it contacted; null: it was not'),
  images: z.array(imagePart).describe('The images that are pinned by digest'),
  base: basePart.nullable().describe('With --base debian: what the base images were made of'),
  sources: z.array(sourcePart).describe('With --sources host: the repositories that were handed to the build'),
};

/** `moby-build build --json`. A dry run says what `patch` does. */
export const buildDocument = documentSchema('moby-build build --json', { ...planFields, ...buildFields });

/** What a build says beside its plan. */
export type BuildFields = Whole<typeof buildFields>;

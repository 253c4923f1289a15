import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { PACKAGE_FORMATS } from '../../packages/content/entry.ts';

const packFields = {
  directory: z.string().describe('The out dir that was packed'),
  format: z.enum(PACKAGE_FORMATS),
  packer: z.string().nullable().describe('The program that made the package; null: moby-build itself'),
  containerd: z.enum(['own', 'outside']).describe('Which containerd the packaged dockerd uses'),
  client: z.boolean().describe('Whether a docker client is in it'),
  files: z.array(
    z.strictObject({
      path: z.string(),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/u),
    }),
  ),
};

/** `moby-build pack --json`. */
export const packDocument = documentSchema('moby-build pack --json', packFields);
export type PackDocument = Whole<typeof packFields>;

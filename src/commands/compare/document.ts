import * as z from 'zod';
import { AREAS } from '../../comparison/difference.ts';
import { documentSchema, type Whole } from '../../document/document.ts';

const text = z.string();

const outputPart = z.strictObject({
  path: text,
  kind: z.enum(['folder', 'manifest', 'tgz', 'deb']),
  manifest: z.boolean().describe('Whether it has a manifest'),
  ref: text.nullable(),
  commit: text.nullable(),
  platform: text.nullable(),
});

const differencePart = z.strictObject({
  area: z.enum(AREAS),
  name: text.describe('Of what: an option, a component, a module, a section'),
  a: text.nullable().describe('null: there is none on this side'),
  b: text.nullable(),
});

const filePart = z.strictObject({
  bytes: z.int().min(0),
  sha256: text.regex(/^[0-9a-f]{64}$/u),
});

const compareFields = {
  a: outputPart,
  b: outputPart,
  equal: z.boolean().describe('Every file is on both sides, with the same bytes'),
  files: z.array(
    z.strictObject({
      name: text,
      state: z.enum(['same', 'differs', 'only-a', 'only-b']),
      a: filePart.nullable(),
      b: filePart.nullable(),
      differences: z.array(differencePart).describe('What of two programs differs; empty where that cannot be told'),
    }),
  ),
  inputs: z
    .array(differencePart)
    .nullable()
    .describe('What went into the builds and differs; null: a side has no manifest'),
};

/** `moby-build compare --json`. */
export const compareDocument = documentSchema('moby-build compare --json', compareFields);
export type CompareDocument = Whole<typeof compareFields>;

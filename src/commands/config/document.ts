import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { notePart } from '../../document/parts.ts';

const value = z.strictObject({
  key: z.string().describe('the key in a configuration file; `mirrors.apt` for one entry of a mapping'),
  value: z
    .json()
    .describe('passwords are shown as `***`; null: nobody set it, and the default follows from something else'),
  origin: z.enum(['flag', 'environment', 'file', 'profile', 'default']),
  place: z
    .string()
    .nullable()
    .describe('`--ref`, `MOBY_BUILD_REF`, `moby-build.yaml:3:8`, or the profile; null for a default'),
});

const configShowFields = {
  file: z.string().nullable().describe('the configuration file that was read'),
  values: z.array(value),
  notes: z.array(notePart),
};

/** `moby-build config show --json`. */
export const configShowDocument = documentSchema('moby-build config show --json', configShowFields);
export type ConfigShowDocument = Whole<typeof configShowFields>;

const configInitFields = {
  file: z.string().describe('the file that was written'),
  text: z.string().describe('its content'),
};

/** `moby-build config init --json`. */
export const configInitDocument = documentSchema('moby-build config init --json', configInitFields);
export type ConfigInitDocument = Whole<typeof configInitFields>;

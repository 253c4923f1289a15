import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';

const sbomFields = {
  directory: z.string(),
  format: z.enum(['cyclonedx', 'spdx']),
  sources: z.int().min(0).describe('Repositories: moby and components'),
  binaries: z.int().min(0),
  modules: z.int().min(0).describe('Go modules of binaries and trees'),
  libraries: z.int().min(0).describe('C libraries in static binaries'),
  differences: z.array(z.string()).describe('Where a binary and the list of its tree name another version of a module'),
  unknown: z.array(z.string()).describe('What could not be known'),
  inventory: z.record(z.string(), z.unknown()).describe('The document; without --json it alone is printed'),
};

/** `moby-build sbom --json`. */
export const sbomDocument = documentSchema('moby-build sbom --json', sbomFields);
export type SbomDocument = Whole<typeof sbomFields>;

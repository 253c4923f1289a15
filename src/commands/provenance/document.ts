import * as z from 'zod';
import { documentSchema } from '../../document/document.ts';
import { statementSchema } from '../../provenance/statement-schema.ts';

const provenanceFields = {
  directory: z.string(),
  statement: statementSchema.describe(
    'in-toto Statement v1 with SLSA provenance v1; without --json it alone is printed',
  ),
};

/** `moby-build provenance --json`. */
export const provenanceDocument = documentSchema('moby-build provenance --json', provenanceFields);

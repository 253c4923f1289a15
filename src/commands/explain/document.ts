import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';

const linePart = z.strictObject({ number: z.int().min(1), text: z.string() });
const meanings = z.enum(['transport', 'refused', 'not-there', 'tampered', 'local']);

export const causePart = z
  .strictObject({
    code: z.string().describe('MB-…: explain CODE shows its page'),
    certainty: z.enum(['likely', 'possible']),
    meaning: meanings,
    tool: z.string().describe('Who printed the line'),
    cause: z.string(),
    hint: z.string(),
    next: z.string().nullable().describe('What to do next, one line'),
    command: z.string().nullable().describe('The next command, where it can be pasted as it is'),
    line: linePart,
    step: z.string().nullable(),
    stage: z.string().nullable(),
    place: z
      .strictObject({ file: z.string(), line: z.int().min(1) })
      .nullable()
      .describe('In the tree'),
    host: z.string().nullable().describe('Who was asked'),
    mirror: z.string().nullable().describe('Its id in the catalogue'),
  })
  .describe('Why a build failed');

const explainFields = {
  about: z.enum(['log', 'code']),
  log: z
    .strictObject({
      path: z.string().describe('- is stdin'),
      lines: z.int().min(0),
      format: z.enum(['buildkit', 'rawjson', 'legacy', 'text']),
      outcome: z.enum(['explained', 'no-failure', 'not-known']),
      causes: z.array(causePart).max(3).describe('The likeliest first'),
      telling: z.array(linePart).describe('Lines to read where no cause is known'),
      ownCode: z.string().nullable().describe('The code of our own error, where the log holds one'),
    })
    .nullable(),
  page: z
    .strictObject({
      code: z.string(),
      kind: z.enum(['symptom', 'error', 'note', 'check']),
      meaning: z.string(),
      exitCodes: z.array(z.int()),
      fault: meanings.nullable(),
      tool: z.string().nullable(),
      hint: z.string().nullable(),
      next: z.string().nullable(),
      source: z.string().nullable().describe('The program and file that the wording is from'),
      examples: z.array(z.string()),
    })
    .nullable(),
};

/** `moby-build explain LOG|CODE|- --json`. */
export const explainDocument = documentSchema('moby-build explain --json', explainFields);
export type ExplainDocument = Whole<typeof explainFields>;
export type LogExplained = NonNullable<ExplainDocument['log']>;
export type CausePart = LogExplained['causes'][number];
export type CodePage = NonNullable<ExplainDocument['page']>;

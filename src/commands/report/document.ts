import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { OUTCOMES } from '../../report/facts/model.ts';

const seconds = z.number().min(0);
const count = z.int().min(0);

const reportFields = {
  run: z.string().describe('The work dir of the run, or the log that was read'),
  outcome: z
    .enum(OUTCOMES)
    .describe(
      'unfinished: the run was killed, or it still runs; unknown: only a log is there, and it shows no failure',
    ),
  exitCode: z.int().min(0).nullable().describe('null: no end is recorded'),
  ref: z.string().nullable(),
  platform: z.string().nullable(),
  seconds: seconds.nullable(),
  attempts: count.describe('How often the build was run'),
  steps: z.strictObject({ all: count, cached: count, failed: count }),
  path: z
    .array(
      z.strictObject({
        name: z.string(),
        stage: z.string().nullable(),
        start: seconds.describe('Since the build began'),
        seconds,
        waited: seconds,
        because: z
          .enum(['order', 'time'])
          .nullable()
          .describe('How it is known that the one before it stands before it'),
      }),
    )
    .describe('The critical path'),
  differences: z
    .array(
      z.strictObject({
        about: z.enum(['ref', 'option', 'mirror', 'image', 'binary', 'steps', 'cached']),
        name: z.string(),
        before: z.string().nullable(),
        now: z.string().nullable(),
      }),
    )
    .nullable()
    .describe('From the run before in the same work dir; null: there is none'),
  reports: z.array(z.string()).describe('The files that were written'),
};

/** `moby-build report --json`. */
export const reportDocument = documentSchema('moby-build report --json', reportFields);
export type ReportDocument = Whole<typeof reportFields>;

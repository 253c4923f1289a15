import * as z from 'zod';
import { binaryPart, checkPart, imagePart, notePart, pointPart, sealPart } from '../../document/parts.ts';

/*
 * The record of a run: one JSON object a line, in the order in which things became known. It is only ever appended to, so that a run
 * that was killed leaves all that it knew. A reader skips lines of a kind that it does not know, and a last line that was cut.
 */

const text = z.string();
const time = z.iso.datetime();
const ms = z.number().min(0);

/** Of a point, what a report shows. */
const recordedPoint = pointPart.pick({
  id: true,
  file: true,
  line: true,
  stage: true,
  kind: true,
  url: true,
  inClosure: true,
  via: true,
  mirror: true,
});

const entrySchema = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('begin'),
    tool: text,
    at: time,
    /** The words of the user's own line. */
    line: z.array(text),
    /** The options that somebody gave, by name. */
    asked: z.record(text, z.unknown()),
  }),
  z.object({
    is: z.literal('source'),
    ref: text,
    commit: text.nullable(),
    series: text,
    pin: z.enum(['table', 'flag', 'witnesses', 'unchecked']),
    through: text.nullable(),
    receivedBytes: z.number().min(0),
    outDir: text,
    log: text,
  }),
  z.object({
    is: z.literal('plan'),
    target: text,
    platform: text,
    profile: text,
    command: text,
    points: z.array(recordedPoint),
    images: z.array(imagePart),
  }),
  /** The build begins, or begins again with another mirror: the numbers of its steps start anew. */
  z.object({ is: z.literal('try'), at: time }),
  /** `ms`: since the last `try`. A name stands where the step starts. `seconds`: as BuildKit says it. */
  z.object({
    is: z.literal('step'),
    step: z.int().min(0),
    what: z.enum(['started', 'cached', 'done', 'canceled', 'failed']),
    ms,
    name: text.optional(),
    stage: text.nullable().optional(),
    seconds: z.number().min(0).optional(),
    /** Fetched by the step, as far as BuildKit or apt says. */
    bytes: z.number().min(0).optional(),
  }),
  z.object({ is: z.literal('note'), note: notePart }),
  /** With `--seal`, when the build has ended. */
  z.object({ is: z.literal('seal'), seal: sealPart }),
  z.object({ is: z.literal('verified'), binaries: z.array(binaryPart), checks: z.array(checkPart) }),
  z.object({ is: z.literal('smoke'), checks: z.array(checkPart) }),
  z.object({
    is: z.literal('end'),
    at: time,
    exitCode: z.int().min(0),
    error: z.object({ code: text, message: text, hint: text.nullable() }).nullable(),
    downloadedBytes: z.number().min(0).nullable(),
  }),
]);

/** One line of a record. */
export type RunEntry = z.infer<typeof entrySchema>;
export type EntryOf<Is extends RunEntry['is']> = Extract<RunEntry, { is: Is }>;

/** Reads a record's text. What is no entry is counted and left out. Pure. */
export function parseRecord(read: string): { readonly entries: readonly RunEntry[]; readonly unread: number } {
  const lines = read.split('\n').filter((line) => line !== '');
  const entries = lines.map(entryOf).filter((entry) => entry !== null);
  return { entries, unread: lines.length - entries.length };
}

function entryOf(line: string): RunEntry | null {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

import * as z from 'zod';
import { documentSchema, type Whole } from '../../document/document.ts';
import { doctorCheckPart, doctorTotalsPart } from '../../document/parts.ts';

const doctorFields = {
  request: z
    .strictObject({
      ref: z.string().nullable().describe('null: a directory as it is'),
      series: z.string().nullable().describe('null: the ref names no version'),
      arch: z.string(),
      profile: z.string(),
      smoke: z.boolean(),
    })
    .describe('What the machine was judged for'),
  list: z
    .array(z.strictObject({ id: z.string(), title: z.string(), group: z.string() }))
    .describe('With --list: what could be checked'),
  checks: z.array(doctorCheckPart),
  totals: doctorTotalsPart,
  ran: z
    .array(z.strictObject({ command: z.string(), exitCode: z.int().nullable().describe('null: a signal ended it') }))
    .describe('With --fix: the commands that ran; the checks are those made after them'),
  shared: z.boolean().describe('--share: names, paths and hosts are left out'),
};

/** `moby-build doctor --json`. */
export const doctorDocument = documentSchema('moby-build doctor --json', doctorFields);
export type DoctorDocument = Whole<typeof doctorFields>;

import * as z from 'zod';
import { bundleBuildPart, olderBundlePart } from '../format/contents.ts';
import type { Of } from '../../document/parts.ts';

/** No file of wishes is larger: it has the list of files of a bundle or two. */
export const MOST_BYTES_OF_WANT = 64 * 1024 * 1024;

/** Text on one line that shows on a terminal as what it is: the file comes from another machine. */
const plain = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'holds a control character');

export const wantPart = z.strictObject({
  format: z.literal('moby-build bundle want'),
  version: z.literal(1),
  builds: z
    .array(bundleBuildPart.pick({ ref: true, arch: true, target: true, options: true }))
    .min(1)
    .describe('What is to be built there'),
  machine: z.strictObject({
    arch: plain.nullable().describe('GOARCH of the engine; null: there is no engine'),
    engine: plain.nullable().describe('Its version'),
    imageStore: z.enum(['containerd', 'graph-driver']).nullable(),
    builder: plain.nullable().describe('Driver of the builder: docker, docker-container, …; null: without buildx'),
    buildkit: plain.nullable().describe('Major and minor version of the BuildKit that builds'),
    buildx: plain.nullable(),
  }),
  commits: z
    .array(z.string().regex(/^[0-9a-f]{40}$/u))
    .describe('Repositories that the store there has, by their commits; each was checked'),
  bundles: z.array(olderBundlePart).describe('Bundles that are there'),
});
/** The file, for its schema. */
export const wantFileSchema = wantPart.meta({
  title: 'moby-build bundle want',
  description: 'bundle want on the machine without network, for bundle create --want.',
});

/** What a machine without network wants, and has. */
export type Want = Of<typeof wantPart>;

/** The text of such a file. Pure. */
export function wantText(want: Want): string {
  return `${JSON.stringify(wantPart.parse(want), null, 2)}\n`;
}

/**
 * Reads such a file. Pure.
 *
 * @returns or what is wrong with it, one sentence each
 */
export function readWant(text: string): Want | readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return ['it is no JSON'];
  }
  const { data, error } = wantPart.safeParse(value);
  if (data !== undefined) return data;
  return error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'the document'}: ${message}`);
}

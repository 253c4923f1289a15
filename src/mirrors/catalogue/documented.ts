import * as z from 'zod';
import data from './digests.json' with { type: 'json' };

/** `sha256:` and 64 digits in lower case: what an image's manifest or index hashes to. */
export const imageDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/u, 'is sha256: and 64 digits in lower case');

/** A public text that names a digest. */
const sourceSchema = z.strictObject({
  /** Where it can be read: a file at a commit, a commit, a pull request. */
  at: z.url(),
  /** `owner/name` of the repository that it repeats: a copy says nothing of its own. */
  copyOf: z.string().optional(),
});

/** In a user's YAML file every value is a text (system/yaml-file.ts); these words stand for what JSON has without quotes. */
const WORDS: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['~', null],
  ['', null],
]);
const word = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (WORDS.has(value) ? WORDS.get(value) : value), schema);
const count = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,6}$/u.test(value) ? Number(value) : value),
  z.int().min(0),
);

/** What was publicly written of a tag: this digest was behind it. */
const documentedSchema = z.strictObject({
  digest: imageDigest,
  /** What it is the digest of: the index (the list of platforms), or the one manifest of a tag without one; null: no source says it. */
  kind: word(z.enum(['index', 'manifest']).nullable()),
  /** The day, or as much of it as is known, of the newest source. */
  seen: word(
    z
      .string()
      .regex(/^\d{4}(?:-\d\d){0,2}$/u)
      .nullable(),
  ),
  /** true: the tag has been this ever since, as far as can be known; else it moved on, or may have. */
  last: word(z.boolean()),
  /** true: of all that the tag has been, what is known to be the newest. */
  preferred: word(z.boolean()),
  sources: z.array(sourceSchema),
  /** Texts whose place is not known. Nobody can tell whether they are by different people, or repeat a source: together they are one. */
  unnamed: count,
});

const imageSchema = z.strictObject({
  /** With registry and `library/`: `docker.io/tonistiigi/xx:1.6.1`. */
  reference: z.string().regex(/^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+:[\w][\w.-]*$/u),
  digests: z
    .array(documentedSchema.refine(({ sources, unnamed }) => sources.length + unnamed > 0, 'has no source'))
    .min(1)
    .refine((all) => new Set(all.map(({ digest }) => digest)).size === all.length, 'names a digest twice')
    .refine((all) => all.filter(({ preferred }) => preferred).length <= 1, 'contradicts itself: two are preferred')
    .refine((all) => all.filter(({ last }) => last).length <= 1, 'contradicts itself: two are the last'),
});

/** Tags and what was written of them. */
export const documentedImagesSchema = z
  .array(imageSchema)
  .refine((all) => new Set(all.map(({ reference }) => reference)).size === all.length, 'names a tag twice');

export const digestTableSchema = z.strictObject({
  schema: z.literal('moby-build/image-digests/v2'),
  gathered: z.iso.date(),
  images: documentedImagesSchema,
});

export type DigestTable = z.infer<typeof digestTableSchema>;
export type DocumentedImage = z.infer<typeof imageSchema>;
export type DocumentedDigest = z.infer<typeof documentedSchema>;

let shipped: readonly DocumentedImage[] | null = null;

/**
 * The table that comes with the product (scripts/digests.mjs makes it).
 * Throws ZodError when the data file is broken, which is a defect of the package.
 */
export function shippedDigests(): readonly DocumentedImage[] {
  shipped ??= digestTableSchema.parse(data).images;
  return shipped;
}

/** Who keeps a public record of what their own tags were: registry and the beginning of the repository → `owner/name`. */
const RECORDS: readonly (readonly [prefix: string, repository: string])[] = [
  ['docker.io/library/', 'docker-library/repo-info'],
];

/** Who says it, each once: owners of repositories, sites, and all texts of unknown place together. Copies speak for their original. Pure. */
export function voicesOf({ sources, unnamed }: DocumentedDigest): readonly string[] {
  const named = sources.map(({ at, copyOf }) => copyOf?.split('/')[0] ?? ownerOf(at));
  return [...new Set([...named, ...(unnamed > 0 ? ['a public file of unknown origin'] : [])])];
}

/** Whether a documented digest is believed by itself: two independent sources name it, or the record of those who make the image. Pure. */
export function isBelieved(reference: string, documented: DocumentedDigest): boolean {
  // A digest of who knows what may be that of one platform.
  if (documented.kind === null) return false;
  const record = RECORDS.find(([prefix]) => reference.startsWith(prefix))?.[1];
  const own = documented.sources.some(
    ({ at, copyOf }) => copyOf === undefined && record !== undefined && at.startsWith(`https://github.com/${record}/`),
  );
  return own || voicesOf(documented).length >= 2;
}

/** The digest that a tag has by itself, whoever serves it: the last one, and believed. Pure. */
export function knownDigest({ reference, digests }: DocumentedImage): DocumentedDigest | undefined {
  return digests.find((each) => each.last && each.preferred && isBelieved(reference, each));
}

/** The digest to fall back on where mirrors cannot say what a tag is now: the newest that is believed, if it may have moved on. Pure. */
export function fallbackDigest({ reference, digests }: DocumentedImage): DocumentedDigest | undefined {
  return digests.find((each) => each.preferred && isBelieved(reference, each));
}

/**
 * The documented digest that bears a mirror out which names it as its tag. Where it is known what a tag was last, no earlier one
 * does: a mirror that is behind is not borne out. Pure.
 */
export function witnessOf({ digests }: DocumentedImage, digest: string): DocumentedDigest | undefined {
  const last = digests.find((each) => each.last);
  return (last === undefined ? digests : [last]).find((each) => each.digest === digest);
}

/** `https://github.com/OWNER/…` is the word of OWNER, anything else that of its site. */
function ownerOf(address: string): string {
  const { host, pathname } = new URL(address);
  return host === 'github.com' ? (pathname.split('/')[1] ?? host).toLowerCase() : host;
}

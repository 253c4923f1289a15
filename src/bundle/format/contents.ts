import * as z from 'zod';
import type { Of } from '../../document/parts.ts';
import { BundleFault, pathProblem } from './header.ts';

/** The two files that come first: what the bundle holds, and the checksum of every other file. */
export const CONTENTS_PATH = 'bundle.json';
export const SUMS_PATH = 'SHA256SUMS';
/** Both are held in memory while a bundle is read. */
export const MOST_BYTES_OF_LIST = 64 * 1024 * 1024;

export const BUNDLE_KINDS = ['git', 'image', 'apt', 'gomod'] as const;
export type BundleKind = (typeof BUNDLE_KINDS)[number];

/** Where the files of a kind lie; each is usable by the tool of its kind as it is. */
export const FOLDERS: Readonly<Record<BundleKind, string>> = {
  git: 'git/',
  image: 'images/',
  apt: 'apt/',
  gomod: 'go/',
};

/** What makes `images/` an OCI layout that `docker load` takes too: files that belong to all images. */
export const LAYOUT_FILES: readonly string[] = ['images/index.json', 'images/manifest.json', 'images/oci-layout'];

/** Text that shows on a terminal as what it is: a bundle may come from anywhere. */
const plain = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'holds a control character');
const path = z.string().refine((value) => pathProblem(value) === null, 'is no path of a bundle');

export const bundleObjectPart = z.strictObject({
  kind: z.enum(BUNDLE_KINDS),
  name: plain.describe('A repository, an image reference, a Debian package or index, a module with its version'),
  upstream: plain.describe('The URL or reference that the tree names'),
  mirror: plain.nullable().describe('Who served it: id in the catalogue, flag, source; null: not known'),
  url: plain.nullable().describe('Where it was fetched; null: not known'),
  digest: z
    .string()
    .regex(/^(?:git:[0-9a-f]{40}|sha256:[0-9a-f]{64}|h1:[A-Za-z0-9+/]{43}=)$/u)
    .describe('What the object must be: git:COMMIT, sha256:…, h1:…'),
  witness: plain.nullable().describe('Who confirms the digest besides the one who served it; null: nobody'),
  bytes: z.int().min(0),
  files: z.array(path).min(1).describe('Paths in the bundle; several images may share one'),
});
export type BundleObject = Of<typeof bundleObjectPart>;

/** Options of a build that decide what it takes. */
const decided = z.strictObject({
  suite: plain.nullable(),
  lean: z.boolean(),
  without: z.array(plain),
  components: z.record(z.string(), plain),
  buildArgs: z.record(z.string(), z.string().max(4096)),
  images: z.record(z.string(), plain).optional().describe('`--image` of bundle create; missing: none'),
  builderArch: plain
    .optional()
    .describe('GOARCH of the machine that builds, where it cross-compiles; missing: that of the build'),
});

export const bundleGapPart = z
  .strictObject({ kind: plain, name: plain, reason: plain })
  .describe('Something that a build fetches and that is not in the bundle');

export const bundleBuildPart = z
  .strictObject({
    ref: plain,
    commit: z.string().regex(/^[0-9a-f]{40}$/u),
    arch: plain,
    target: plain,
    options: decided.describe('Those of bundle create; a build from the bundle has them, too'),
    needs: z.array(plain).describe('The objects that it takes, each as "KIND NAME DIGEST"'),
    gaps: z.array(bundleGapPart),
  })
  .describe('A build that the bundle is for');

/** What a bundle leaves to an older one. */
export const olderBundlePart = z.strictObject({
  name: plain.describe('Of the file that it was'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .describe('Of the whole older bundle'),
  files: z
    .array(z.strictObject({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/u) }))
    .describe('What is read out of it; its objects are listed as if it were here'),
});
export type OlderBundle = Of<typeof olderBundlePart>;

const contents = z.strictObject({
  format: z.literal('moby-build bundle'),
  version: z.literal(1),
  builds: z.array(bundleBuildPart),
  objects: z.array(bundleObjectPart),
  since: z.array(olderBundlePart),
  expects: z.array(plain).describe('Objects that the machine of --want has, each as "KIND NAME DIGEST"'),
});
/** `bundle.json`. */
export type Contents = Of<typeof contents>;

/** What `bundle create` decides of `bundle.json`. */
export type Held = Omit<Contents, 'format' | 'version'>;

/** What is not in a bundle, of all its builds; what several lack is there once. Pure. */
export function gapsOf({ builds }: Pick<Contents, 'builds'>): readonly Of<typeof bundleGapPart>[] {
  const gaps = builds
    .flatMap((build) => build.gaps)
    .map((gap) => [`${gap.kind} ${gap.name} ${gap.reason}`, gap] as const);
  return [...new Map(gaps).values()];
}

/** The text of `bundle.json`. The same contents give the same bytes. Pure. */
export function contentsText(held: Held): string {
  const whole: Contents = { format: 'moby-build bundle', version: 1, ...held };
  return `${JSON.stringify(contents.parse(whole), null, 2)}\n`;
}

/**
 * Reads `bundle.json`. Pure.
 *
 * @throws BundleFault where it is none
 */
export function parseContents(text: string): Contents {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BundleFault(`${CONTENTS_PATH} is no JSON`, { cause });
  }
  const { data, error } = contents.safeParse(value);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new BundleFault(
    `${CONTENTS_PATH} is not valid: ${(issue?.path ?? []).map(String).join('.')}: ${issue?.message ?? ''}`,
  );
}

/**
 * What in `bundle.json` contradicts itself: a file outside its kind's folder, an object that comes twice. One sentence each. Pure.
 */
export function contentsFaults({ objects, since }: Contents): readonly string[] {
  const seen = new Set<string>();
  const left = new Set<string>();
  const again = since
    .flatMap(({ files }) => files)
    .filter((file) => left.size === left.add(file.path).size)
    .map((file) => `${CONTENTS_PATH}: ${file.path} is left to two older bundles`);
  const faults = objects.flatMap(({ kind, name, digest, files }) => {
    const key = `${kind} ${name} ${digest}`;
    const twice = seen.has(key) ? [`${CONTENTS_PATH}: ${key} comes twice`] : [];
    seen.add(key);
    const folder = kind === 'git' ? `git/${digest.replace(/^git:/u, '')}.git/` : FOLDERS[kind];
    const outside = files.filter((file) => !file.startsWith(folder));
    return [...twice, ...outside.map((file) => `${CONTENTS_PATH}: ${file} is not in ${folder}, where ${key} belongs`)];
  });
  return [...faults, ...again];
}

/** Path → what an older bundle has there, of all that a bundle leaves out. Pure. */
export function leftOutOf({ since }: Pick<Contents, 'since'>): ReadonlyMap<string, OlderBundle['files'][number]> {
  return new Map(since.flatMap(({ files }) => files).map((file) => [file.path, file]));
}

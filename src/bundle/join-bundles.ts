import { basename, dirname, join } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT, type OwnCommand } from '../next-command.ts';
import { objectFaults, type SeenFiles, type Verified } from './check/verify.ts';
import { blobOf } from './check/images.ts';
import type { OlderBundle } from './format/contents.ts';
import type { LocatedBundle, Location } from './locate-files.ts';

/** A bundle that was read, and its file. */
export interface NamedBundle {
  readonly file: string;
  readonly located: LocatedBundle;
}

/**
 * The bundle that is meant, of several that were given in any order: the one that is none of the older bundles of another. Pure.
 *
 * @throws MobyBuildError `usage` (2) where they do not belong together
 */
export function mainOf(bundles: readonly NamedBundle[]): NamedBundle {
  const once = [...new Map(bundles.map((each) => [each.located.sha256, each])).values()];
  const older = new Set(once.flatMap(({ located }) => located.verified.contents.since.map(({ sha256 }) => sha256)));
  const [main, other] = once.filter(({ located }) => !older.has(located.sha256));
  if (main !== undefined && other === undefined) return main;
  throw new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: `${main?.file ?? ''} and ${other?.file ?? ''} do not belong together: neither leaves files to the other.`,
    where: other?.file,
    hint: 'Several bundles are given together where one was made with --since, and the others are the older ones.',
    command: NEXT.help('bundle'),
  });
}

/** The older bundles that are not among those that were given. Pure. */
export function absentOf({ located }: NamedBundle, bundles: readonly NamedBundle[]): readonly OlderBundle[] {
  const there = new Set(bundles.map((each) => each.located.sha256));
  return located.verified.contents.since.filter(({ sha256 }) => !there.has(sha256));
}

/**
 * A bundle with what it leaves to older ones, as one. Each file that is left to one is there with the bytes that the newer one says, and every object
 * is looked at again. Pure.
 *
 * @param bundles whole, with every older one among them
 */
export function joinBundles({ located }: NamedBundle, bundles: readonly NamedBundle[]): LocatedBundle {
  const { contents, seen, faults } = located.verified;
  const files = new Map<string, Location>(located.files);
  const sizes = new Map(seen.sizes);
  const blobs = { sizes: new Map(seen.blobs.sizes), texts: new Map(seen.blobs.texts) };
  const wrong: string[] = [];
  for (const { name, sha256, files: left } of contents.since) {
    const older = bundles.find((each) => each.located.sha256 === sha256)?.located;
    for (const { path, bytes, sha256: sum } of left) {
      const place = older?.files.get(path);
      if (older === undefined || place?.bytes !== bytes || older.verified.seen.sums.get(path) !== sum) {
        wrong.push(`${path} is not in ${name} as it should be`);
        continue;
      }
      files.set(path, place);
      sizes.set(path, bytes);
      addBlob(path, older.verified, blobs);
    }
  }
  const all: SeenFiles = { sizes, sums: seen.sums, blobs };
  const more = wrong.length > 0 ? wrong : objectFaults(contents, all, new Map());
  const close = async (): Promise<void> => {
    for (const each of bundles) await each.located.close();
  };
  return {
    ...located,
    files,
    verified: { ...located.verified, seen: all, faults: [...new Set([...faults, ...more])] },
    close,
  };
}

function addBlob(
  path: string,
  { seen }: Verified,
  blobs: { readonly sizes: Map<string, number>; readonly texts: Map<string, string> },
): void {
  const blob = blobOf(path);
  const [bytes, text] = blob === null ? [] : [seen.blobs.sizes.get(blob), seen.blobs.texts.get(blob)];
  if (blob !== null && bytes !== undefined) blobs.sizes.set(blob, bytes);
  if (blob !== null && text !== undefined) blobs.texts.set(blob, text);
}

/** An older bundle is not here. @param next the line with it */
export function olderBundleMissing(
  { file }: NamedBundle,
  absent: readonly OlderBundle[],
  bundles: readonly NamedBundle[],
  next: (older: string) => OwnCommand,
): MobyBuildError {
  const others = bundles.filter((each) => each.file !== file);
  const [first] = absent;
  return new MobyBuildError({
    code: 'older-bundle',
    exitCode: EXIT.network,
    message: [
      `${basename(file)} leaves files to an older bundle that is not given:`,
      ...absent.map(({ name, sha256, files }) => `  ${name}, SHA-256 ${sha256} (${String(files.length)} files)`),
      ...others.map((each) => `  ${each.file} is another one: its SHA-256 is ${each.located.sha256}`),
    ].join('\n'),
    where: file,
    hint: 'It was made with --since, so it needs the bundle that was named there, too.',
    command: next(join(dirname(file), first?.name ?? '')),
  });
}

import { joinBundles, absentOf, mainOf, olderBundleMissing, type NamedBundle } from '../../bundle/join-bundles.ts';
import { locateFiles, type LocatedBundle } from '../../bundle/locate-files.ts';
import type { OlderBundle } from '../../bundle/format/contents.ts';
import { NEXT, type OwnCommand } from '../../next-command.ts';
import { damagedBundle } from './damaged-bundle.ts';

/** Bundles that were given together, each of which was read to its end. */
export interface OpenedBundles {
  /** As they were given. */
  readonly each: readonly NamedBundle[];
  readonly main: NamedBundle;
  /** The older ones that are not among them. */
  readonly absent: readonly OlderBundle[];
  /** The main one with what the older ones have; by itself where one of them is absent or damaged. */
  readonly joined: LocatedBundle;
  /** Of all of them, by their file. */
  readonly faults: ReadonlyMap<string, readonly string[]>;
  readonly close: () => Promise<void>;
}

/**
 * Reads a bundle, and the older ones that it needs, in any order. Whoever calls it closes them.
 *
 * @throws MobyBuildError as `locateFiles`; `usage` (2) where they do not belong together
 */
export async function openBundles(files: readonly string[], onFile: (path: string) => void): Promise<OpenedBundles> {
  const each: NamedBundle[] = [];
  const close = async (): Promise<void> => {
    for (const { located } of each) await located.close();
  };
  try {
    for (const file of files) each.push({ file, located: await locateFiles(file, onFile) });
    const main = mainOf(each);
    const absent = absentOf(main, each);
    const sound = each.every(({ located }) => located.verified.faults.length === 0);
    const joined = sound && absent.length === 0 ? joinBundles(main, each) : main.located;
    const faults = new Map(each.map(({ file, located }) => [file, located.verified.faults]));
    faults.set(main.file, joined.verified.faults);
    return { each, main, absent, joined, faults, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/**
 * The same, for what uses them: nothing is damaged, and nothing is missing.
 *
 * @param next the line that names an older bundle, too
 * @throws MobyBuildError `bundle-damaged`, `older-bundle` (5); as `openBundles`
 */
export async function openWholeBundles(
  files: readonly string[],
  next: (older: string) => OwnCommand = NEXT.olderBundle,
): Promise<OpenedBundles> {
  const opened = await openBundles(files, () => undefined);
  try {
    for (const [file, faults] of opened.faults) if (faults.length > 0) throw damagedBundle(file, faults);
    if (opened.absent.length > 0) throw olderBundleMissing(opened.main, opened.absent, opened.each, next);
    return opened;
  } catch (cause) {
    await opened.close();
    throw cause;
  }
}

/**
 * Reads one bundle, of which every file must be sound; the older ones that it needs may be elsewhere. Whoever calls it closes it.
 *
 * @throws MobyBuildError `bundle-damaged` (5); as `locateFiles`
 */
export async function openSoundBundle(file: string): Promise<NamedBundle> {
  const located = await locateFiles(file, () => undefined);
  if (located.verified.faults.length === 0) return { file, located };
  await located.close();
  throw damagedBundle(file, located.verified.faults);
}

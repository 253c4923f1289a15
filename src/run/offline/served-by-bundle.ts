import type { BundleObject } from '../../bundle/format/contents.ts';
import { readFile } from 'node:fs/promises';
import type { TakenOut } from '../../bundle/use/local-folders.ts';
import { bytesOfFile } from '../../bundle/locate-files.ts';
import { parseInRelease } from '../../mirrors/requests/in-release.ts';
import { hashOne } from '../../mirrors/served/module-hash.ts';
import { servedModules, servedSuites } from '../../mirrors/served/wanted.ts';
import type { Planned, Served } from '../stage/stages.ts';
import { BUNDLE_MIRROR, MOUNTED } from './bundle-mirrors.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';

/** What the mounted folders of a build are filled from. */
export interface Shelf {
  readonly objects: readonly BundleObject[];
  /** A file by its path in a bundle; null: it is not there. */
  readonly read: (path: string) => Promise<string | null>;
}

/** What was taken out of folders as such. */
export function shelfOfTaken({ objects, files }: TakenOut): Shelf {
  return {
    objects,
    read: async (path) => {
      const file = files.get(path);
      if (file === undefined) return null;
      return 'text' in file ? file.text : readFile(file.from, 'utf8');
    },
  };
}

/** A bundle as such. */
export function shelfOf({ located }: UsedBundle): Shelf {
  return {
    objects: located.verified.contents.objects,
    read: async (path) => {
      const place = located.files.get(path);
      return place === undefined ? null : (await bytesOfFile(place)).toString('utf8');
    },
  };
}

/**
 * The dates of the suites and the sums of the modules that the plan names, as they lie in the folders that the steps see: what lock and manifest say of
 * them.
 *
 * @param mirror the name of the bundle; null: that of each place's own mirror
 */
export async function servedByShelf(
  { scan, resolutions }: Pick<Planned, 'scan' | 'resolutions'>,
  shelf: Shelf,
  mirror: string | null = BUNDLE_MIRROR,
): Promise<Served> {
  const suites: Served['suites'][number][] = [];
  for (const { suite, base, mirror: own } of servedSuites(scan, resolutions)) {
    const path = `apt/${base.replace(`file://${MOUNTED.apt.at}/`, '')}/dists/${suite}/InRelease`;
    const date = parseInRelease((await shelf.read(path)) ?? '').date;
    const by = { mirror: mirror ?? own, operator: null };
    suites.push({ suite, base, date: date === null ? null : new Date(date).toISOString(), ...by });
  }
  const modules: Served['modules'][number][] = [];
  for (const { path, version, mirror: own } of servedModules(scan, resolutions)) {
    const object = moduleOf(shelf, path, version);
    const mod = object?.files.find((file) => file.endsWith('.mod'));
    const text = mod === undefined ? null : await shelf.read(mod);
    const goModSum = text === null ? null : hashOne({ 'go.mod': Buffer.from(text) });
    modules.push({
      path,
      version,
      sum: object?.digest ?? null,
      goModSum,
      mirror: mirror ?? own ?? 'official',
      operator: null,
    });
  }
  return { suites, modules };
}

/** The module in which a package is: it, or the nearest one above. */
export function moduleOf({ objects }: Pick<Shelf, 'objects'>, path: string, version: string): BundleObject | undefined {
  const parts = path.split('/');
  const names = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}@${version}`);
  return names.flatMap((name) => objects.filter((object) => object.kind === 'gomod' && object.name === name)).at(0);
}

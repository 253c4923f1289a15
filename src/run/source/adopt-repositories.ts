import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import type { BundleObject } from '../../bundle/format/contents.ts';
import { streamOf } from '../../bundle/locate-files.ts';
import { keyOf } from '../../bundle/use/needs.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import { adoptEntry, findEntry } from '../../store/store.ts';
import { joinStore } from '../../workdir/store-lock.ts';
import { storeRoot } from './source-store.ts';
import { BUNDLE_MIRROR } from '../offline/bundle-mirrors.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';

/** What an entry of the store has; anything else is no part of one, and is left in the bundle. */
const OF_ENTRY =
  /^(?:HEAD|config|shallow|refs\/heads\/main|refs\/tags\/[\w.+-]+|objects\/pack\/pack-[0-9a-f]{40}\.(?:pack|idx))$/u;

/**
 * Puts the repositories of a build into the store, where a build looks first. Each is checked to its last object, there as here.
 *
 * @throws MobyBuildError as `toFileError`; UnsoundEntry where a repository is not sound
 */
export async function adoptRepositories({ located, build }: UsedBundle, options: RunOptions): Promise<void> {
  const root = storeRoot(options);
  joinStore(root);
  const needs = new Set(build.needs);
  for (const object of located.verified.contents.objects) {
    if (object.kind !== 'git' || !needs.has(keyOf(object))) continue;
    const commit = object.digest.replace(/^git:/u, '');
    const tags = tagsOf(object);
    const found = await findEntry(root, commit);
    if (found.state === 'found' && tags.every((tag) => found.entry.record.tags.includes(tag))) continue;
    const history = object.files.some((path) => path.endsWith('.git/shallow')) ? 'commit' : 'full';
    const { upstream, url, mirror } = object;
    const wish = { commit, upstream, tags, history, url: url ?? upstream, mirror: mirror ?? BUNDLE_MIRROR } as const;
    await adoptEntry(root, { ...wish, receivedBytes: 0 }, (dir) => unpack(located, object, dir));
  }
}

function tagsOf({ files }: BundleObject): readonly string[] {
  return files.flatMap((path) => /\.git\/refs\/tags\/([\w.+-]+)$/u.exec(path)?.[1] ?? []);
}

async function unpack(located: UsedBundle['located'], { digest, files }: BundleObject, dir: string): Promise<void> {
  for (const file of files) {
    const path = file.slice(`git/${digest.replace(/^git:/u, '')}.git/`.length);
    const place = located.files.get(file);
    if (place === undefined || !OF_ENTRY.test(path)) continue;
    await makeFolders(dirname(join(dir, path)));
    await writeFile(join(dir, path), streamOf(place), { mode: 0o644 });
  }
}

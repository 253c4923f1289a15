import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { NOTHING_GATHERED, together } from '../../bundle/make/gathered.ts';
import { listsOf, plainModule, readDownloadCache, type DownloadCache } from '../../bundle/modules/download-cache.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import { textFile, type BundleFile } from '../../bundle/make/write-bundle.ts';
import type { ReadySource } from '../../handover/host-sources.ts';
import { pathOfFileUrl } from '../../mirrors/catalogue/hostile.ts';
import type { Lack } from '../../mirrors/images/engine-image.ts';
import { escapedModule } from '../../mirrors/probe/probe-module.ts';
import { ownRegistries } from '../../system/http/own-registries.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import type { MetPoint } from '../../types.ts';
import {
  isCheckoutOf,
  loadPoints,
  MODULE_REASONS,
  modulePoints,
  readModules,
  type Loading,
} from '../bundle/gather-modules.ts';
import { FOLDER_WORDS } from '../notes/folder-words.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';
import { isDirectory, isMounted } from '../offline/mount-folders.ts';
import type { Taken } from './take-packages.ts';
import { wholeFolder } from './whole-folder.ts';

type Folder = { readonly below: string; readonly dir: string };

/**
 * The modules that the steps load, out of folders of this machine: those that the go command loads, checked as ever. Where this machine has no go command,
 * all of the folders.
 *
 * @param ready sources that are in the store: what a go.mod of them names
 * @returns `waiting`: points wait for sources that are not there yet
 */
export async function takeModules(
  from: Omit<Planned, 'command'>,
  io: Io,
  parts: Parts,
  ready: readonly ReadySource[],
): Promise<Taken & { readonly waiting: boolean }> {
  const folders = (from.folders?.go ?? []).map(({ below, url }) => ({ below, dir: pathOfFileUrl(url) ?? '' }));
  const points = modulePoints(from);
  if (folders.length === 0 || points.length === 0) return { gathered: NOTHING_GATHERED, lacks: [], waiting: false };
  const isThere = (point: MetPoint): boolean => {
    const source = from.hostSources.find((each) => isCheckoutOf(point, each));
    return source === undefined || ready.some((each) => isCheckoutOf(point, each.source));
  };
  const now = points.filter(isThere);
  const waiting = now.length < points.length;
  const asked = [from.resolutions.goproxy, ...from.resolutions.points.map(({ to }) => to)].map((to) => to ?? '');
  if (asked.some((to) => isMounted(to.split(/[,|]/u)[0] ?? '') && /[,|](?:https?:|direct)/u.test(to)))
    // What a folder lacks, a server behind it has.
    return { ...(await allOf(folders, io, null)), waiting: false };
  const { checksumDatabase } = await ownRegistries(io.env);
  const temp = makeTempDir('goproxy');
  try {
    const views = await Promise.all(
      folders.map(({ dir }, index) =>
        viewOf(dir, join(temp.path, String(index)), from.options.offline ? checksumDatabase : null),
      ),
    );
    const proxies = views.map((view) => `file://${view}`).join(',');
    const loading: Loading = { ...from, readySources: ready };
    const { about, gaps, said } = await loadPoints(loading, io, parts, now, proxies);
    if (gaps.some(({ reason }) => reason === MODULE_REASONS.noGo)) {
      const records = await lackingRecords(from, folders, points);
      if (records.length > 0) return { gathered: NOTHING_GATHERED, lacks: records, waiting: false };
      return { ...(await allOf(folders, io, FOLDER_WORDS.noGo)), waiting: false };
    }
    const gathered = about === null ? NOTHING_GATHERED : await readModules(parts, [about]);
    const lacks = [
      ...missingIn(said, views, folders),
      ...[...gaps, ...gathered.gaps].flatMap((gap) => lackOf(gap, views, folders)),
    ];
    return { gathered, lacks, waiting };
  } finally {
    temp.remove();
  }
}

/** What go said, in the words of the folder that it was. */
function lackOf(
  { name, reason }: { readonly name: string; readonly reason: string },
  views: readonly string[],
  folders: readonly Folder[],
): readonly Lack[] {
  const why = views.reduce((text, view, index) => text.replaceAll(view, folders[index]?.dir ?? ''), reason);
  const [, database] = /\/sumdb\/([^/\s]+)\//u.exec(why) ?? [];
  if (database !== undefined)
    return [{ kind: 'gomod', name, why: FOLDER_WORDS.noRecord(database), supply: FOLDER_WORDS.sumdbSupply }];
  // Named by itself.
  if (/\/@v\/\S+: (?:open \S+: )?no such file/u.test(why)) return [];
  return [{ kind: 'gomod', name, why, supply: FOLDER_WORDS.goSupply }];
}

/** Each module of which the go command did not find a file, by its name. */
function missingIn(said: readonly string[], views: readonly string[], folders: readonly Folder[]): readonly Lack[] {
  const text = views.reduce((all, view) => all.replaceAll(`file://${view}/`, ' '), said.join('\n'));
  const found = [...text.matchAll(/(\S+)\/@v\/(v[^\s/]+)\.(?:info|mod|zip): (?:open \S+: )?no such file/gu)];
  const names = found.map(([, path = '', version = '']) => `${plainModule(path)}@${plainModule(version)}`);
  const why = FOLDER_WORDS.notIn(folders.map(({ dir }) => dir));
  return [...new Set(names)].sort().map((name) => ({ kind: 'gomod', name, why, supply: FOLDER_WORDS.goSupply }));
}

/**
 * The folder as a proxy that passes the checksum database on: the go command of a machine downloads its records and tiles, but not the file that says so
 * (`supported`), and would ask the database itself (https://go.dev/design/25530-sumdb, "Proxying a Checksum Database"). Without network that is so, too,
 * where the folder has nothing of it.
 */
async function viewOf(dir: string, view: string, own: string | null): Promise<string> {
  await makeFolders(join(view, 'sumdb'));
  for (const name of await readdir(dir)) if (name !== 'sumdb') await symlink(join(dir, name), join(view, name));
  const databases = isDirectory(join(dir, 'sumdb')) ? await readdir(join(dir, 'sumdb')) : [];
  for (const database of new Set([...databases, ...(own === null ? [] : [own])])) {
    const to = join(view, 'sumdb', database);
    await mkdir(to);
    for (const part of ['lookup', 'tile']) {
      const from = join(dir, 'sumdb', database, part);
      if (isDirectory(from)) await symlink(from, join(to, part));
    }
    await writeFile(join(to, 'supported'), '');
  }
  return view;
}

/** All that folders have of what a proxy serves, and the lists that go asks for. @param why null: nothing has to be said */
async function allOf(folders: readonly Folder[], io: Io, why: string | null): Promise<Taken> {
  const all: ReadonlyMap<string, BundleFile>[] = [];
  for (const { below, dir } of folders) {
    const at = below === '' ? 'go' : `go/${below}`;
    const whole = await wholeFolder(dir, at, (path) =>
      /(?:^|\/)@v\/[^/]+\.(?:info|mod|zip)$|^sumdb\/[^/]+\/(?:lookup|tile)\//u.test(path),
    );
    if (whole === null)
      return {
        gathered: NOTHING_GATHERED,
        lacks: [{ kind: 'gomod', name: dir, why: FOLDER_WORDS.tooLarge(why ?? ''), supply: FOLDER_WORDS.goSupply }],
      };
    const cache = readDownloadCache([...whole.keys()].map((path) => path.slice(at.length + 1)));
    all.push(whole, addedTo(cache, at));
  }
  if (why !== null) io.note({ level: 'info', code: 'local-mirror', message: FOLDER_WORDS.allModules(why) });
  const files = new Map(all.flatMap((each) => [...each]));
  return { gathered: together([{ ...NOTHING_GATHERED, files }]), lacks: [] };
}

/** The lists of versions, and the files that say that the database is passed on. */
function addedTo({ modules, databases }: DownloadCache, at: string): ReadonlyMap<string, BundleFile> {
  const lists = [...listsOf(modules).values()].map(({ file, text }) => [`${at}/${file}`, textFile(text)] as const);
  const said = [...databases.keys()].map((name) => [`${at}/sumdb/${name}/supported`, textFile('')] as const);
  return new Map([...lists, ...said]);
}

/** Modules that steps install by their names: no go.sum has their sums, so the database has to. */
async function lackingRecords(
  { resolutions }: Omit<Planned, 'command'>,
  folders: readonly Folder[],
  points: readonly MetPoint[],
): Promise<readonly Lack[]> {
  if (resolutions.gosumdb === 'off') return [];
  const there = new Set<string>();
  const databases = new Set<string>();
  for (const { dir } of folders) {
    if (!isDirectory(join(dir, 'sumdb'))) continue;
    for (const database of await readdir(join(dir, 'sumdb'))) {
      databases.add(database);
      const records = join(dir, 'sumdb', database, 'lookup');
      if (isDirectory(records)) for (const path of await readdir(records, { recursive: true })) there.add(path);
    }
  }
  return points.flatMap(({ module }): Lack[] => {
    const [name, path = '', version = ''] = /^(\S+)@(v\d[^\s$]*)$/u.exec(module ?? '') ?? [];
    if (name === undefined) return [];
    const parts = path.split('/');
    const records = parts.map((_, index) => {
      const own = parts.slice(0, parts.length - index).join('/');
      return `${escapedModule(own)}@${escapedModule(version)}`;
    });
    return records.some((record) => there.has(record))
      ? []
      : [
          {
            kind: 'gomod',
            name,
            why: FOLDER_WORDS.noRecord([...databases].join(', ')),
            supply: FOLDER_WORDS.sumdbSupply,
          },
        ];
  });
}

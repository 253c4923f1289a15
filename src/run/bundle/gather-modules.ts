import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { BundleObject } from '../../bundle/format/contents.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import { textFile, type BundleFile } from '../../bundle/make/write-bundle.ts';
import {
  listsOf,
  readDownloadCache,
  recordOf,
  sumsOfRecord,
  type CachedModule,
} from '../../bundle/modules/download-cache.ts';
import { escapedModule } from '../../mirrors/probe/probe-module.ts';
import { isImportPath } from '../../mirrors/candidates/import-path.ts';
import { hashOne, zipHash } from '../../mirrors/served/module-hash.ts';
import type { HostSource } from '../../handover/host-sources.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import type { MetPoint } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { buildArchOf } from '../plan/build-arch.ts';
import type { Io } from '../stage/io.ts';
import type { Compared, Planned } from '../stage/stages.ts';
import { downloadCheckout, downloadTool, downloadsIn, goCommand, type GoCommand } from './go-downloads.ts';
import { NOTHING_GATHERED, together, type Gap, type Gathered, type LoadedModules } from '../../bundle/make/gathered.ts';

/** Why something is not in a bundle. */
export const MODULE_REASONS = {
  noGo: 'the go command, which finds out what it needs, is not on this machine',
  moduleNotKnown: 'which modules it needs cannot be found out, because the build fetches its sources itself',
  moduleNotAsChecked: 'what lies in the folder of the parts is not what the go command had checked; it was removed',
} as const;

/** The module cache of the go command, in the folder of the parts. */
const CACHE = 'gopath';

/** What modules are found out of. */
export type Loading = Omit<Planned, 'command'> & Pick<Compared, 'readySources'>;

/** What the modules of a build came to. */
export interface Loaded {
  /** null: no step loads any, or this machine cannot. */
  readonly about: LoadedModules | null;
  readonly gaps: readonly Gap[];
  /** All that the go command printed where it failed. */
  readonly said: readonly string[];
}

/**
 * Loads the Go modules that steps load into the folder of the parts, with the records and tiles of the checksum database by which the go command of a
 * step checks them. The go command of this machine finds out which they are, and checks them the same way.
 */
export async function loadModules(from: Compared, io: Io, parts: Parts): Promise<Loaded> {
  const points = modulePoints(from);
  const [first] = points;
  if (first === undefined) return { about: null, gaps: [], said: [] };
  const proxies = first.via === 'upstream' ? null : (proxiesOf(from, first) ?? from.resolutions.goproxy);
  return loadPoints(from, io, parts, points, proxies);
}

/** The points that load modules. Pure. */
export function modulePoints({ plan }: Pick<Loading, 'plan'>): readonly MetPoint[] {
  return plan.points.filter(
    (point) => point.kind === 'gomod' && point.inClosure && point.via !== 'dropped' && !isImportPath(point),
  );
}

/** As `loadModules`, for some of the points. @param proxies the value of GOPROXY; null: as this machine has it */
export async function loadPoints(
  from: Loading,
  io: Io,
  parts: Parts,
  points: readonly MetPoint[],
  proxies: string | null,
): Promise<Loaded> {
  const [first] = points;
  if (first === undefined) return { about: null, gaps: [], said: [] };
  const go = await goCommand(from, io, parts.at(CACHE), proxies);
  if (go === null) return { about: null, gaps: points.map((point) => gapOf(point, MODULE_REASONS.noGo)), said: [] };
  const gaps: Gap[] = [];
  const witnesses: string[] = [];
  for (const point of points) {
    io.say(MESSAGES.fetchingModules(point.module ?? point.url));
    const { fault, goSum } = await downloadFor(from, go, point);
    if (fault !== null) gaps.push(gapOf(point, fault));
    if (goSum !== null) witnesses.push(goSum);
  }
  return { about: { mirror: first.mirror, goSum: witnesses }, gaps, said: go.said };
}

/**
 * The modules of all builds: which of the records and tiles of a checksum database a build reads depends on those that it has, so each build has all.
 *
 * @param loaded of each build that loads any
 */
export async function readModules(parts: Parts, loaded: readonly LoadedModules[]): Promise<Gathered> {
  const [first] = loaded;
  if (first === undefined) return NOTHING_GATHERED;
  const goSum = [...new Set(loaded.flatMap((each) => each.goSum))];
  return readCache(downloadsIn(parts.at(CACHE)), { mirror: first.mirror, goSum });
}

function proxiesOf({ resolutions, scan }: Loading, { id }: MetPoint): string | null {
  return resolutions.points[scan.points.findIndex((point) => point.id === id)]?.to ?? null;
}

async function downloadFor(
  from: Loading,
  go: GoCommand,
  point: MetPoint,
): Promise<{ readonly fault: string | null; readonly goSum: string | null }> {
  // Tools run on the machine that builds, and components are made for the other one: what they import may differ.
  const arches = [...new Set([buildArchOf(from), from.options.arch])];
  const [, tool] = /^(\S+@v\d\S*)$/u.exec(point.module ?? '') ?? [];
  if (tool !== undefined)
    return { fault: await firstFault(arches, (arch) => downloadTool(go, tool, arch)), goSum: null };
  const source = from.readySources.find((ready) => isCheckoutOf(point, ready.source));
  if (source === undefined) return { fault: MODULE_REASONS.moduleNotKnown, goSum: null };
  return {
    fault: await firstFault(arches, (arch) => downloadCheckout(go, source, arch)),
    goSum: `go.sum of ${source.source.wish.title}`,
  };
}

/** Whether a point loads the modules of this repository: those that its go.mod names. Pure. */
export function isCheckoutOf(
  { module }: Pick<MetPoint, 'module'>,
  { upstream }: Pick<HostSource, 'upstream'>,
): boolean {
  const [, path] = /^([^@\s]+)(?:@\S+)? \(its go\.mod\)$/u.exec(module ?? '') ?? [];
  const base = upstream.replace(/^https?:\/\//u, '').replace(/\.git$/u, '');
  return path === base || path?.startsWith(`${base}/`) === true;
}

async function firstFault(
  arches: readonly string[],
  download: (arch: string) => Promise<string | null>,
): Promise<string | null> {
  for (const arch of arches) {
    const fault = await download(arch);
    if (fault !== null) return fault;
  }
  return null;
}

function gapOf({ module, url }: MetPoint, reason: string): Gap {
  return { kind: 'gomod', name: module ?? url, reason: plainLine(reason) };
}

/** What a program said, as a line that a list may hold. */
function plainLine(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').slice(0, 500) || 'no reason was given';
}

/** All that the go command downloaded, as objects of a bundle; each module is summed by us, too. */
async function readCache(dir: string, about: LoadedModules): Promise<Gathered> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  const { modules, databases } = readDownloadCache(names);
  const gathered: Gathered[] = [];
  const lists = listsOf(modules);
  for (const module of modules)
    gathered.push(withList(await moduleObject(dir, module, databases, about), lists.get(module)));
  for (const [database, files] of databases) gathered.push(await databaseObject(dir, database, files, about));
  return together(gathered);
}

/** A module with the list of versions that belongs to it. */
function withList(gathered: Gathered, list: { readonly file: string; readonly text: string } | undefined): Gathered {
  if (list === undefined || gathered.objects.length === 0) return gathered;
  const [path, file] = [`go/${list.file}`, textFile(list.text)];
  return {
    ...gathered,
    files: new Map([...gathered.files, [path, file]]),
    objects: gathered.objects.map((object) => ({
      ...object,
      bytes: object.bytes + file.bytes,
      files: [...object.files, path].sort(),
    })),
  };
}

async function moduleObject(
  dir: string,
  { path, version, files, hasZip }: CachedModule,
  databases: ReadonlyMap<string, readonly string[]>,
  about: LoadedModules,
): Promise<Gathered> {
  const found = await filesIn(dir, files);
  const database = [...databases].find(([name, own]) =>
    own.includes(recordOf(name, escapedModule(path), escapedModule(version))),
  );
  const name = hasZip ? `${path}@${version}` : `${path}@${version}/go.mod`;
  const record = database && recordOf(database[0], escapedModule(path), escapedModule(version));
  const digest = await checkedSum(dir, files, version, record ?? null);
  if (digest === null) {
    // The go command takes what it has unpacked for checked, so that has to go, too.
    const unpacked = join(dir, '../..', `${escapedModule(path)}@${escapedModule(version)}`);
    for (const each of [...files.map((file) => join(dir, file)), unpacked]) await removeTree(each);
    return { ...NOTHING_GATHERED, gaps: [{ kind: 'gomod', name, reason: MODULE_REASONS.moduleNotAsChecked }] };
  }
  const witness = database === undefined ? about.goSum.join(', ') || null : MESSAGES.checksumDatabase(database[0]);
  return objectOf({ name, upstream: `${path}@${version}`, digest, witness }, found, about);
}

/**
 * The sum of a module, or of its go.mod where that is all of it, made anew: a file may have changed since an earlier run. null: it is not the one that
 * the record of the database names, or that the go command wrote down when it had checked the zip.
 */
async function checkedSum(
  dir: string,
  files: readonly string[],
  version: string,
  record: string | null,
): Promise<string | null> {
  const dataOf = async (ending: string): Promise<Buffer | null> => {
    const file = files.find((each) => each.endsWith(ending));
    return file === undefined ? null : readFile(join(dir, file));
  };
  const [zip, mod] = [await dataOf('.zip'), await dataOf('.mod')];
  const zipSum = zip === null ? null : zipHash(zip);
  const modSum = mod === null ? null : hashOne({ 'go.mod': mod });
  const known = record === null ? new Map<string, string>() : sumsOfRecord(await readFile(join(dir, record), 'utf8'));
  if (record !== null && modSum !== known.get(`${version}/go.mod`)) return null;
  if (zip === null) return modSum;
  const zipFile = files.find((each) => each.endsWith('.zip')) ?? '';
  const noted = await readFile(join(dir, `${zipFile}hash`), 'utf8').catch(() => '');
  return zipSum === noted.trim() && (record === null || zipSum === known.get(version)) ? zipSum : null;
}

async function databaseObject(
  dir: string,
  database: string,
  files: readonly string[],
  about: LoadedModules,
): Promise<Gathered> {
  const found = new Map(await filesIn(dir, files));
  // A go command asks for this file first, to see that the proxy passes the database on (cmd/go, modfetch/sumdb.go).
  found.set(`go/sumdb/${database}/supported`, textFile(''));
  const list = [...found].sort().map(([path, { sha256 }]) => `${sha256}  ${path}\n`);
  const digest = `sha256:${createHash('sha256').update(list.join('')).digest('hex')}`;
  const name = MESSAGES.checksumDatabase(database);
  return objectOf({ name, upstream: database, digest, witness: MESSAGES.signedItself }, found, about);
}

async function filesIn(dir: string, files: readonly string[]): Promise<ReadonlyMap<string, BundleFile>> {
  const found = new Map<string, BundleFile>();
  for (const file of files) {
    const data = await readFile(join(dir, file));
    const sha256 = createHash('sha256').update(data).digest('hex');
    found.set(`go/${file}`, { bytes: data.length, sha256, from: join(dir, file) });
  }
  return found;
}

function objectOf(
  about: Pick<BundleObject, 'name' | 'upstream' | 'digest' | 'witness'>,
  files: ReadonlyMap<string, BundleFile>,
  { mirror }: LoadedModules,
): Gathered {
  const bytes = [...files.values()].reduce((sum, each) => sum + each.bytes, 0);
  return {
    ...NOTHING_GATHERED,
    objects: [{ kind: 'gomod', ...about, mirror, url: null, bytes, files: [...files.keys()].sort() }],
    files,
  };
}

import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pathOfFileUrl } from '../../mirrors/catalogue/hostile.ts';
import { parseSourcesList } from '../../mirrors/apt/sources-list.ts';
import type { AptChoice, Resolution, Resolutions } from '../../mirrors/resolve/resolutions.ts';
import type { Scan } from '../../types.ts';
import type { LocalFolders } from '../../bundle/use/local-folders.ts';
import { MOUNTED } from './bundle-mirrors.ts';

/**
 * The same decisions with folders of the tree in the place of folders of this machine: a step sees the files of its image and of the tree. The first
 * module proxy and Debian's two archives are where those of a bundle are, so the same objects leave the build's cache as it is, wherever they lay. Pure.
 *
 * @returns `folders` is null where no mirror is a folder
 */
export function mountFolders(
  resolutions: Resolutions,
  { points }: Pick<Scan, 'points'>,
): { readonly resolutions: Resolutions; readonly folders: LocalFolders | null } {
  const apt = new Map<string, string>();
  const go = new Map<string, string>();
  const kinds = new Map(points.map(({ id, kind }) => [id, kind]));
  const archive = (url: string): string =>
    isFile(url) ? `file://${MOUNTED.apt.at}/${nameOf(url.replace(/\/+$/u, ''), apt)}` : url;
  const proxies = (text: string): string => text.replaceAll(/(?<=^|[,|])file:[^,|]+/gu, (url) => proxyOf(url, go));
  const moved = (resolution: Resolution): Resolution => {
    const { pointId, to } = resolution;
    if (to === null) return resolution;
    const kind = kinds.get(pointId);
    if (kind === 'apt-source') return { ...resolution, to: archive(to) };
    return kind === 'gomod' ? { ...resolution, to: proxies(to) } : resolution;
  };
  const made: Resolutions = {
    ...resolutions,
    apt: resolutions.apt === null ? null : movedApt(resolutions.apt, archive),
    points: resolutions.points.map(moved),
    goproxy: resolutions.goproxy === null ? null : proxies(resolutions.goproxy),
  };
  if (apt.size + go.size === 0) return { resolutions, folders: null };
  const folders: LocalFolders = {
    apt: new Map([...apt].map(([url, name]) => [name, url])),
    go: [...go].map(([url, below]) => ({ below, url })),
  };
  return { resolutions: made, folders };
}

/** What the steps are to see of the tree's folders. Pure. @param isBundle a bundle has both kinds */
export function mountedKinds(
  isBundle: boolean,
  folders: LocalFolders | null,
): { readonly apt: boolean; readonly go: boolean } {
  return { apt: isBundle || (folders?.apt.size ?? 0) > 0, go: isBundle || (folders?.go.length ?? 0) > 0 };
}

/** Whether an address is one that the steps see in the tree. Pure. */
export function isMounted(url: string): boolean {
  return Object.values(MOUNTED).some(({ at }) => url === `file://${at}` || url.startsWith(`file://${at}/`));
}

/**
 * Where an archive of Debian lies for an address that a mirror makes (`BASE/debian`, `BASE/debian-security`): there, or at the base itself, or, for
 * suites that are kept together, beside it in `debian`.
 *
 * @returns its URL; null where none of them has `dists`
 */
export function archiveAt(url: string): string | null {
  const path = pathOfFileUrl(url);
  if (path === null) return null;
  const base = /\/debian(?:-security)?\/*$/u.test(path) ? [dirname(path), join(dirname(path), 'debian')] : [];
  const found = [path, ...base].find((each) => isDirectory(join(each, 'dists')));
  return found === undefined ? null : pathToFileURL(found).href.replace(/\/+$/u, '');
}

/** Whether something is a folder that can be looked into; a link to one is one. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isFile(url: string): boolean {
  return /^file:/iu.test(url);
}

/** The name of an archive below `apt`: its own, where it is one of Debian's two and no other has it. */
function nameOf(url: string, known: Map<string, string>): string {
  const [, last] = /\/(debian(?:-security)?)$/u.exec(url) ?? [];
  return named(url, last ?? 'other', known);
}

function proxyOf(url: string, known: Map<string, string>): string {
  const plain = url.replace(/\/+$/u, '');
  const below = known.get(plain) ?? (known.size === 0 ? '' : String(known.size + 1));
  known.set(plain, below);
  return `file://${MOUNTED.go.at}${below === '' ? '' : `/${below}`}`;
}

function named(url: string, wanted: string, known: Map<string, string>): string {
  const before = known.get(url);
  if (before !== undefined) return before;
  const taken = new Set(known.values());
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${String(count)}`;
  known.set(url, name);
  return name;
}

/** A list may be older than its Valid-Until where all of them come from folders: somebody carried them. Of a server that is still checked. */
function movedApt(apt: AptChoice, archive: (url: string) => string): AptChoice {
  const { text, debian, security } = apt;
  const urls = text === null ? [debian, security] : parseSourcesList(text).map(({ url }) => url);
  if (!urls.some(isFile)) return apt;
  return {
    ...apt,
    text: text?.replaceAll(/(?<=\s)file:[^\s\]]+/gu, archive) ?? null,
    debian: archive(debian),
    security: archive(security),
    lists: isFile(debian) ? null : apt.lists,
    expired: apt.expired || urls.every(isFile),
  };
}

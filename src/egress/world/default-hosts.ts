import type { ImageLocation } from '../../image-reference.ts';

/** The hosts that a tree does not name by itself, or names only because they are the default. */
export const DEBIAN_DEFAULT = '<debian default>';
/** Debian's hosts are below it. */
export const DEBIAN_DOMAIN = '.debian.org';
export const GO_DEFAULT = '<go default>';
export const PIP_DEFAULT = '<pip default>';

/** Same fields as an image's: what is contacted, and its host. */
export type Location = ImageLocation;

/** Where a command goes; `hosts` and a note where that is more than one. */
export type Locations = Location & { readonly note?: string; readonly hosts?: readonly string[] };

/** The first of several locations, with the hosts of all. Null where there is none. */
export function severalHosts(all: readonly Location[]): Locations | null {
  const [first] = all;
  if (first === undefined) return null;
  const hosts = [...new Set(all.map(({ host }) => host))];
  return hosts.length > 1 ? { ...first, note: `several hosts: ${hosts.join(', ')}`, hosts } : first;
}

/** The host of a URL (with its port), or '' where there is none. `git@host:path` counts. */
export function hostOf(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?([^/?#\s]*)/i.exec(url);
  if (scheme !== null) return (scheme[1] ?? '').toLowerCase();
  return /^[\w.-]+@([\w.-]+):/.exec(url)?.[1]?.toLowerCase() ?? '';
}

/**
 * The base of an apt source. A host below `.debian.org` is Debian's default, whichever of its names is used, save the
 * archive, which is another place with other suites.
 */
export function aptLocation(base: string): Location {
  const host = hostOf(base);
  const isDefault = host.endsWith(DEBIAN_DOMAIN) && host !== 'archive.debian.org';
  if (!isDefault) return { url: base, host };
  return {
    url: base.replace(new RegExp(`//(?:[^/@]*@)?${host.replaceAll('.', '\\.')}`, 'i'), `//${DEBIAN_DEFAULT}`),
    host: DEBIAN_DEFAULT,
  };
}

const GO_LOCATION: Location = { url: `https://${GO_DEFAULT}`, host: GO_DEFAULT };

/**
 * All that a GOPROXY list may ask, in its order; '' is what the go command does by itself. Empty: no network (`off`, `file:`).
 * Rule: https://go.dev/ref/mod#module-proxy: `off` ends the list, and `direct` does.
 */
export function goLocations(goproxy: string): Location[] {
  const found: Location[] = [];
  for (const entry of goproxy.split(/[,|]/).map((each) => each.trim())) {
    if (entry === 'off') break;
    if (entry === 'direct') return [...found, { url: 'direct', host: 'direct' }];
    const host = hostOf(entry);
    if (entry === '' || entry.startsWith('file:')) continue;
    found.push(host.endsWith('.golang.org') ? GO_LOCATION : { url: entry, host });
  }
  return goproxy.trim() === '' ? [GO_LOCATION] : found;
}

/** The index that pip asks. */
export function pipLocation(index: string | undefined): Location {
  if (index === undefined || index === '') return { url: `https://${PIP_DEFAULT}/simple/`, host: PIP_DEFAULT };
  return { url: index, host: hostOf(index) };
}

import type { ImageLocation } from '../../image-reference.ts';

/** The hosts that a tree does not name by itself, or names only because they are the default. */
export const DEBIAN_DEFAULT = '<debian default>';
export const GO_DEFAULT = '<go default>';
export const PIP_DEFAULT = '<pip default>';

/** Same fields as an image's: what is contacted, and its host. */
export type Location = ImageLocation;

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
  const isDefault = host.endsWith('.debian.org') && host !== 'archive.debian.org';
  if (!isDefault) return { url: base, host };
  return {
    url: base.replace(new RegExp(`//(?:[^/@]*@)?${host.replaceAll('.', '\\.')}`, 'i'), `//${DEBIAN_DEFAULT}`),
    host: DEBIAN_DEFAULT,
  };
}

/** The first proxy of a GOPROXY list; undefined is what the go command does by itself. null: no network (`off`, `file:`). */
export function goLocation(goproxy: string | undefined): Location | null {
  const [first = ''] = (goproxy ?? '').split(/[,|]/).map((entry) => entry.trim());
  if (first === '') return { url: `https://${GO_DEFAULT}`, host: GO_DEFAULT };
  if (first === 'off' || first.startsWith('file:')) return null;
  if (first === 'direct') return { url: 'direct', host: 'direct' };
  const host = hostOf(first);
  return host.endsWith('.golang.org') ? { url: `https://${GO_DEFAULT}`, host: GO_DEFAULT } : { url: first, host };
}

/** The index that pip asks. */
export function pipLocation(index: string | undefined): Location {
  if (index === undefined || index === '') return { url: `https://${PIP_DEFAULT}/simple/`, host: PIP_DEFAULT };
  return { url: index, host: hostOf(index) };
}

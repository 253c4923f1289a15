import { aptLocation, DEBIAN_DEFAULT } from './default-hosts.ts';
import type { Location } from './default-hosts.ts';
import { matches } from '../../dockerfile/text/glob-pattern.ts';

const LIST = '/etc/apt/sources.list';
const DEB822 = '/etc/apt/sources.list.d/debian.sources';
/** Debian's images up to bullseye hold sources.list, later ones debian.sources (debuerreotype 0.15, 2023). */
const CLASSIC = new Set(['jessie', 'stretch', 'buster', 'bullseye']);

export interface AptSource {
  readonly base: string;
  readonly suite: string;
}

/** How a file of the stage is read; null: there is none, or it is not known. */
export type ReadFile = (path: string) => string | null;

/** Where apt goes; `hosts` and a note where that is more than one. */
export type AptLocation = Location & { readonly note?: string; readonly hosts?: readonly string[] };

/** Whether apt reads the file as a list of sources. */
export function isSourcesPath(path: string): boolean {
  return path === LIST || /^\/etc\/apt\/sources\.list\.d\/[^/]+\.(?:list|sources)$/.test(path);
}

/**
 * The sources that a text lists, one-line style or deb822.
 * Rule: sources.list(5).
 */
export function readSources(text: string): AptSource[] {
  const lines = text.split(/\r?\n/);
  const found = lines.flatMap((line) => {
    const match = /^\s*deb(?:-src)?\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)/.exec(line);
    return match === null ? [] : [{ base: match[1] ?? '', suite: match[2] ?? '' }];
  });
  if (found.length > 0) return found;
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string): string[] => {
      const match = new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t]+.*)*)`, 'im').exec(stanza.replace(/^#.*\n?/gm, ''));
      return (match?.[1] ?? '').split(/\s+/).filter((item) => item !== '');
    };
    if (field('Enabled')[0] === 'no') return [];
    const suite = field('Suites')[0] ?? '';
    return field('URIs').map((base) => ({ base, suite }));
  });
}

/** Where apt of a stage gets its packages: the image's own list until files of the tree take its place. */
export class AptSources {
  #files: ReadonlyMap<string, readonly AptSource[]> = new Map();
  #gone: ReadonlySet<string> = new Set();
  #defaultBase: string | null = null;

  copy(): AptSources {
    const copy = new AptSources();
    copy.#files = this.#files;
    copy.#gone = this.#gone;
    copy.#defaultBase = this.#defaultBase;
    return copy;
  }

  put(path: string, sources: readonly AptSource[]): void {
    if (sources.length > 0) this.#files = new Map([...this.#files, [path, sources]]);
    this.#gone = new Set([...this.#gone, path]);
  }

  /** `rm`, with a pattern. */
  remove(pattern: string): void {
    this.#files = new Map([...this.#files].filter(([path]) => !matches(path, pattern)));
    const folder = matches('/etc/apt/sources.list.d', pattern) ? [DEB822] : [];
    this.#gone = new Set([...this.#gone, ...[LIST, DEB822].filter((path) => matches(path, pattern)), ...folder]);
  }

  /** `sed` that puts another host in the place of Debian's own (the tree's APT_MIRROR). */
  replaceDefaultHost(host: string): void {
    this.#defaultBase = `http://${host}/debian`;
  }

  /**
   * What an apt call contacts.
   * In: the suite of the stage's image, which tells where that image keeps its list; and how to read a file of the stage,
   * for a `mirror+file:` source names its hosts in one (apt-transport-mirror(1)).
   */
  location(suite: string | null, read: ReadFile): AptLocation {
    const own = suite === null || CLASSIC.has(suite) ? LIST : DEB822;
    const listed = [...this.#files]
      .sort(([a], [b]) => Number(b === LIST) - Number(a === LIST))
      .flatMap(([, sources]) => sources.flatMap((source) => basesOf(source.base, read)));
    const fallback =
      this.#defaultBase === null
        ? { url: `http://${DEBIAN_DEFAULT}/debian`, host: DEBIAN_DEFAULT }
        : aptLocation(this.#defaultBase);
    const [first] = listed;
    if (first === undefined) return fallback;
    const location = aptLocation(first);
    const hosts = new Set(listed.map((base) => aptLocation(base).host));
    if (!this.#gone.has(own)) hosts.add(fallback.host);
    return withHosts(location, [...hosts]);
  }
}

/** Where one source is: its host, or the hosts of the list that a `mirror+file:` source names. */
export function sourceLocation(base: string, read: ReadFile): AptLocation {
  const locations = basesOf(base, read).map(aptLocation);
  const hosts = [...new Set(locations.map(({ host }) => host))];
  return withHosts(locations[0] ?? aptLocation(base), hosts);
}

function withHosts(location: Location, hosts: readonly string[]): AptLocation {
  return hosts.length > 1 ? { ...location, note: `several hosts: ${hosts.join(', ')}`, hosts } : location;
}

/** A list is read in the order of its priorities (apt-transport-mirror(1)); lines without one come last. */
function basesOf(base: string, read: ReadFile): string[] {
  const path = /^mirror\+file:\/*(\/.*)$/.exec(base)?.[1];
  const list = path === undefined ? null : read(path);
  if (list === null) return [base];
  return list
    .split('\n')
    .flatMap((line) => {
      const url = /^\s*([a-z]+:\/\/\S+)/.exec(line)?.[1];
      return url === undefined ? [] : [{ url, priority: Number(/\spriority:(\d+)/.exec(line)?.[1] ?? Infinity) }];
    })
    .sort((a, b) => (a.priority === b.priority ? 0 : a.priority - b.priority))
    .map(({ url }) => url);
}

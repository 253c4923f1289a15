import { aptLocation, DEBIAN_DEFAULT, severalHosts } from './default-hosts.ts';
import type { Location, Locations } from './default-hosts.ts';
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
  /** What may stand in the image's own list: a base, or Debian's default. */
  #own: readonly Location[] = [{ url: `http://${DEBIAN_DEFAULT}/debian`, host: DEBIAN_DEFAULT }];

  copy(): AptSources {
    const copy = new AptSources();
    copy.#files = this.#files;
    copy.#gone = this.#gone;
    copy.#own = this.#own;
    return copy;
  }

  /** A list of sources at a path. `maybe`: it is put there on one of several ways, so what was there before may still be. */
  put(path: string, sources: readonly AptSource[], maybe = false): void {
    const before = maybe ? (this.#files.get(path) ?? []) : [];
    this.#files = new Map([...this.#files, [path, [...before, ...sources]]]);
    if (!maybe) this.#gone = new Set([...this.#gone, path]);
  }

  /** `rm`, with a pattern. What may not have been removed counts as there. */
  remove(pattern: string, maybe = false): void {
    if (maybe) return;
    this.#files = new Map([...this.#files].filter(([path]) => !matches(path, pattern)));
    const folder = matches('/etc/apt/sources.list.d', pattern) ? [DEB822] : [];
    this.#gone = new Set([...this.#gone, ...[LIST, DEB822].filter((path) => matches(path, pattern)), ...folder]);
  }

  /** `sed` that puts one of several other hosts in the place of Debian's own (the tree's APT_MIRROR). */
  replaceDefaultHost(hosts: readonly string[], maybe = false): void {
    const replaced = hosts.map((host) => `http://${host}/debian`);
    const isOwn = (location: Location): boolean => location.host === DEBIAN_DEFAULT;
    this.#own = this.#own.flatMap((one) =>
      isOwn(one) ? [...replaced.map(aptLocation), ...(maybe ? [one] : [])] : [one],
    );
    const changed = (base: string): readonly string[] =>
      isOwn(aptLocation(base)) ? [...replaced, ...(maybe ? [base] : [])] : [base];
    this.#files = new Map(
      [...this.#files].map(([path, sources]) => [
        path,
        sources.flatMap(({ base, suite }) => changed(base).map((one) => ({ base: one, suite }))),
      ]),
    );
  }

  /**
   * What an apt call contacts.
   * In: the suite of the stage's image, which tells where that image keeps its list; and how to read a file of the stage,
   * for a `mirror+file:` source names its hosts in one (apt-transport-mirror(1)).
   */
  location(suite: string | null, read: ReadFile): Locations {
    const own = suite === null || CLASSIC.has(suite) ? LIST : DEB822;
    const listed = [...this.#files]
      .sort(([a], [b]) => Number(b === LIST) - Number(a === LIST))
      .flatMap(([, sources]) => sources.flatMap((source) => basesOf(source.base, read)));
    const all = [...listed.map(aptLocation), ...(listed.length === 0 || !this.#gone.has(own) ? this.#own : [])];
    return severalHosts(all) ?? aptLocation('');
  }
}

/** Where one source is: its host, or the hosts of the list that a `mirror+file:` source names. */
export function sourceLocation(base: string, read: ReadFile): Locations {
  return severalHosts(basesOf(base, read).map(aptLocation)) ?? aptLocation(base);
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

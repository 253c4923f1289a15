import type { AptCall } from '../../types.ts';

/** What an installation asks for: words that may be given to apt-get on another machine. */
export interface Installation {
  /** `libseccomp-dev/buster-backports`, `libc6-dev:arm64` */
  readonly packages: readonly string[];
  readonly release: string | null;
  readonly recommends: boolean;
}

/** A package, with an architecture, and a version or a release (apt-get(8)). Nothing else is handed on: an option of apt can name a program. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?(?:[=/][A-Za-z0-9][\w.+:~-]*)?$/u;
const RELEASE = /^[a-z][\w.=/-]*$/u;
/** Options that change nothing about what is installed. */
const HARMLESS =
  /^(?:-y|-q+|-qq?y|-yq+|-V|-u|--yes|--assume-yes|--quiet|-q=\d|--no-install-suggests|--fix-missing|-f|--fix-broken|--force-yes|--allow-downgrades|--allow-change-held-packages)$/u;

/**
 * What a call installs; null: it installs nothing (`update`, `clean`). Pure.
 *
 * @returns or why that is not known, in words that follow the name of the call
 */
export function installationOf({ words }: Pick<AptCall, 'words'>): Installation | string | null {
  if (words === null) return 'which packages it installs cannot be told from the text';
  const packages: string[] = [];
  let release: string | null = null;
  let recommends = true;
  let verb: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, long] = /^--(?:target-release|default-release)=(.+)$/u.exec(word) ?? [];
    if (/^(?:-t|--target-release|--default-release)$/u.test(word)) {
      at += 1;
      release = words[at] ?? null;
    } else if (long !== undefined) release = long;
    else if (word === '--no-install-recommends') recommends = false;
    else if (word.startsWith('-')) {
      if (!HARMLESS.test(word)) return `its option ${word} is not understood`;
    } else if (verb === null) verb = word;
    else packages.push(word);
  }
  if (verb === null || /^(?:update|clean|autoclean|autoremove|remove|purge|check)$/u.test(verb)) return null;
  if (verb !== 'install') return `what ${verb} fetches is not known beforehand`;
  const odd =
    packages.find((each) => !PACKAGE.test(each)) ?? (release !== null && !RELEASE.test(release) ? release : null);
  if (odd !== null) return `${JSON.stringify(odd)} is no package`;
  return { packages, release, recommends };
}

/** The architectures besides the own one that packages are asked for. Pure. */
export function foreignArches(installations: readonly Installation[]): readonly string[] {
  const named = installations.flatMap(({ packages }) =>
    packages.flatMap((each) => /:([a-z0-9-]+)/u.exec(each)?.[1] ?? []),
  );
  return [...new Set(named)].filter((arch) => arch !== 'any' && arch !== 'native' && arch !== 'all').sort();
}

/** A file that apt would download. */
export interface Wanted {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads what `apt-get --print-uris install` prints: `'URL' NAME SIZE SHA256:…`. Pure.
 *
 * @returns null where a line names a file without its SHA-256
 */
export function readUris(printed: string): readonly Wanted[] | null {
  const lines = printed.split('\n').filter((line) => line.startsWith("'"));
  const read = lines.map((line) => /^'([^']+)' \S+ (\d+) SHA256:([0-9a-f]{64})$/u.exec(line.trim()));
  if (read.some((match) => match === null)) return null;
  return read.map((match) => ({ url: match?.[1] ?? '', bytes: Number(match?.[2]), sha256: match?.[3] ?? '' }));
}

/** Reads what `apt-cache show` prints: each package by its name, and by its name and architecture. Pure. */
export function knownPackages(printed: string): ReadonlySet<string> {
  return new Set(
    printed.split('\n\n').flatMap((stanza) => {
      const [, name] = /^Package: (\S+)$/mu.exec(stanza) ?? [];
      const [, arch] = /^Architecture: (\S+)$/mu.exec(stanza) ?? [];
      return name === undefined ? [] : [name, `${name}:${arch ?? ''}`];
    }),
  );
}

/** A Debian package that a step of the build installed, as apt said so. */
export interface AptPackage {
  readonly name: string;
  readonly arch: string;
  readonly version: string;
}

/** A package with its bytes and the server it came from, as far as the log says so. */
export interface InstalledPackage extends AptPackage {
  /** 64 hex digits; null: the setting that prints it was not there, or two files of that name had different bytes. */
  readonly sha256: string | null;
  /** The archive that served it, `https://HOST/debian`; null: it lay in apt's cache, or two served it. */
  readonly from: string | null;
  /** `bookworm`; null as `from`. */
  readonly suite: string | null;
}

/** `Unpacking NAME:ARCH (VERSION) ...`, `… (VERSION) over (OLD) ...`; dpkg names the architecture where a package may be there for several. */
const UNPACKING = /\bUnpacking ([a-z0-9][a-z0-9+.-]+)(?::([a-z0-9-]+))? \(([A-Za-z0-9.+:~-]+)\) /u;
/** `Get:1 URL SUITE/COMPONENT ARCH NAME ARCH VERSION [SIZE]` (apt, AcqTextStatus). */
const GET = /\bGet:\d+ (\S+) (\S+) \S+ ([a-z0-9][a-z0-9+.-]+) ([a-z0-9-]+) ([A-Za-z0-9.+:~-]+) \[/u;
/** What templates/apt-record.conf lets sha256sum print. In a name of apt's cache `:` and others stand as `%3a`; a pool's has no epoch. */
const DIGEST = /(?<![0-9a-f])([0-9a-f]{64}) [ *]\/\S*?([a-z0-9][a-z0-9+.-]+)_([A-Za-z0-9.+%~-]+)_([a-z0-9-]+)\.deb$/u;

/** Lines that may say something of a package; a log has many others. */
export const PACKAGE_LINE = /\b(?:Unpacking |Get:\d)|\.deb\s*$/u;

/**
 * Reads the packages that apt and dpkg installed out of the lines of a build's log, sorted by name. A step that came from the cache printed
 * nothing, so what it installed is not here. Pure.
 */
export function aptPackages(lines: Iterable<string>): readonly InstalledPackage[] {
  const found = new Map<string, AptPackage>();
  const fetched = new Map<string, string>();
  const origins = new Map<string, Said<{ readonly from: string; readonly suite: string }>>();
  const digests = new Map<string, Said<string>>();
  const add = (name: string, arch: string, version: string): void => {
    found.set(`${name} ${arch} ${version}`, { name, arch, version });
  };
  for (const line of lines) {
    const [, url, pocket, ...got] = GET.exec(line) ?? [];
    if (url !== undefined && pocket !== undefined) {
      const [name = '', arch = '', version = ''] = got;
      // What dpkg unpacks without an architecture was fetched a few lines above with it.
      fetched.set(`${name} ${version}`, arch);
      say(origins, `${name} ${arch} ${version}`, { from: url, suite: pocket.replace(/\/[^/]*$/u, '') });
      add(name, arch, version);
      continue;
    }
    const [, digest, file, escaped, its] = DIGEST.exec(line.trimEnd()) ?? [];
    if (digest !== undefined && file !== undefined && escaped !== undefined && its !== undefined) {
      const version = unescaped(escaped);
      if (!fetched.has(`${file} ${version}`)) fetched.set(`${file} ${version}`, its);
      say(digests, fileOf({ name: file, version, arch: its }), digest);
      continue;
    }
    const [, name, arch, version] = UNPACKING.exec(line) ?? [];
    if (name === undefined || version === undefined) continue;
    const known = fetched.get(`${name} ${version}`) ?? fetched.get(`${name} ${withoutEpoch(version)}`);
    add(name, arch ?? known ?? 'unknown', version);
  }
  return [...found.keys()].sort().flatMap((key) => {
    const each = found.get(key);
    if (each === undefined) return [];
    const { from = null, suite = null } = origins.get(key)?.one ?? {};
    return [{ ...each, sha256: digests.get(fileOf(each))?.one ?? null, from, suite }];
  });
}

/** Leaves out what the step that makes a base image of packages says of them: the record of the base has them, with their digests. Pure. */
export function besidesBase(
  packages: readonly InstalledPackage[],
  base: readonly Pick<AptPackage, 'name' | 'version'>[],
): readonly InstalledPackage[] {
  const known = new Set(base.map(({ name, version }) => `${name} ${version}`));
  return packages.filter(({ name, version, sha256 }) => sha256 !== null || !known.has(`${name} ${version}`));
}

/** What was said of a thing; `one` is null where two were said. */
interface Said<Value> {
  readonly one: Value | null;
}

function say<Value>(all: Map<string, Said<Value>>, key: string, value: Value): void {
  const before = all.get(key);
  const isSame = before === undefined || JSON.stringify(before.one) === JSON.stringify(value);
  all.set(key, { one: isSame ? value : null });
}

/** A file of an archive has no epoch in its name (Debian Policy 5.6.12). */
function fileOf({ name, version, arch }: AptPackage): string {
  return `${name}_${withoutEpoch(version)}_${arch}`;
}

function withoutEpoch(version: string): string {
  return version.replace(/^\d+:/u, '');
}

function unescaped(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A Debian package that a step of the build installed, as apt said so. */
export interface AptPackage {
  readonly name: string;
  readonly arch: string;
  readonly version: string;
}

/** `Unpacking NAME:ARCH (VERSION) ...`, `… (VERSION) over (OLD) ...`; dpkg names the architecture where a package may be there for several. */
const UNPACKING = /\bUnpacking ([a-z0-9][a-z0-9+.-]+)(?::([a-z0-9-]+))? \(([A-Za-z0-9.+:~-]+)\) /u;
/** `Get:1 URL SUITE/COMPONENT ARCH NAME ARCH VERSION [SIZE]` (apt, AcqTextStatus). */
const GET = /\bGet:\d+ \S+ \S+ \S+ ([a-z0-9][a-z0-9+.-]+) ([a-z0-9-]+) ([A-Za-z0-9.+:~-]+) \[/u;

/**
 * Reads the packages that apt and dpkg installed out of the lines of a build's log, sorted by name. A step that came from the cache printed
 * nothing, so what it installed is not here. Pure.
 */
export function aptPackages(lines: Iterable<string>): readonly AptPackage[] {
  const found = new Map<string, AptPackage>();
  const fetched = new Map<string, string>();
  const add = (name: string, arch: string, version: string): void => {
    found.set(`${name} ${arch} ${version}`, { name, arch, version });
  };
  for (const line of lines) {
    const [, name, arch, version] = GET.exec(line) ?? UNPACKING.exec(line) ?? [];
    if (name === undefined || version === undefined) continue;
    // What dpkg unpacks without an architecture was fetched a few lines above with it.
    if (line.includes('Get:') && arch !== undefined) fetched.set(`${name} ${version}`, arch);
    add(name, arch ?? fetched.get(`${name} ${version}`) ?? 'unknown', version);
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

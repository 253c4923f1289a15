import { crossToolsOf, debianArch } from '../../cpus.ts';
import type { Installation } from './apt-words.ts';

/** How xx-apt-get calls the packages of another architecture. */
export interface Crossing {
  /** Debian's name of it. */
  readonly arch: string;
  /** Of a package that makes programs for it: `aarch64-linux-gnu`. */
  readonly suffix: string;
}

/**
 * What xx-apt-get makes of packages on a machine of another architecture. Pure.
 *
 * @param arch GOARCH that is built for; `on`: that of the machine
 * @returns null: both are one, so it is apt-get; undefined: how Debian compiles for it there is not known
 */
export function crossingOf(arch: string, on: string): Crossing | null | undefined {
  if (arch === on) return null;
  const tools = crossToolsOf(arch, on);
  return tools === null ? undefined : { arch: debianArch(arch), suffix: tools.triple.replaceAll('_', '-') };
}

/** The packages of which it has to be known whether there are any. Pure. */
export function namesToTry({ packages }: Installation, { suffix, arch }: Crossing): readonly string[] {
  return packages.filter(isPlain).flatMap((each) => [`${each}-${suffix}`, `${each}:${arch}`]);
}

/**
 * The installation that xx-apt-get makes: of each package the one that makes programs for the other architecture, else the one of that architecture.
 * A package that is the same for all architectures apt takes in its place, if it may be used from any of them. Pure.
 *
 * Rule: tonistiigi/xx, base/xx-apt; deb-control(5), Multi-Arch.
 *
 * @param known which of `namesToTry` apt knows
 */
export function crossInstallation(wanted: Installation, crossing: Crossing, known: ReadonlySet<string>): Installation {
  const other = (name: string): string => {
    if (!isPlain(name)) return name;
    const tool = `${name}-${crossing.suffix}`;
    const own = `${name}:${crossing.arch}`;
    return [tool, own].find((each) => known.has(each)) ?? name;
  };
  return { ...wanted, packages: wanted.packages.map(other) };
}

/** Without an architecture, a version or a release. */
function isPlain(name: string): boolean {
  return !/[:=/]/u.test(name);
}

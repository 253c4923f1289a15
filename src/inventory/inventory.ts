import type { AptPackage } from './apt-packages.ts';
import type { GoBuildInfo, GoModule } from '../artifacts/elf/go-build-info.ts';
import type { Manifest } from '../artifacts/manifest.ts';
import type { BuildInputs } from './build-inputs.ts';
import { LIBRARIES } from './linked-libraries.ts';

/** What was read of a binary itself. */
export interface SeenBinary {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly static: boolean;
  readonly go: GoBuildInfo | null;
  /** Names of C libraries inside; null where it cannot be seen. */
  readonly libraries: readonly string[] | null;
}

/** A Go module, with who says so. */
export interface InventoryModule {
  readonly path: string;
  readonly version: string;
  /** `h1:…` */
  readonly sum: string | null;
  /** Binaries whose build information names it. */
  readonly binaries: readonly string[];
  /** `moby vendor/modules.txt` */
  readonly trees: readonly string[];
}

/** A C library in static binaries. */
export interface InventoryLibrary {
  readonly name: string;
  readonly binaries: readonly string[];
  /** Debian's package with its version, where a step of the build installed one. */
  readonly packages: readonly LinkedPackage[];
}

/** A Debian package; `sha256` null: neither the log of the build has it, nor a bundle that was named. */
export interface LinkedPackage extends AptPackage {
  readonly sha256: string | null;
}

/** The digest of a Debian package, where a record has it. */
export type DigestOf = (installed: AptPackage) => string | null;

/** A repository that was compiled. */
export interface InventorySource {
  readonly name: string;
  readonly uri: string | null;
  /** null: pinned by a name, and cloned by the build itself. */
  readonly commit: string | null;
  readonly version: string;
}

/** Everything that is known to be in a build. */
export interface Inventory {
  readonly manifest: Manifest;
  readonly binaries: readonly SeenBinary[];
  readonly sources: readonly InventorySource[];
  readonly modules: readonly InventoryModule[];
  readonly libraries: readonly InventoryLibrary[];
  /** Where a tree and a binary name another version of one module; and what could not be known. */
  readonly differences: readonly string[];
  readonly unknown: readonly string[];
}

/** The tree that a binary is compiled from, by its main package; longest first, for moby itself was docker/docker. */
const TREES: readonly (readonly [prefix: string, tree: string])[] = [
  ['github.com/docker/libnetwork', 'libnetwork'],
  ['github.com/docker/docker', 'moby'],
  ['github.com/moby/moby', 'moby'],
  ['github.com/containerd/containerd', 'containerd'],
  ['github.com/opencontainers/runc', 'runc'],
  ['github.com/rootless-containers/rootlesskit', 'rootlesskit'],
];

/**
 * Puts together what manifest, trees and binaries say; compares where two of them speak of one module. Pure.
 *
 * @param digestOf a bundle's; without one no digest of a Debian package is known
 */
export function makeInventory(
  manifest: Manifest,
  inputs: BuildInputs | null,
  binaries: readonly SeenBinary[],
  digestOf: DigestOf = () => null,
): Inventory {
  const modules = new Map<string, InventoryModule>();
  const add = (path: string, version: string, sum: string | null, of: Partial<InventoryModule>): void => {
    const before = modules.get(`${path} ${version}`);
    modules.set(`${path} ${version}`, {
      ...{ path, version, sum: before?.sum ?? sum },
      binaries: [...new Set([...(before?.binaries ?? []), ...(of.binaries ?? [])])].sort(),
      trees: [...new Set([...(before?.trees ?? []), ...(of.trees ?? [])])].sort(),
    });
  };
  for (const { name, go } of binaries)
    for (const module of go?.dependencies ?? []) {
      const { path, version, sum } = builtOf(module);
      if (version !== '') add(path, version, sum, { binaries: [name] });
    }
  for (const { name, list, modules: listed } of inputs?.trees ?? [])
    for (const { path, version, sum } of listed) add(path, version, sum, { trees: [`${name} ${list}`] });
  const libraries = librariesOf(
    binaries,
    [...(manifest.base?.packages ?? []).map(ofBase), ...(inputs?.packages ?? [])],
    digestOf,
  );
  return {
    manifest,
    binaries,
    sources: sourcesOf(manifest),
    modules: [...modules.keys()].sort().flatMap((key) => modules.get(key) ?? []),
    libraries,
    differences: differencesOf(binaries, inputs),
    unknown: unknownOf(binaries, inputs, libraries),
  };
}

function builtOf({ path, version, sum, replacedBy }: GoModule): {
  readonly path: string;
  readonly version: string;
  readonly sum: string | null;
} {
  return replacedBy === null || replacedBy.version === '' ? { path, version, sum } : replacedBy;
}

function sourcesOf({ ref, commit, clonedFrom, pin, sources, components }: Manifest): readonly InventorySource[] {
  const upstream = pin === 'table' ? 'https://github.com/moby/moby.git' : clonedFrom;
  const fetched = new Map(sources.map((source) => [source.component as string, source]));
  return [
    { name: 'moby', uri: upstream, commit, version: ref },
    ...components.map(({ component, pin: version }) => {
      const source = fetched.get(component);
      const pinned = /^[0-9a-f]{40}$/u.test(version) ? version : null;
      return { name: component, uri: source?.upstream ?? null, commit: source?.commit ?? pinned, version };
    }),
  ];
}

function librariesOf(
  binaries: readonly SeenBinary[],
  known: readonly LinkedPackage[],
  digestOf: DigestOf,
): readonly InventoryLibrary[] {
  return LIBRARIES.flatMap(({ name, packages }) => {
    const holders = binaries.filter((each) => each.static && each.libraries?.includes(name) === true);
    if (holders.length === 0) return [];
    const installed = known.filter((each) => packages.includes(each.name));
    const found = installed.map(({ name: of, arch, version, sha256 }) => {
      const each = { name: of, arch, version };
      return { ...each, sha256: sha256 ?? digestOf(each) };
    });
    return [{ name, binaries: holders.map((each) => each.name).sort(), packages: found }];
  });
}

/** A package that the base image was made of (`--base debian`). */
function ofBase(of: NonNullable<Manifest['base']>['packages'][number]): LinkedPackage {
  const { name, architecture: arch, version, sha256 } = of;
  return { name, arch, version, sha256 };
}

/** A tree's list may hold more than a binary uses; what counts is another version of the same module. */
function differencesOf(binaries: readonly SeenBinary[], inputs: BuildInputs | null): readonly string[] {
  return binaries.flatMap(({ name, go }) => {
    const tree = TREES.find(([prefix]) => go?.path === prefix || go?.path?.startsWith(`${prefix}/`) === true)?.[1];
    const list = inputs?.trees.find((each) => each.name === tree);
    if (go === null || list === undefined) return [];
    const listed = new Map(list.modules.map(({ path, version }) => [path, version]));
    return go.dependencies.map(builtOf).flatMap(({ path, version }) => {
      const said = listed.get(path);
      if (version === '' || said === version) return [];
      return [`${path}: ${name} has ${version}, ${list.name} ${list.list} ${said ?? 'does not name it'}`];
    });
  });
}

function unknownOf(
  binaries: readonly SeenBinary[],
  inputs: BuildInputs | null,
  libraries: readonly InventoryLibrary[],
): readonly string[] {
  const bare = libraries.flatMap(({ packages }) => packages.filter(({ sha256 }) => sha256 === null));
  const closed = binaries.filter((each) => each.static && each.libraries === null && each.go === null);
  const cached = inputs?.cachedSteps ?? 0;
  const clipped = inputs?.clippedSteps ?? 0;
  return [
    ...(inputs === null ? ['the modules that the trees name: the build kept no build-inputs.json'] : []),
    ...(cached === 0 ? [] : [`the Debian packages of ${String(cached)} steps that came from the cache`]),
    ...(clipped === 0 ? [] : [`some Debian packages of ${String(clipped)} steps that said more than BuildKit prints`]),
    ...(bare.length === 0 ? [] : [`the digests of ${bare.map(({ name }) => name).join(', ')}: the log has none`]),
    ...closed.map(({ name }) => `what is linked into ${name}, which has no table of names`),
  ];
}

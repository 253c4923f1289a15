/** A module, or its go.mod alone, in the folder into which the go command downloads. */
export interface CachedModule {
  readonly path: string;
  readonly version: string;
  /** Files below that folder that a module proxy serves, sorted: `.info`, `.mod`, `.zip`. */
  readonly files: readonly string[];
  /** false: a module of the graph of which only the go.mod is read. */
  readonly hasZip: boolean;
}

/** What the folder holds, as a module proxy would serve it. */
export interface DownloadCache {
  readonly modules: readonly CachedModule[];
  /** By the name of a checksum database: the records and tiles that go asked for (https://go.dev/design/25530-sumdb). */
  readonly databases: ReadonlyMap<string, readonly string[]>;
}

const OF_MODULE = /^(.+)\/@v\/([^/]+)\.(info|mod|zip)$/u;
const OF_DATABASE = /^sumdb\/([^/]+)\/(?:lookup|tile)\/.+$/u;

/**
 * Sorts the files of the folder (GOMODCACHE/cache/download; `go help goproxy`: it has the layout of a proxy). Locks, and lists of versions, which
 * are others tomorrow (`listsOf` makes them of what is there), are left out. Pure.
 *
 * @param files paths below the folder
 */
export function readDownloadCache(files: readonly string[]): DownloadCache {
  const modules = new Map<string, string[]>();
  const databases = new Map<string, string[]>();
  for (const file of [...files].sort()) {
    const [, path, version] = OF_MODULE.exec(file) ?? [];
    const [, database] = OF_DATABASE.exec(file) ?? [];
    if (database !== undefined) databases.set(database, [...(databases.get(database) ?? []), file]);
    else if (path !== undefined && version !== undefined && !file.startsWith('sumdb/')) {
      const key = `${path}@${version}`;
      modules.set(key, [...(modules.get(key) ?? []), file]);
    }
  }
  return {
    modules: [...modules].flatMap(([key, own]): CachedModule[] => {
      const at = key.lastIndexOf('@');
      // An .info alone is the answer to a question for a version, and no module.
      if (!own.some((file) => file.endsWith('.mod'))) return [];
      const [path, version] = [plainModule(key.slice(0, at)), plainModule(key.slice(at + 1))];
      return [{ path, version, files: own, hasZip: own.some((file) => file.endsWith('.zip')) }];
    }),
    databases,
  };
}

/** A version that stands for a commit (https://go.dev/ref/mod#pseudo-versions); a proxy lists none of them. */
const PSEUDO_VERSION = /^v\d+\.(?:0\.0-|\d+\.\d+-(?:[^+]*\.)?0\.)\d{14}-[0-9a-f]{12}(?:\+incompatible)?$/u;

/**
 * The list of versions that a proxy of these modules has for each path. `go install PATH@VERSION` reads it to see whether the newest version says that
 * the module is deprecated, and fails where it is not there (cmd/go, modload.CheckDeprecation). Pure.
 *
 * @returns by the module that each belongs to, one of its path: the place below the folder, and the text
 */
export function listsOf(
  modules: readonly CachedModule[],
): ReadonlyMap<CachedModule, { readonly file: string; readonly text: string }> {
  const last = new Map(modules.map((module) => [module.path, module]));
  return new Map(
    [...last.values()].map((module) => {
      const versions = modules
        // What go chooses from the list it asks for by its .info.
        .filter(({ path, files }) => path === module.path && files.some((file) => file.endsWith('.info')))
        .map(({ version }) => version)
        .filter((version) => !PSEUDO_VERSION.test(version));
      const file = (module.files[0] ?? '').replace(/[^/]*$/u, 'list');
      return [module, { file, text: versions.map((version) => `${version}\n`).join('') }];
    }),
  );
}

/** The file in which the record of a module lies. Pure. */
export function recordOf(database: string, escapedPath: string, escapedVersion: string): string {
  return `sumdb/${database}/lookup/${escapedPath}@${escapedVersion}`;
}

/**
 * The sums that a record names, by what they are of: `v1.0.0` for the zip, `v1.0.0/go.mod` (https://go.dev/design/25530-sumdb, "Checksum Database").
 * Pure.
 */
export function sumsOfRecord(record: string): ReadonlyMap<string, string> {
  return new Map([...record.matchAll(/^\S+ (v\S+) (h1:\S+)$/gmu)].map(([, of = '', sum = '']) => [of, sum]));
}

/**
 * What `go install` is asked for: where the path ends with a variable of a loop (`…/cmd/${f}@v1`), all packages below, which may be more than the
 * step takes, and is nothing less. Pure.
 */
export function wholeTool(tool: string): string {
  return tool.replace(/\/[^/]*\$.*(?=@)/u, '/...');
}

/** `!a` is `A` (https://go.dev/ref/mod#goproxy-protocol). */
export function plainModule(escaped: string): string {
  return escaped.replaceAll(/!([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}

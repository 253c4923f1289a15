/** A module as a list of a tree names it. */
export interface ListedModule {
  readonly path: string;
  /** `v1.2.3`, a pseudo-version, or in vendor.conf a commit or tag. */
  readonly version: string;
  /** `h1:…` of go.sum or vendor.sum; null where none is written. */
  readonly sum: string | null;
}

/** The files that name the modules of a tree, the most exact first; and the one with their sums. */
export const MODULE_LISTS = [
  { file: 'vendor/modules.txt', sums: ['vendor.sum', 'go.sum'], read: readModulesTxt },
  { file: 'vendor.conf', sums: [], read: readVendorConf },
  { file: 'vendor.mod', sums: ['vendor.sum'], read: readGoMod },
  { file: 'go.mod', sums: ['go.sum'], read: readGoMod },
] as const;

/** All files that may be read of a tree, each once. */
export const MODULE_FILES: readonly string[] = [...new Set(MODULE_LISTS.flatMap(({ file, sums }) => [file, ...sums]))];

/** What a tree says of its modules. */
export interface ModuleList {
  /** `vendor/modules.txt` */
  readonly file: string;
  readonly modules: readonly ListedModule[];
}

/**
 * The modules of a tree, from the most exact list that it has; null where it has none. Pure.
 *
 * @param textOf null for a file that the tree does not have
 */
export function readModules(textOf: (file: string) => string | null): ModuleList | null {
  for (const { file, sums, read } of MODULE_LISTS) {
    const text = textOf(file);
    if (text === null) continue;
    const known = new Map(sums.flatMap((name) => [...readSums(textOf(name) ?? '')]));
    const modules = read(text).map(({ path, version }) => ({
      ...{ path, version, sum: known.get(`${path} ${version}`) ?? null },
    }));
    return { file, modules: sorted(modules) };
  }
  return null;
}

type Named = Omit<ListedModule, 'sum'>;

/** `PATH REVISION [REPOSITORY]`, with comments (LK4D4/vndr, README). */
function readVendorConf(text: string): readonly Named[] {
  return text.split('\n').flatMap((line) => {
    const [path = '', version = ''] = line.replace(/#.*$/u, '').trim().split(/\s+/u);
    return path === '' || version === '' ? [] : [{ path, version }];
  });
}

/** `# PATH VERSION`, `# PATH VERSION => PATH VERSION`; a replacement by a folder has no version (Go, cmd/go/internal/modcmd/vendor.go). */
function readModulesTxt(text: string): readonly Named[] {
  return text.split('\n').flatMap((line) => {
    const [, left = '', right] = /^# (\S.*?)(?: => (.+))?$/u.exec(line) ?? [];
    const [path = '', version] = left.split(' ');
    // What follows the list of modules are replacements of modules that are not vendored: no version stands on their left.
    if (path === '' || (version === undefined && right !== undefined)) return [];
    return replaced({ path, version: version ?? '' }, right);
  });
}

/** `require` and `replace`, alone and in blocks (go.dev/ref/mod, "go.mod files"). */
function readGoMod(text: string): readonly Named[] {
  const required: Named[] = [];
  const replacements = new Map<string, string>();
  let block = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\/\/.*$/u, '').trim();
    if (line === ')') block = '';
    const opens = /^(require|replace|exclude|retract|tool|ignore)\s*\($/u.exec(line)?.[1];
    if (opens !== undefined) block = opens;
    if (line === '' || line === ')' || opens !== undefined) continue;
    const [, alone, rest = line] = block === '' ? (/^(require|replace)\s+(.*)$/u.exec(line) ?? []) : [];
    const kind = alone ?? block;
    const words = rest.replaceAll(/["`]/gu, '').split(/\s+/u);
    if (kind === 'require') required.push({ path: words[0] ?? '', version: words[1] ?? '' });
    const arrow = words.indexOf('=>');
    if (kind === 'replace' && arrow > 0)
      replacements.set(words.slice(0, arrow).join(' '), words.slice(arrow + 1).join(' '));
  }
  return required.flatMap((module) =>
    replaced(module, replacements.get(`${module.path} ${module.version}`) ?? replacements.get(module.path)),
  );
}

/** What is built is the replacement; a folder of the tree itself is no module of another one. */
function replaced(module: Named, by: string | undefined): readonly Named[] {
  if (by === undefined) return [module];
  const [path = '', version] = by.split(/\s+/u);
  return version === undefined ? [] : [{ path, version }];
}

/** `PATH VERSION h1:…`; the lines of go.mod files are left out. Keyed by `PATH VERSION`. */
function readSums(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [path = '', version = '', sum = ''] = line.trim().split(/\s+/u);
    if (sum.startsWith('h1:') && !version.endsWith('/go.mod')) sums.set(`${path} ${version}`, sum);
  }
  return sums;
}

function sorted(modules: readonly ListedModule[]): readonly ListedModule[] {
  const key = ({ path, version }: Named): string => `${path} ${version}`;
  return [...new Map(modules.map((module) => [key(module), module])).values()].sort((one, other) =>
    key(one) < key(other) ? -1 : 1,
  );
}

import type { Scope, Variable } from '../../dockerfile/scope.ts';
import type { Instruction } from '../../dockerfile/text/dockerfile.ts';
import type { ScriptSource } from '../../shell/syntax.ts';
import type { Tree } from '../../types.ts';
import { AptSources } from './apt-sources.ts';
import type { GitRedirect } from './git-redirects.ts';
import type { GoVersion } from './go-mode.ts';
import { isInside, relativePath } from '../values/paths.ts';
import type { KeptPoint } from './points.ts';

/** A path of the container that holds something of the tree: a file, or a folder and all below it. */
interface Mapping {
  readonly target: string;
  readonly treePath: string;
  /** It was put there on one of several ways, so what was there before may still be. */
  readonly maybe: boolean;
}

/** A git work tree in the container. */
export interface Checkout {
  /** The URL of its first remote. */
  readonly url: string;
  /** The stage whose commands fetched it. */
  readonly stage: string;
  /** Remote names → the points that they are; null: a repository of the machine itself. */
  readonly remotes: Map<string, KeptPoint | null>;
  /** The ref that is checked out, as far as it is known. */
  version: string | null;
}

/** A text that a build step writes; where it is not `sure`, a part of it is not known. */
export interface WrittenText {
  readonly source: ScriptSource;
  readonly sure: boolean;
  /** Something else may stand there. */
  readonly maybe?: boolean;
}

interface Mark extends Pick<StageWorld, 'redirects'> {
  readonly downloads: string;
  readonly texts: ReadonlyMap<string, readonly WrittenText[]>;
  readonly git: string;
}

export type Found =
  | { readonly kind: 'text'; readonly texts: readonly WrittenText[] }
  | { readonly kind: 'file'; readonly path: string }
  /** It would be a file of the tree, but the tree has none there. */
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'checkout'; readonly checkout: Checkout; readonly folder: string }
  | { readonly kind: 'outside' };

/** What a stage holds at one moment of its build, as far as it matters here. */
export class StageWorld {
  readonly #tree: Tree;
  #texts: ReadonlyMap<string, readonly WrittenText[]> = new Map();
  mappings: readonly Mapping[] = [];
  checkouts: ReadonlyMap<string, Checkout> = new Map();
  /** Paths that hold what was downloaded: what it does when it is run is not known. */
  downloads: ReadonlySet<string> = new Set();
  #apt = new AptSources();
  #isAptSeen = false;
  workdir = '/';
  scope: Scope;
  /** The suite of the image below, where the tree tells. */
  suite: string | null = null;
  /** The image below, where its apt is that of another distribution than Debian. */
  otherApt: string | null = null;
  /** The Go of the image below, where its tag tells. */
  go: GoVersion | null = null;
  shell: readonly string[] = ['/bin/sh', '-c'];
  /** Branches around the command that is being followed: what it leaves there does not take the place of what was there. */
  branches = 0;
  /** What git was told to take from elsewhere (`git config --system url.….insteadOf …`). */
  redirects: readonly GitRedirect[] = [];

  /** Names that ARG declares and nothing gives a value. */
  openArgs: ReadonlySet<string> = new Set();
  /** What ONBUILD keeps for the stages that are built on this one. */
  triggers: readonly Instruction[] = [];

  constructor(tree: Tree, scope: Scope) {
    this.#tree = tree;
    this.scope = scope;
  }

  /** The world of a stage that is built on this one. */
  child(scope: Scope): StageWorld {
    const child = new StageWorld(this.#tree, scope);
    child.mappings = this.mappings;
    child.checkouts = this.checkouts;
    child.#texts = this.#texts;
    child.downloads = this.downloads;
    child.#apt = this.#apt.copy();
    child.workdir = this.workdir;
    child.suite = this.suite;
    child.otherApt = this.otherApt;
    child.go = this.go;
    child.shell = this.shell;
    child.redirects = this.redirects;
    child.triggers = this.triggers;
    return child;
  }

  get apt(): AptSources {
    this.#isAptSeen = true;
    return this.#apt;
  }

  /** All that a RUN can see here but for values of variables, the tree and apt, as one text. */
  print(): string {
    const { args, env } = this.scope;
    const texts = [...this.#texts].map(([path, all]) => [
      path,
      all.map(({ source, sure, maybe }) => [sure, maybe === true, source.text]),
    ]);
    return JSON.stringify([
      ...[[...args].map(given), [...env].map(given), [...this.openArgs], this.shell, this.workdir],
      ...[this.mappings, this.#checkoutsPrint(), texts, [...this.downloads]],
      ...[this.suite, this.otherApt, this.go, this.redirects],
    ]);
  }

  /** How it is before a RUN, for `writtenSince`. */
  mark(): Mark {
    this.#isAptSeen = false;
    const { redirects, downloads } = this;
    return { redirects, downloads: [...downloads].join('\0'), texts: this.#texts, git: this.#checkoutsPrint() };
  }

  /**
   * The paths where other texts stand than before, with all of their texts; null: more than that has changed, or apt was looked at. What was
   * put at paths meanwhile goes with the mounts.
   */
  writtenSince(before: Mark): ReadonlyMap<string, readonly WrittenText[]> | null {
    const { redirects, downloads, texts, git } = before;
    if (this.#isAptSeen || this.redirects !== redirects) return null;
    if ([...this.downloads].join('\0') !== downloads || this.#checkoutsPrint() !== git) return null;
    return new Map([...this.#texts].filter(([path, all]) => texts.get(path) !== all));
  }

  /** Does again what `writtenSince` tells. */
  rewrite(written: ReadonlyMap<string, readonly WrittenText[]>): void {
    if (written.size > 0) this.#texts = new Map([...this.#texts, ...written]);
  }

  #checkoutsPrint(): string {
    const all = [...this.checkouts].map(([folder, { url, version, remotes }]) => [
      folder,
      url,
      version,
      [...remotes.keys()],
    ]);
    return JSON.stringify(all);
  }

  /** Puts a file or folder of the tree at a path. */
  put(target: string, treePath: string): void {
    this.mappings = [...this.mappings, { target, treePath, maybe: this.branches > 0 }];
  }

  /** Puts a text that a command or a here-document of COPY gives at a path. */
  write(path: string, texts: readonly WrittenText[], append = false): void {
    const before = append || this.branches > 0 ? (this.#texts.get(path) ?? []) : [];
    const added = texts.filter(
      (text) => !before.some((one) => one.sure === text.sure && one.source.text === text.source.text),
    );
    const marked = this.branches > 0 ? added.map((text) => ({ ...text, maybe: true })) : added;
    if (this.branches === 0 && !append) this.downloads = new Set([...this.downloads].filter((one) => one !== path));
    this.#texts = new Map([...this.#texts, [path, [...before, ...marked]]]);
  }

  checkOut(folder: string, checkout: Checkout): void {
    this.checkouts = new Map([...this.checkouts, [folder, checkout]]);
  }

  /** Makes `source` of another stage visible at `target`: COPY --from and --mount=from. */
  bring(other: StageWorld, source: string, target: string): void {
    const move = (path: string): string => {
      const rest = relativePath(path, source);
      return rest === '' ? target : `${target === '/' ? '' : target}/${rest}`;
    };
    const added: Mapping[] = other.mappings.flatMap((mapping) => {
      if (isInside(mapping.target, source)) return [{ ...mapping, target: move(mapping.target) }];
      if (!isInside(source, mapping.target)) return [];
      return [
        {
          target,
          treePath: [mapping.treePath, relativePath(source, mapping.target)].filter((part) => part !== '').join('/'),
          maybe: mapping.maybe,
        },
      ];
    });
    this.mappings = [...this.mappings, ...added];
    const checkouts = [...other.checkouts].flatMap(([folder, checkout]): [string, Checkout][] => {
      if (isInside(folder, source)) return [[move(folder), checkout]];
      return isInside(source, folder) ? [[target, checkout]] : [];
    });
    this.checkouts = new Map([...this.checkouts, ...checkouts]);
    for (const [path, texts] of other.#texts) if (isInside(path, source)) this.write(move(path), texts);
  }

  /** What stands at an absolute path: the deepest and latest of what was put there. */
  find(path: string): Found {
    return this.findAll(path)[0] ?? { kind: 'outside' };
  }

  /** All that may stand at a path: more than one where branches of the build put different things there. */
  findAll(path: string): Found[] {
    const all: Found[] = [];
    const texts = this.#texts.get(path) ?? [];
    if (texts.length > 0) {
      all.push({ kind: 'text', texts });
      if (!texts.some((text) => text.maybe === true) && !this.downloads.has(path)) return all;
    }
    const checkout = this.checkoutAt(path);
    for (const mapping of [...this.mappings].reverse()) {
      if (!isInside(path, mapping.target)) continue;
      if (checkout !== null && checkout.folder.length > mapping.target.length) break;
      const treePath = [mapping.treePath, relativePath(path, mapping.target)].filter((part) => part !== '').join('/');
      // A folder of the tree hides what was at its target before, but `COPY . /x` over something merges.
      const isFile = this.#tree.has(treePath);
      if (!isFile && mapping.target === '/') continue;
      all.push(isFile ? { kind: 'file', path: treePath } : { kind: 'missing', path: treePath });
      if (!mapping.maybe) return all;
    }
    if (checkout !== null) all.push({ kind: 'checkout', ...checkout });
    else if (all.length === 0 || this.downloads.has(path)) all.push({ kind: 'outside' });
    return all;
  }

  /** Whether a file of this name may stand in the stage: of the tree, or written by the build. */
  mayHold(name: string): boolean {
    const paths = [...this.#texts.keys(), ...(this.mappings.length === 0 ? [] : this.#tree.keys())];
    return paths.some((path) => path === name || path.endsWith(`/${name}`));
  }

  /** The text of a path that a file of the tree stands at, or null. */
  read(path: string): string | null {
    const found = this.find(path);
    return found.kind === 'file' ? (this.#tree.get(found.path)?.text ?? null) : null;
  }

  /** Whether the path lies in the tree itself (a bind mount or a copy of the build context). */
  isTree(path: string): boolean {
    const checkout = this.checkoutAt(path);
    return this.mappings.some(
      (mapping) =>
        isInside(path, mapping.target) &&
        (checkout === null || checkout.folder.length <= mapping.target.length) &&
        !this.#tree.has(mapping.treePath),
    );
  }

  checkoutAt(path: string): { checkout: Checkout; folder: string } | null {
    let best: { checkout: Checkout; folder: string } | null = null;
    for (const [folder, checkout] of this.checkouts) {
      if (isInside(path, folder) && (best === null || folder.length >= best.folder.length)) best = { checkout, folder };
    }
    return best;
  }

  /** Whether the tree holds files below a path; '' is the whole tree. */
  isTreeFolder(treePath: string): boolean {
    if (treePath === '') return true;
    for (const path of this.#tree.keys()) if (path.startsWith(`${treePath}/`)) return true;
    return false;
  }

  get tree(): Tree {
    return this.#tree;
  }
}

/** A variable without its value. */
function given([name, { source }]: readonly [string, Variable]): readonly [string, boolean] {
  return [name, source !== null];
}

import type { Tree, TreeFile } from '../../types.ts';

/** What was read of a tree. */
export interface Readings {
  /** By path; null: asked for, and not there. */
  readonly files: ReadonlyMap<string, TreeFile | null>;
  /** All paths, as one text; null: nobody asked for them. */
  readonly names: string | null;
}

/** A tree that tells what was read of it. */
export class WatchedTree implements Tree {
  readonly #tree: Tree;
  #files = new Map<string, TreeFile | null>();
  #askedNames = false;
  #names: string | null = null;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Runs it, and says what it read. Not to be nested. */
  watch(run: () => void): Readings {
    this.#files = new Map();
    this.#askedNames = false;
    run();
    return this.#readings();
  }

  #readings(): Readings {
    return { files: this.#files, names: this.#askedNames ? this.#allNames() : null };
  }

  /** Whether all that was read, of whatever tree, is the same in this one. */
  agrees({ files, names }: Readings): boolean {
    if (names !== null && names !== this.#allNames()) return false;
    for (const [path, file] of files) {
      const here = this.#tree.get(path) ?? null;
      if (here !== file && (here?.text !== file?.text || here?.mode !== file?.mode)) return false;
    }
    return true;
  }

  get size(): number {
    this.#askedNames = true;
    return this.#tree.size;
  }

  get(path: string): TreeFile | undefined {
    const file = this.#tree.get(path);
    this.#files.set(path, file ?? null);
    return file;
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  keys(): MapIterator<string> {
    this.#askedNames = true;
    return this.#tree.keys();
  }

  entries(): MapIterator<[string, TreeFile]> {
    return this.#whole().entries();
  }

  values(): MapIterator<TreeFile> {
    return this.#whole().values();
  }

  [Symbol.iterator](): MapIterator<[string, TreeFile]> {
    return this.entries();
  }

  forEach(each: (file: TreeFile, path: string, tree: Tree) => void): void {
    for (const [path, file] of this.entries()) each(file, path, this);
  }

  #whole(): Tree {
    this.#askedNames = true;
    for (const [path, file] of this.#tree) this.#files.set(path, file);
    return this.#tree;
  }

  #allNames(): string {
    this.#names ??= [...this.#tree.keys()].join('\0');
    return this.#names;
  }
}

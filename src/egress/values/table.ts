interface Entries<V> {
  readonly map: Map<string, V>;
  /** Another table reads them too: whoever changes them makes his own first. */
  isShared: boolean;
}

/** What names stand for. A copy costs nothing until one of the two changes, and two that never changed are known to be the same. */
export class Table<V> {
  #entries: Entries<V>;

  constructor(from: Iterable<readonly [string, V]> = []) {
    this.#entries = { map: new Map(from), isShared: false };
  }

  copy(): Table<V> {
    const copy = new Table<V>();
    this.#entries.isShared = true;
    copy.#entries = this.#entries;
    return copy;
  }

  /** Whether both are certainly the same, which costs no comparison. */
  isCopyOf(other: Table<V>): boolean {
    return this.#entries === other.#entries;
  }

  /** Whether both have the same names, which stand for the same by `same`. */
  equals(other: Table<V>, same: (one: V, other: V) => boolean): boolean {
    if (this.isCopyOf(other)) return true;
    const [{ map }, { map: others }] = [this.#entries, other.#entries];
    if (map.size !== others.size) return false;
    for (const [name, value] of map) {
      const against = others.get(name);
      if (against === undefined || (against !== value && !same(value, against))) return false;
    }
    return true;
  }

  has(name: string): boolean {
    return this.#entries.map.has(name);
  }

  get(name: string): V | undefined {
    return this.#entries.map.get(name);
  }

  names(): IterableIterator<string> {
    return this.#entries.map.keys();
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.#entries.map[Symbol.iterator]();
  }

  set(name: string, value: V): void {
    if (this.#entries.map.get(name) !== value) this.#own().set(name, value);
  }

  delete(name: string): void {
    if (this.#entries.map.has(name)) this.#own().delete(name);
  }

  #own(): Map<string, V> {
    if (this.#entries.isShared) this.#entries = { map: new Map(this.#entries.map), isShared: false };
    return this.#entries.map;
  }
}

/** All names of several tables. */
export function namesOf(tables: readonly Table<unknown>[]): Set<string> {
  const names = new Set<string>();
  for (const table of tables) for (const name of table.names()) names.add(name);
  return names;
}

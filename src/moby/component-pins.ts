import table from './component-pins.json' with { type: 'json' };

const PINS: Readonly<Record<string, Readonly<Record<string, string>>>> = table;

/**
 * The commit that a tag of a component peels to in its own repository, or null where the table has none. The table is made from clones of
 * these repositories by scripts/component-pins.mjs.
 *
 * @param repository `opencontainers/runc`, lower case
 */
export function componentCommit(repository: string, tag: string): string | null {
  const tags = PINS[repository];
  return tags !== undefined && Object.hasOwn(tags, tag) ? (tags[tag] ?? null) : null;
}

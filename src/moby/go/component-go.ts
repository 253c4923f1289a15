import table from './component-go.json' with { type: 'json' };
import pins from '../component-pins.json' with { type: 'json' };

const GO: Readonly<Record<string, Readonly<Record<string, string>>>> = table;
const PINS: Readonly<Record<string, Readonly<Record<string, string>>>> = pins;

/**
 * The Go that a version of a component asks for in its go.mod, or null where nothing is known of that version, or it asks for none that Go insists on
 * (before 1.21). The table is made from clones by scripts/upstream.mjs.
 *
 * @param repository `opencontainers/runc`, lower case
 * @param version a tag, or a commit that the table of tags knows
 */
export function goOfComponent(repository: string, version: string): string | null {
  const tags = PINS[repository] ?? {};
  const tag = Object.hasOwn(tags, version) ? version : Object.keys(tags).find((each) => tags[each] === version);
  const known = GO[repository] ?? {};
  return tag !== undefined && Object.hasOwn(known, tag) ? (known[tag] ?? null) : null;
}

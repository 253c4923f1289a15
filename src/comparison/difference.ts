/** What two outputs can differ in, in the order of a report: the inputs of the builds first, then what came out. */
export const AREAS = [
  'option',
  'source',
  'patch',
  'component',
  'image',
  'build-argument',
  'environment',
  'engine',
  'tool',
  'go-version',
  'go-module',
  'go-setting',
  'linkage',
  'build-id',
  'section',
] as const;
export type Area = (typeof AREAS)[number];

/** One thing that is not the same on both sides. */
export interface Difference {
  readonly area: Area;
  /** Of what: an option, a component, a module, a section. */
  readonly name: string;
  /** null: there is none on this side. */
  readonly a: string | null;
  readonly b: string | null;
}

/** The names whose values differ, in the order of the alphabet. Pure. */
export function recordDifferences(
  area: Area,
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): readonly Difference[] {
  const own = (from: Readonly<Record<string, string>>, name: string): string | null =>
    Object.hasOwn(from, name) ? (from[name] ?? null) : null;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .sort()
    .map((name) => ({ area, name, a: own(a, name), b: own(b, name) }))
    .filter((each) => each.a !== each.b);
}

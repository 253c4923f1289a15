import semver from 'semver';
import { SERIES } from './series-table.ts';

export interface ExpectedFor {
  /** `20.10` */
  readonly series: string;
  /** `binary`, `dynbinary`, `all` */
  readonly target: string;
  /** GOARCH */
  readonly arch: string;
  /** `20.10.12`, with or without `v`; what cannot be read counts as the newest of the series. */
  readonly version: string;
  /** Left out on request: `vpnkit`. */
  readonly without?: readonly string[] | undefined;
}

/** What an unreadable version of a series counts as. */
const NEWEST = '999.0.0';

/** The names that a build must leave, or null for a series or target that is not in the table. */
export function expectedNames(of: ExpectedFor): readonly string[] | null {
  const made = SERIES.find(({ name }) => name === of.series)?.makes[of.target];
  if (made === undefined) return null;
  const without = new Set(of.without ?? []);
  const version = semver.coerce(of.version, { loose: true })?.version ?? NEWEST;
  const some = (made.some ?? [])
    .filter(({ range, arches }) => semver.satisfies(version, range) && (arches?.includes(of.arch) ?? true))
    .map(({ name }) => name);
  return [...made.names, ...some].filter((name) => !without.has(name));
}

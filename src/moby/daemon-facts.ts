import semver from 'semver';
import { SERIES, type DaemonFacts } from './series-table.ts';

/**
 * The facts of a daemon: by the series that the caller knows (`20.10`, `26.1`, or a whole version), else by the API version it speaks.
 * Newer than the table: those of its last row; older: of its first.
 */
export function daemonFacts(known: string | undefined, apiVersion: string): DaemonFacts {
  const version = known === undefined ? null : semver.coerce(known, { loose: true });
  const row =
    version === null
      ? undefined
      : (SERIES.find(({ range }) => semver.satisfies(version, range)) ??
        SERIES.find(({ range }) => semver.minVersion(range)?.major === version.major));
  if (row !== undefined) return row.daemon;
  const [first, last] = [SERIES[0], SERIES.at(-1)];
  if (first === undefined || last === undefined) throw new Error('the table of series is empty');
  if (version !== null && semver.gtr(version, last.range)) return last.daemon;
  const minor = Number(apiVersion.split('.')[1] ?? 0);
  return (SERIES.findLast(({ daemon }) => Number(daemon.api.split('.')[1]) <= minor) ?? first).daemon;
}

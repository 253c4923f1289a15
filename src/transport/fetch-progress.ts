export interface FetchProgress {
  /** What is going on: `remote` (the server prepares), `receiving`, `resolving`, `files` (the work tree is written). */
  readonly phase: 'remote' | 'receiving' | 'resolving' | 'files';
  /** 0–100, or null where git does not say. */
  readonly percent: number | null;
  /** Bytes received so far in this transfer; null where git does not say. */
  readonly receivedBytes: number | null;
}

const PHASES: readonly (readonly [RegExp, FetchProgress['phase']])[] = [
  [/^remote: /, 'remote'],
  [/^Receiving objects:/, 'receiving'],
  [/^Unpacking objects:/, 'receiving'],
  [/^Resolving deltas:/, 'resolving'],
  [/^(?:Updating|Checking out) files:/, 'files'],
];

const UNITS: Readonly<Record<string, number>> = { bytes: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/**
 * Reads one line of git's `--progress` (git's progress.c: `Receiving objects:  42% (3141/7478), 5.20 MiB | 1.20 MiB/s`).
 * null for any other line.
 */
export function readProgress(line: string): FetchProgress | null {
  const phase = PHASES.find(([pattern]) => pattern.test(line))?.[1];
  if (phase === undefined) return null;
  const percent = /\s(\d{1,3})% \(/.exec(line)?.[1];
  const [, amount, unit] = /, ([\d.]+) (bytes|KiB|MiB|GiB)/.exec(line) ?? [];
  return {
    phase,
    percent: percent === undefined ? null : Number(percent),
    receivedBytes: amount === undefined || unit === undefined ? null : Math.round(Number(amount) * (UNITS[unit] ?? 0)),
  };
}

import { BundleFault, pathProblem } from './header.ts';
import { SUMS_PATH } from './contents.ts';

/** Path → 64 hex digits. */
export type Sums = ReadonlyMap<string, string>;

/** The text of `SHA256SUMS`, sorted by path, as sha256sum(1) reads it. Pure. */
export function sumsText(sums: Sums): string {
  return [...sums]
    .sort(([one], [other]) => comparePaths(one, other))
    .map(([path, sum]) => `${sum}  ${path}\n`)
    .join('');
}

/**
 * Reads `SHA256SUMS`. Pure.
 *
 * @throws BundleFault for a line of another form, an unsafe path or one that comes twice
 */
export function parseSums(text: string): Sums {
  const sums = new Map<string, string>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new BundleFault(`${SUMS_PATH} does not end with a line break`);
  for (const [index, line] of lines.entries()) {
    const [, sum = '', path = ''] = /^([0-9a-f]{64}) {2}(.+)$/u.exec(line) ?? [];
    const problem = path === '' ? 'is no checksum with a path' : pathProblem(path);
    if (problem !== null || sums.has(path))
      throw new BundleFault(`line ${String(index + 1)} of ${SUMS_PATH} ${problem ?? 'names a path again'}`);
    sums.set(path, sum);
  }
  return sums;
}

/** The order of files in a bundle: by their bytes. */
export function comparePaths(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

import type { ScriptSource } from './syntax.ts';

/** A whole file as the source of a script. */
export function fileSource(file: string, text: string): ScriptSource {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { file, text, range: (start, end) => ({ start, end }), lineAt: (offset) => lineOf(starts, offset) };
}

/** The number of lines that start at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

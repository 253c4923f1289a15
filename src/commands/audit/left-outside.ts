import type { MetPoint } from '../../types.ts';
import { shortPlace } from './audit-rows.ts';
import { cutMiddle } from '../../ui/fit-table.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { visible } from '../../ui/visible.ts';

/** The places outside the closure that nobody meets, each with its reason, in lines of at most `columns`; empty where there are none. */
export function leftOutside(points: readonly MetPoint[], columns: number): readonly string[] {
  const left = points.filter(({ inClosure, via }) => !inClosure && via === 'none');
  if (left.length === 0) return [];
  const lines = left.flatMap((point) => [
    `  ${shortPlace(point)} ${point.kind}`,
    ...folded(visible(point.reason), columns - 4).map((line) => `    ${line}`),
  ]);
  return [[MESSAGES.leftOutside(left.length), ...lines.map((line) => cutMiddle(line, columns))].join('\n')];
}

/** A text in lines of at most `width`, broken at its spaces; a longer word has a line of its own. */
function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

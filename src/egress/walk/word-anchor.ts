import type { Word } from '../../dockerfile/text/dockerfile.ts';
import type { Scope } from '../../dockerfile/scope.ts';
import type { Anchor, AnchorRole } from '../../types.ts';
import type { Walk } from './walk.ts';

/** The text to edit for a word of an instruction: the word, or the default of the variable that it starts with. */
export function wordAnchor(walk: Walk, word: Word, scope: Scope, role: AnchorRole = 'image'): Anchor | null {
  const variable = /^["']?\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(word.text);
  let { start, end } = word;
  if (variable !== null) {
    const whole = role === 'image' ? variable[0].length === word.text.length : true;
    const source = scope.variable(variable[1] ?? variable[2] ?? '')?.source ?? null;
    if (source === null && whole) return null;
    if (source !== null && whole) ({ start, end } = source);
  } else if (/^(["']).*\1$/.test(word.text)) [start, end] = [start + 1, end - 1];
  const { file, text } = walk.dockerfile;
  return { file, start, end, text: text.slice(start, end), role, quote: 'none' };
}

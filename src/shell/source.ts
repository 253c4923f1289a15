import { lineIndex } from '../dockerfile/line-index.ts';
import type { ScriptSource } from './syntax.ts';

/** A whole file as the source of a script. */
export function fileSource(file: string, text: string): ScriptSource {
  return { file, text, range: (start, end) => ({ start, end }), lineAt: lineIndex(text) };
}

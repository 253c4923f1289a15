import { parse } from 'unbash';
import { EXIT, MobyBuildError } from '../errors.ts';
import { convertScript } from './convert.ts';
import type { Script, ScriptSource } from './syntax.ts';
import { unclosedArithmetic } from './unclosed-arithmetic.ts';

/** moby's longest script has 30 kB; what is beyond these bounds is not one, and is not worth the parser's time. */
const MAX_LENGTH = 1_000_000;
const MAX_LINE = 200_000;

/**
 * What was read before, by its text: moby's installers source the same files in every stage, and each tree is scanned before and after it
 * was patched. Bounded, the oldest first to go.
 */
const READ = new Map<string, Script>();
const MOST_READ = 200;

/**
 * Reads a shell script (bash or sh).
 * In: the text and where it stands. Out: its commands; every range cuts the very text of `source`.
 * Throws exit 4, code `shell-syntax`, with `file:line`, for what the parser does not accept or what is too large to be a script.
 * Rule: unbash 6 reads GNU Bash's grammar; it recovers from errors, and any error it reports is one here.
 */
export function parseShell(source: ScriptSource): Script {
  const { text } = source;
  const read = READ.get(text);
  if (read !== undefined) return read;
  const script = parseText(source);
  const [oldest] = READ.keys();
  if (READ.size >= MOST_READ && oldest !== undefined) READ.delete(oldest);
  READ.set(text, script);
  return script;
}

function parseText(source: ScriptSource): Script {
  const { text } = source;
  if (text.length > MAX_LENGTH) throw shellSyntaxError(source, 0, `it has more than ${String(MAX_LENGTH)} characters`);
  const nul = text.indexOf('\0');
  if (nul !== -1) throw shellSyntaxError(source, nul, 'it holds a NUL byte');
  for (let at = 0; at < text.length;) {
    const lineBreak = text.indexOf('\n', at);
    const end = lineBreak === -1 ? text.length : lineBreak;
    if (end - at > MAX_LINE) throw shellSyntaxError(source, at, `a line has more than ${String(MAX_LINE)} characters`);
    at = end + 1;
  }
  try {
    const parsed = parse(text);
    const [error] = parsed.errors ?? [];
    if (error !== undefined) throw shellSyntaxError(source, error.pos, error.message);
    const open = unclosedArithmetic(parsed, text);
    if (open !== null) throw shellSyntaxError(source, open, 'a $[ without its ]');
    return convertScript(parsed, (message, offset) => {
      throw shellSyntaxError(source, offset, message);
    });
  } catch (error) {
    if (error instanceof MobyBuildError) throw error;
    throw shellSyntaxError(source, 0, 'the parser gave up on it', error);
  }
}

function shellSyntaxError(source: ScriptSource, offset: number, message: string, cause?: unknown): MobyBuildError {
  return new MobyBuildError({
    code: 'shell-syntax',
    exitCode: EXIT.tree,
    message: `${source.file} cannot be read as a shell script: ${message}`,
    where: `${source.file}:${String(source.lineAt(Math.min(offset, source.text.length)))}`,
    hint: 'Only what bash itself accepts can be scanned; fix the line, or use an unmodified tree.',
    command: `git diff HEAD -- ${source.file}`,
    cause,
  });
}

import type { Dockerfile, Instruction, Joined } from '../../dockerfile/text/dockerfile.ts';
import type { ScriptSource } from '../../shell/syntax.ts';

/** What a RUN hands to a shell, with the way back to the Dockerfile's offsets; null for the exec form. */
export function runScript(dockerfile: Dockerfile, run: Instruction): ScriptSource | null {
  if (run.json !== null) return null;
  return scriptOf(
    dockerfile,
    run.rest,
    run.heredocs.map((heredoc) => heredoc.whole),
    onlyHeredoc(run) ? (run.heredocs[0]?.body ?? null) : null,
  );
}

/** `RUN <<EOT` and nothing else: the body itself is the script. Rule: Dockerfile reference, "Here-Documents". */
function onlyHeredoc(run: Instruction): boolean {
  return run.heredocs.length === 1 && run.words.length === 1 && /^\d*<<-?/.test(run.words[0]?.text ?? '');
}

function scriptOf(
  dockerfile: Dockerfile,
  head: Joined,
  wholes: readonly { start: number; end: number }[],
  body: { start: number; end: number } | null,
): ScriptSource {
  const { text, file } = dockerfile;
  if (body !== null) {
    return {
      file,
      text: text.slice(body.start, body.end),
      range: (start, end) => ({ start: body.start + start, end: body.start + end }),
      lineAt: (offset) => dockerfile.lineAt(body.start + offset),
    };
  }
  const first = wholes[0]?.start ?? 0;
  const last = wholes.at(-1)?.end ?? 0;
  const tail = wholes.length === 0 ? '' : `\n${text.slice(first, last)}\n`;
  const edge = head.text.length + 1;
  const range = (start: number, end: number): { start: number; end: number } =>
    start < edge || wholes.length === 0
      ? head.range(start, Math.min(end, head.text.length))
      : { start: first + start - edge, end: first + end - edge };
  return { file, text: head.text + tail, range, lineAt: (offset) => dockerfile.lineAt(range(offset, offset).start) };
}

import type { Dockerfile } from '../../../src/dockerfile/text/dockerfile.ts';

/** The scripts that a Dockerfile gives to a POSIX shell: RUN in its shell form, and here-documents that are scripts themselves. */
export function embeddedScripts(dockerfile: Dockerfile): { line: number; text: string }[] {
  return dockerfile.stages.flatMap((stage) => {
    let posix = dockerfile.escape === '\\';
    return stage.instructions.flatMap((instruction) => {
      if (instruction.keyword === 'SHELL') posix = /\/(ba|da|z)?sh$/.test(instruction.json?.[0] ?? '');
      if (instruction.keyword !== 'RUN' || !posix || instruction.json !== null) return [];
      const { text } = instruction.rest;
      const [heredoc] = instruction.heredocs;
      if (heredoc === undefined) return [{ line: instruction.line, text }];
      if (!/^<<-?\S+$/.test(text)) return [];
      const body = dockerfile.text.slice(heredoc.body.start, heredoc.body.end);
      return body.startsWith('#!') && !/^#!.*sh\b/.test(body) ? [] : [{ line: instruction.line, text: body }];
    });
  });
}

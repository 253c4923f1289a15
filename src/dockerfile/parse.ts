import { readDirectives } from './text/directives.ts';
import type { Dockerfile, Instruction, Stage } from './text/dockerfile.ts';
import type { InstructionSource } from './instruction.ts';
import { readInstruction } from './instruction.ts';
import { lineFinder } from './text/line-finder.ts';
import { strayMountField } from './text/flags.ts';
import { dockerfileSyntaxError } from './text/syntax-error.ts';
import { skipSpace } from './text/white-space.ts';

/** moby's Dockerfile has 30 kB; what is beyond these bounds is not one, and is not worth the parser's time. */
const MAX_LENGTH = 500_000;
const MAX_LINE = 100_000;
const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/**
 * Reads a Dockerfile.
 * In: its text and its path for messages. Out: directives, instructions and stages; every range cuts the very text.
 * Throws exit 4, code `dockerfile-syntax`, with `file:line`, for what BuildKit would refuse: no FROM, an unknown
 * instruction, a heredoc without end, binary content.
 */
export function parseDockerfile(text: string, file: string): Dockerfile {
  const lineAt = lineFinder(text);
  const nul = text.indexOf('\0');
  if (nul !== -1) throw dockerfileSyntaxError(file, lineAt(nul), 'it holds a NUL byte');
  if (text.length > MAX_LENGTH) {
    throw dockerfileSyntaxError(file, 1, `it has more than ${String(MAX_LENGTH)} characters`);
  }
  const long = text.split('\n').findIndex((line) => line.length > MAX_LINE);
  if (long !== -1) {
    throw dockerfileSyntaxError(file, long + 1, `a line has more than ${String(MAX_LINE)} characters`);
  }

  const { escape, syntax } = readDirectives(text, file);
  const instructions = readInstructions({ file, text, escape, lineAt });
  const firstFrom = instructions.findIndex((instruction) => instruction.keyword === 'FROM');
  if (firstFrom === -1) throw dockerfileSyntaxError(file, 1, 'it has no FROM');
  const globals = instructions.slice(0, firstFrom);
  const stray = globals.find((instruction) => instruction.keyword !== 'ARG');
  if (stray !== undefined) throw dockerfileSyntaxError(file, stray.line, `${stray.keyword} before the first FROM`);
  return {
    file,
    text,
    escape,
    syntax,
    globals,
    stages: readStages(instructions.slice(firstFrom), file),
    lineAt,
  };
}

/**
 * Each instruction begins where the one before has ended, with its continued lines and here-documents; comment lines and
 * blank lines between are passed over. Rule: buildkit frontend/dockerfile/parser/parser.go (`Parse`).
 */
function readInstructions(source: InstructionSource): Instruction[] {
  const { file, text } = source;
  const instructions: Instruction[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const start = skipSpace(text, at);
    let end = start;
    if (start < text.length && text.charAt(start) !== '#') {
      const instruction = readInstruction(source, start);
      if (!KEYWORDS.has(instruction.keyword)) {
        const shown = instruction.keyword.slice(0, 40);
        throw dockerfileSyntaxError(file, instruction.line, `unknown instruction ${shown}`);
      }
      const stray =
        instruction.keyword === 'RUN'
          ? instruction.flags.map(strayMountField).find((each) => each !== null)
          : undefined;
      if (stray !== undefined)
        throw dockerfileSyntaxError(
          file,
          instruction.line,
          `the field ${JSON.stringify(stray)} of a mount is no NAME=VALUE`,
        );
      instructions.push(instruction);
      end = instruction.end;
    }
    const lineBreak = text.indexOf('\n', end);
    at = lineBreak === -1 ? text.length : lineBreak + 1;
  }
  return instructions;
}

function readStages(instructions: readonly Instruction[], file: string): Stage[] {
  const stages: Stage[] = [];
  let body: Instruction[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword !== 'FROM') {
      body.push(instruction);
      continue;
    }
    closeStage(stages, body);
    body = [];
    const [image, as, name] = instruction.words;
    if (image === undefined) throw dockerfileSyntaxError(file, instruction.line, 'FROM without an image');
    if (instruction.words.length !== 1 && (instruction.words.length !== 3 || as?.text.toUpperCase() !== 'AS')) {
      throw dockerfileSyntaxError(file, instruction.line, 'FROM takes one image, or an image AS a name');
    }
    stages.push({
      index: stages.length,
      name: name?.text ?? String(stages.length),
      line: instruction.line,
      from: instruction,
      image,
      platform: instruction.flags.find((flag) => flag.name === 'platform')?.value?.text ?? null,
      instructions: [],
      start: instruction.start,
      end: instruction.end,
    });
  }
  closeStage(stages, body);
  return stages;
}

function closeStage(stages: Stage[], body: readonly Instruction[]): void {
  const last = stages.pop();
  if (last !== undefined) stages.push({ ...last, instructions: body, end: body.at(-1)?.end ?? last.end });
}

import { DockerfileParser } from 'dockerfile-ast';
import { MobyBuildError } from '../errors.ts';
import type { Dockerfile, Instruction, Stage, Word } from './dockerfile.ts';
import { readInstruction } from './instruction.ts';
import { lineFinder } from './line-finder.ts';
import { dockerfileSyntaxError } from './syntax-error.ts';

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
 *
 * dockerfile-ast finds the instructions. Its known faults (`\\` at a line's end taken for a continuation, `3<<EOT` not seen,
 * `getHeredocs()` throwing; 0.7.1) are met by masking before, and by reading each instruction again from its own
 * text; where the two readings do not agree on what belongs to an instruction, the file is refused.
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

  const { starts, directives } = findInstructions(text, file);
  const escape = directives.find((directive) => directive.name === 'escape')?.text ?? '\\';
  if (escape !== '\\' && escape !== '`')
    throw dockerfileSyntaxError(file, 1, `the escape character ${escape} is not known`);
  const source = { file, text, escape, lineAt };
  const instructions = starts.map((start) => readInstruction(source, start));
  instructions.forEach((instruction, index) => {
    if (!KEYWORDS.has(instruction.keyword))
      throw dockerfileSyntaxError(file, instruction.line, `unknown instruction ${instruction.keyword.slice(0, 40)}`);
    const next = instructions[index + 1]?.start ?? text.length;
    if (instruction.end > next || !onlyComments(text.slice(instruction.end, next))) {
      throw dockerfileSyntaxError(file, instruction.line, `it is not clear where this ${instruction.keyword} ends`);
    }
  });

  const firstFrom = instructions.findIndex((instruction) => instruction.keyword === 'FROM');
  if (firstFrom === -1) throw dockerfileSyntaxError(file, 1, 'it has no FROM');
  const globals = instructions.slice(0, firstFrom);
  const stray = globals.find((instruction) => instruction.keyword !== 'ARG');
  if (stray !== undefined) throw dockerfileSyntaxError(file, stray.line, `${stray.keyword} before the first FROM`);
  const syntax = directives.find((directive) => directive.name === 'syntax');
  return {
    file,
    text,
    escape,
    syntax: syntax === undefined ? null : { ...firstField(syntax), line: lineAt(syntax.start) },
    globals,
    stages: readStages(instructions.slice(firstFrom), source),
    lineAt,
  };
}

function findInstructions(text: string, file: string): { starts: number[]; directives: (Word & { name: string })[] } {
  try {
    const parsed = DockerfileParser.parse(mask(text));
    const offsets = lineStarts(text);
    const at = (position: { line: number; character: number }): number =>
      (offsets[position.line] ?? 0) + position.character;
    return {
      starts: parsed
        .getInstructions()
        .map((instruction) => at(instruction.getRange().start))
        .sort((a, b) => a - b),
      directives: parsed.getDirectives().map((directive) => {
        const range = directive.getValueRange();
        const [start, end] = [at(range.start), at(range.end)];
        return { name: directive.getName().toLowerCase(), text: text.slice(start, end), start, end };
      }),
    };
  } catch (error) {
    if (error instanceof MobyBuildError) throw error;
    throw dockerfileSyntaxError(file, 1, 'the parser gave up on it', error);
  }
}

/** Same length, other characters where dockerfile-ast reads them otherwise than BuildKit. */
function mask(text: string): string {
  return text
    .replace(/([\\`])\1(?=[ \t]*\r?$)/gm, 'xx')
    .replace(/(?<=[ \t])\d+(?=<<-?["'A-Za-z_])/g, (digits) => ' '.repeat(digits.length));
}

/** vscode's TextDocument also breaks lines at a lone CR. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

function onlyComments(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#|$)/.test(line) || /^\s*[\\`]?\s*$/.test(line));
}

function firstField(word: Word): Word {
  const text = /^\S*/.exec(word.text)?.[0] ?? '';
  return { text, start: word.start, end: word.start + text.length };
}

function readStages(instructions: readonly Instruction[], source: { readonly file: string }): Stage[] {
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
    if (image === undefined) throw dockerfileSyntaxError(source.file, instruction.line, 'FROM without an image');
    if (instruction.words.length !== 1 && (instruction.words.length !== 3 || as?.text.toUpperCase() !== 'AS')) {
      throw dockerfileSyntaxError(source.file, instruction.line, 'FROM takes one image, or an image AS a name');
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

import { describe, expect, it } from 'vitest';
import type { Dockerfile, Instruction } from '../../../src/dockerfile/text/dockerfile.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import type { MobyBuildError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';

const parse = (text: string): Dockerfile => parseDockerfile(text, 'Dockerfile');
const all = (dockerfile: Dockerfile): Instruction[] => [
  ...dockerfile.globals,
  ...dockerfile.stages.flatMap((stage) => [stage.from, ...stage.instructions]),
];
const cut = (text: string, range: { start: number; end: number } | null | undefined): string | null =>
  range === null || range === undefined ? null : text.slice(range.start, range.end);

const failure = (text: string): MobyBuildError => failureOf(() => parse(text));

describe('directives', () => {
  it('gives the image of # syntax= and where it stands', () => {
    const text = '# syntax=docker/dockerfile:1.2  and words\nFROM a\n';
    const { syntax } = parse(text);
    expect(syntax).toMatchObject({ text: 'docker/dockerfile:1.2', line: 1 });
    expect(cut(text, syntax)).toBe('docker/dockerfile:1.2');
  });

  it.each(['FROM a\n# syntax=x\n', '\n# syntax=x\nFROM a\n', '# a comment\n# syntax=x\nFROM a\n'])(
    '%j has none',
    (text) => {
      expect(parse(text).syntax).toBeNull();
    },
  );

  it('knows the escape character', () => {
    const dockerfile = parse('# escape=`\nFROM a\nRUN x `\n y\nRUN C:\\\nRUN z\n');
    expect(dockerfile.escape).toBe('`');
    expect(all(dockerfile).map((instruction) => instruction.line)).toEqual([2, 3, 5, 6]);
  });
});

describe('instructions', () => {
  it('join continued lines, without comment lines and blank lines, and know where each piece stands', () => {
    const text = 'FROM a\nRUN one \\\n  # a comment \\\n\n  && two\\\n  three\nRUN four\n';
    const run = parse(text).stages[0]!.instructions[0]!;
    expect(run.rest.text).toBe('one   && two  three');
    expect([run.line, run.endLine]).toEqual([2, 6]);
    const at = run.rest.text.indexOf('three');
    expect(cut(text, run.rest.range(at, at + 5))).toBe('three');
    expect(cut(text, run)).toBe(text.slice(text.indexOf('RUN one'), text.indexOf('\nRUN four')));
  });

  it('takes \\\\ at the end of a line for text, as BuildKit does', () => {
    expect(all(parse('FROM a\nRUN x \\\\\nRUN y\n')).map((instruction) => instruction.rest.text)).toEqual([
      'a',
      'x \\\\',
      'y',
    ]);
  });

  it('takes white space after the escape character', () => {
    expect(parse('FROM a\nRUN x \\  \n y\n').stages[0]!.instructions[0]!.rest.text).toBe('x  y');
  });

  it('reads CRLF files', () => {
    const text = 'FROM a AS b\r\nRUN x \\\r\n y\r\nRUN z\r\n';
    expect(all(parse(text)).map((instruction) => instruction.rest.text)).toEqual(['a AS b', 'x  y', 'z']);
  });

  it('splits flags and the options of --mount', () => {
    const text =
      'FROM a\nRUN --mount=type=bind,from=x,src=/a,rw \\\n  --mount=target=. \\\n  --network=none cmd --flag\n';
    const run = parse(text).stages[0]!.instructions[0]!;
    expect(run.flags.map((flag) => cut(text, flag))).toEqual([
      '--mount=type=bind,from=x,src=/a,rw',
      '--mount=target=.',
      '--network=none',
    ]);
    expect(Object.fromEntries(run.flags[0]!.options)).toEqual({ type: 'bind', from: 'x', src: '/a', rw: '' });
    expect(run.rest.text).toBe('cmd --flag');
  });

  it('reads ARG and ENV in all their forms', () => {
    const text = 'ARG A\nARG B="x y" C=\'z\'\nFROM a\nENV D e f\nENV G=h I="j k"\n';
    const pairs = all(parse(text)).flatMap((instruction) =>
      instruction.assignments.map((pair) => [pair.name, pair.value?.text ?? null, cut(text, pair.inner)]),
    );
    expect(pairs).toEqual([
      ['A', null, null],
      ['B', '"x y"', 'x y'],
      ['C', "'z'", 'z'],
      ['D', 'e f', 'e f'],
      ['G', 'h', 'h'],
      ['I', '"j k"', 'j k'],
    ]);
  });

  it('knows the exec form, and what only looks like it', () => {
    const [first, second] = parse('FROM a\nRUN ["a", "b c"]\nRUN [ -f x ] && y\n').stages[0]!.instructions;
    expect(first!.json).toEqual(['a', 'b c']);
    expect(second!.json).toBeNull();
  });
});

describe('heredocs', () => {
  it('have name and body', () => {
    const text = 'FROM a\nRUN <<EOT cat > /x <<-"E2"\n one\nEOT\n\ttwo\n\tE2\nRUN after\n';
    const [run, after] = parse(text).stages[0]!.instructions;
    expect(run!.heredocs.map((heredoc) => [heredoc.name, heredoc.expands, cut(text, heredoc.body)])).toEqual([
      ['EOT', true, ' one\n'],
      ['E2', false, '\ttwo\n'],
    ]);
    expect(after!.rest.text).toBe('after');
  });

  it('may have a file descriptor', () => {
    const text = 'FROM a\nRUN 3<<EOT cat /dev/fd/3\nFROM not an instruction\nEOT\n';
    expect(parse(text).stages).toHaveLength(1);
    expect(cut(text, parse(text).stages[0]!.instructions[0]!.heredocs[0]!.body)).toBe('FROM not an instruction\n');
  });

  it('belong to RUN, COPY and ADD, and stand outside quotes', () => {
    expect(all(parse('FROM a\nENV X=<<EOT\nRUN echo "<<EOT"\nRUN cat <<<word\n'))).toHaveLength(4);
  });

  it('follow a continued line', () => {
    const text = 'FROM a\nRUN --mount=from=b,src=/c \\\n    --mount=type=tmpfs,target=/d <<EOT\n  x\nEOT\nRUN y\n';
    const [run] = parse(text).stages[0]!.instructions;
    expect(cut(text, run!.heredocs[0]!.body)).toBe('  x\n');
    expect([run!.line, run!.endLine]).toEqual([2, 5]);
  });
});

describe('stages', () => {
  it('have name, image and platform as written', () => {
    const text = 'ARG G=1\nFROM --platform=$BUILDPLATFORM golang:${G} as Base\nRUN a\nFROM scratch\n';
    const { stages, globals } = parse(text);
    expect(globals).toHaveLength(1);
    expect(stages.map((stage) => [stage.index, stage.name, stage.line, stage.image.text, stage.platform])).toEqual([
      [0, 'Base', 2, 'golang:${G}', '$BUILDPLATFORM'],
      [1, '1', 4, 'scratch', null],
    ]);
    expect(cut(text, stages[0]!.image)).toBe('golang:${G}');
    expect(cut(text, stages[0])).toBe('FROM --platform=$BUILDPLATFORM golang:${G} as Base\nRUN a');
  });
});

describe('what is not a Dockerfile', () => {
  it.each([
    ['', 1],
    ['# only a comment\n', 1],
    ['ARG A=1\n', 1],
    ['RUN x\nFROM a\n', 1],
    ['FROM a\nRUN x\n\nRUNN y\n', 4],
    ['FROM a\nRUN x <<EOT\nbody\n', 2],
    ['FROM a\n\0\n', 2],
    ['FROM a AS\n', 1],
    ['FROM a b c\n', 1],
    ['FROM a\nENV X\n', 2],
    ['# escape=x\nFROM a\n', 1],
  ])('%j is exit 4 with its line', (text, line) => {
    const error = failure(text);
    expect(error).toMatchObject({ exitCode: 4, code: 'dockerfile-syntax', where: `Dockerfile:${String(line)}` });
  });

  it('is a file too large to be one', () => {
    expect(failure(`FROM a\n${'RUN x\n'.repeat(100_000)}`)).toMatchObject({ exitCode: 4, code: 'dockerfile-syntax' });
  });
});

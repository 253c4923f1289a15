import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';

/** A result whose ranges cut the text, or exit 4 with a line; never another error. */
function check(text: string): void {
  try {
    const dockerfile = parseDockerfile(text, 'Dockerfile');
    let last = 0;
    for (const stage of dockerfile.stages) {
      for (const instruction of [stage.from, ...stage.instructions]) {
        expect(instruction.start).toBeGreaterThanOrEqual(last);
        expect(
          text
            .slice(instruction.start)
            .toUpperCase()
            .replace(/^[\\`][ \t]*\r*\n(?:[^\S\n]*(?:#[^\n]*)?\n)*\s*/, '')
            .replaceAll(/[\\`][ \t]*\r*\n(?:[^\S\n]*(?:#[^\n]*)?\n)*/g, '')
            .startsWith(instruction.keyword),
        ).toBe(true);
        const cutWrong = instruction.words.filter(
          (word) => text[word.start] !== word.text[0] || text[word.end - 1] !== word.text.at(-1),
        );
        expect(cutWrong).toEqual([]);
        for (const heredoc of instruction.heredocs) expect(heredoc.whole.end).toBeLessThanOrEqual(instruction.end);
        last = instruction.end;
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(MobyBuildError);
    const failure = error as MobyBuildError;
    expect(failure.exitCode).toBe(4);
    expect(failure.where).toMatch(/^Dockerfile:\d+$/);
  }
}

describe('parseDockerfile on anything', () => {
  it('random characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), check), { seed: 11, numRuns: 500 });
  });

  it('pieces of Dockerfiles in any order', () => {
    const piece = fc.constantFrom(
      'FROM ', 'RUN ', 'ARG ', 'ENV ', 'COPY ', 'ONBUILD ', 'a', 'AS b', '<<EOT', '<<-X', '3<<EOT', 'EOT', '\n', '\n', '\n', '\r\n', '\\\n',
      '\\\\\n', '\\ \n', '# c\n', '# c \\\n', '#', '"', "'", '`', '--mount=type=bind,from=', '--x', '=', '[', '"]', ' ', '\t', '${', '}', '$A', '\u{1F600}', '# escape=`\n',
    ); // prettier-ignore
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => { check(`FROM x\n${pieces.join('')}`); }), { seed: 12, numRuns: 2000 }); // prettier-ignore
  });

  it.each([
    ['a line of a million characters', `FROM a\nRUN ${'x'.repeat(1_000_000)}\n`],
    ['a line just short enough', `FROM a\nRUN ${'x'.repeat(99_000)}\n`],
    ['a hundred thousand continued lines', `FROM a\nRUN x${' \\\n'.repeat(100_000)}y\n`],
    ['a hundred thousand comment lines in one RUN', `FROM a\nRUN x \\\n${'# c\n'.repeat(100_000)} y\n`],
    ['fifty thousand quotes', `FROM a\nRUN ${'"'.repeat(50_001)}\n`],
    ['a heredoc of two hundred thousand lines without end', `FROM a\nRUN <<EOT\n${'x\n'.repeat(200_000)}`],
    ['many flags', `FROM a\nRUN ${'--mount=type=cache,target=/x '.repeat(5_000)}y\n`],
    ['many words with <<', `FROM a\nRUN ${'<<A '.repeat(2_000)}\n`],
  ])(
    'ends soon: %s',
    (_title, text) => {
      expect(
        cpuMilliseconds(() => {
          check(text);
        }),
      ).toBeLessThan(8_000);
    },
    120_000,
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closure } from '../../../src/dockerfile/closure.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { Variables } from '../../../src/dockerfile/scope.ts';
import { EXIT, MobyBuildError } from '../../../src/errors.ts';
import { parseShell } from '../../../src/shell/parse.ts';
import { fileSource } from '../../../src/shell/source.ts';
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';
import { allInstructions, attempt } from './compare-dockerfile.ts';
import { embeddedScripts } from './embedded-scripts.ts';

/** CPU time, far above what any of these needs (under a second); a loop that never ends stays visible. */
const LIMIT_MS = 15_000;
const SEED = 20_221_109;
const RUNS = 300;

/** Reads a text as a Dockerfile with all that follows from it, and as a script; what is refused is exit 4 with a line that exists. */
function survive(text: string): { dockerfile: boolean; shell: boolean } {
  let outcome = REFUSED;
  const took = cpuMilliseconds(() => {
    outcome = readBoth(text);
  });
  expect(took).toBeLessThan(LIMIT_MS);
  return outcome;
}

function readBoth(text: string): { dockerfile: boolean; shell: boolean } {
  const read = (work: () => unknown, file: string): boolean => {
    const result = attempt(work);
    if (!(result instanceof MobyBuildError)) return true;
    expect(result.exitCode).toBe(EXIT.tree);
    const line = Number(new RegExp(`^${file}:(\\d+)$`).exec(result.where ?? '')?.[1]);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(text.split('\n').length);
    expect(result.message.length).toBeLessThan(1_000);
    return false;
  };
  return {
    dockerfile: read(() => {
      const dockerfile = parseDockerfile(text, 'Dockerfile');
      const astray = allInstructions(dockerfile).filter(
        ({ start, keyword, heredocs }) =>
          ![keyword.charAt(0), dockerfile.escape].includes(text.charAt(start).toUpperCase()) ||
          heredocs.some(({ body }) => body.start > body.end || body.end > text.length),
      );
      expect(astray).toEqual([]);
      closure(dockerfile, dockerfile.stages.at(-1)?.name ?? '', { arch: 'arm64' });
      const variables = new Variables(dockerfile, { arch: 'arm64' });
      for (const stage of dockerfile.stages) {
        const scope = variables.start(null);
        for (const instruction of stage.instructions) variables.apply(scope, instruction);
      }
      for (const script of embeddedScripts(dockerfile)) attempt(() => parseShell(fileSource('script', script.text)));
    }, 'Dockerfile'),
    shell: read(() => parseShell(fileSource('script', text)), 'script'),
  };
}

const REFUSED = { dockerfile: false, shell: false };
const many = (text: string, count: number): string => text.repeat(count);

describe('damaged input is read or refused with its line, in bounded time', () => {
  test('random bytes', () => {
    for (const bytes of fc.sample(fc.uint8Array({ maxLength: 4_000 }), { seed: SEED, numRuns: RUNS })) {
      survive(Buffer.from(bytes).toString('latin1'));
      survive(Buffer.from(bytes).toString('utf8'));
    }
  });

  test('random characters of the two languages', () => {
    const pieces = [
      'FROM a\n',
      'RUN ',
      'ARG ',
      'ENV A=',
      '\\\n',
      '\n',
      '<<E',
      '<<-"E"',
      'E\n',
      '"',
      "'",
      '`',
      '$(',
      '${',
      '$((',
      ')',
      '}',
      '((',
      '[[',
      ']]',
      '{',
      ';',
      ';;',
      '&&',
      '|',
      '#',
      '\\',
      'case x in ',
      'esac',
      'if ',
      'then ',
      'fi',
      'for i in ',
      'do ',
      'done',
      'f() ',
      'é',
      '😀',
      '\0',
      '\r',
      '\u2028',
      '[',
      '=',
      ' ',
    ];
    const texts = fc.sample(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), { seed: SEED, numRuns: 3 * RUNS });
    const outcomes = texts.map((parts) => survive(`FROM a\n${parts.join('')}`));
    expect(outcomes.filter((outcome) => outcome.dockerfile).length).toBeGreaterThan(10);
    expect(outcomes.filter((outcome) => !outcome.dockerfile).length).toBeGreaterThan(10);
    expect(outcomes.filter((outcome) => !outcome.shell).length).toBeGreaterThan(10);
  });

  test.each([
    ['nothing', '', { dockerfile: false, shell: true }],
    ['a NUL byte', 'FROM a\nRUN x\0y\n', REFUSED],
    ['a here-document without end', 'FROM a\nRUN cat <<EOF\nbody\n', REFUSED],
    ['a here-document without end, nothing after it', 'FROM a\nRUN cat <<EOF', REFUSED],
    ['an unbalanced double quote in a script', 'FROM a\nRUN echo "a\n', { dockerfile: true, shell: false }],
    ['an unbalanced single quote in a script', "FROM a\nRUN echo 'a\n", { dockerfile: true, shell: false }],
    ['an unbalanced backquote', 'FROM a\nRUN echo `a\n', { dockerfile: true, shell: false }],
    ['an unbalanced $(', 'FROM a\nRUN echo $(a\n', { dockerfile: true, shell: false }],
    ['an unbalanced ${ in FROM', 'ARG A\nFROM ${A\n', { dockerfile: false, shell: false }],
    ['an unknown instruction', 'FROM a\nRNU x\n', { dockerfile: false, shell: true }],
    ['an instruction before FROM', 'RUN x\nFROM a\n', { dockerfile: false, shell: true }],
  ])('%s', (_, text, expected) => {
    expect(survive(text)).toEqual(expected);
  });

  test.each([
    ['a line of a million characters', `FROM a\nRUN echo ${many('x', 1_000_000)}\n`],
    ['a line of 90,000 characters', `FROM a\nRUN echo ${many('x', 90_000)}\n`],
    ['a line of 45,000 words', `FROM a\nRUN echo${many(' x', 45_000)}\n`],
    ['20,000 continued lines', `FROM a\nRUN echo \\\n${many(' x \\\n', 20_000)} y\n`],
    ['20,000 comments between continued lines', `FROM a\nRUN echo \\\n${many('# c\n', 20_000)} y\n`],
    ['20,000 empty lines', `FROM a\n${many('\n', 20_000)}RUN x\n`],
    ['10,000 instructions', `FROM a\n${many('RUN x\n', 10_000)}`],
    [
      '5,000 stages, each on the one before',
      `FROM a AS s0\n${Array.from({ length: 5_000 }, (_x, index) => `FROM s${String(index)} AS s${String(index + 1)}\n`).join('')}`,
    ],
    ['2,000 here-documents on one line', `FROM a\nRUN cat${many(' <<E', 2_000)}\n${many('E\n', 2_000)}`],
    ['a here-document of 20,000 lines', `FROM a\nRUN <<E\n${many('echo x\n', 20_000)}E\n`],
    ['90,000 backslashes', `FROM a\nRUN ${many('\\', 90_000)}\n`],
    ['20,000 blanks before a line end', `FROM a\nRUN x${many(' ', 20_000)}\\${many(' ', 20_000)}x\n`],
    ['49,999 quotes', `FROM a\nRUN ${many('"', 49_999)}\n`],
    ['20,000 dollars', `FROM a\nENV A=${many('$', 20_000)}\n`],
    ['5,000 nested $(', `FROM a\nRUN ${many('$(', 5_000)}\n`],
    ['5,000 nested and closed $( )', `FROM a\nRUN ${many('$(', 5_000)}x${many(')', 5_000)}\n`],
    ['5,000 nested subshells', `FROM a\nRUN ${many('( ', 5_000)}x${many(' )', 5_000)}\n`],
    ['5,000 nested ${X:-', `FROM a\nARG A=${many('${X:-', 5_000)}x${many('}', 5_000)}\n`],
    ['5,000 nested ${X:- before FROM', `ARG A=${many('${X:-', 5_000)}x${many('}', 5_000)}\nFROM a$A\n`],
    ['5,000 nested ifs', `FROM a\nRUN ${many('if x; then ', 5_000)}y;${many(' fi;', 5_000)}\n`],
    ['a JSON form nested 20,000 deep', `FROM a\nRUN ${many('[', 20_000)}\n`],
    [
      '60 ARGs, each twice the one before',
      `FROM a\nARG A0=0123456789\n${Array.from({ length: 60 }, (_x, index) => `ARG A${String(index + 1)}=$A${String(index)}$A${String(index)}\n`).join('')}`,
    ],
    [
      '60 global ARGs, each twice the one before',
      `ARG A0=0123456789\n${Array.from({ length: 60 }, (_x, index) => `ARG A${String(index + 1)}=$A${String(index)}$A${String(index)}\n`).join('')}FROM a$A60\n`,
    ],
    [
      'a pattern of 300 stars against 3,000 characters',
      `ARG A=${many('a', 3_000)}\nARG B=\${A##${many('*a', 300)}b}\nFROM x$B\n`,
    ],
    ['flags without end', `FROM a\nRUN ${many('--mount=type=cache,target=/x ', 5_000)}x\n`],
    ['a flag with an unbalanced quote', `FROM a\nRUN --mount=type=cache,id="${many('x ', 20_000)}\n`],
  ])('%s', { timeout: 4 * LIMIT_MS }, (_, text) => {
    survive(text);
  });
});

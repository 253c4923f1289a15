import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { parseShell } from '../../../src/shell/parse.ts';
import { fileSource } from '../../../src/shell/source.ts';
import { commandsOf } from '../../../src/shell/commands-of.ts';
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';

/** Commands whose words' ranges cut the text, or exit 4 with a line; never another error. */
function check(text: string): void {
  try {
    // In backticks with escapes the script has a text of its own.
    const commands = commandsOf(parseShell(fileSource('x.sh', text)).body);
    const words = commands.flatMap((command) => command.words.filter((word) => 'parts' in word));
    const wrong = words.filter(
      ({ start, end, inner, text: written }) =>
        text.slice(start, end) !== written || inner.start < start || inner.end > end,
    );
    expect(text.includes('`') ? [] : wrong).toEqual([]);
  } catch (error) {
    expect(error).toBeInstanceOf(MobyBuildError);
    expect((error as MobyBuildError).exitCode).toBe(4);
    expect((error as MobyBuildError).where).toMatch(/^x\.sh:\d+$/);
  }
}

describe('parseShell on anything', () => {
  it('random characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), { seed: 21, numRuns: 1000 });
  });

  it('pieces of scripts in any order', () => {
    const pieces =
      'if |then |fi|else |for x in |do |done|case |esac|) |;;|(|{ |}|a |$(|`|"|\'|$x|${x:-|}|<<E|<<-E|E|\n|\n|;|&&|||#c\n|\\\n|[[ |]]|((|))|> |<(|git clone |X=|fn() |\\'.split(
        '|',
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (chosen) => {
        check(chosen.join(''));
      }),
      { seed: 22, numRuns: 3000 },
    );
  });

  it.each([
    ['nested substitutions', '$('.repeat(20_000)],
    ['closed nested substitutions', `${'$('.repeat(5_000)}x${')'.repeat(5_000)}`],
    ['nested backticks', '`'.repeat(20_001)],
    ['nested subshells', '('.repeat(50_000)],
    ['nested braces', '{ '.repeat(20_000)],
    ['nested ifs', 'if x; then '.repeat(10_000)],
    ['quotes', '"'.repeat(50_001)],
    ['nested expansions', `${'${x:-'.repeat(10_000)}${'}'.repeat(10_000)}`],
    ['heredocs without end', 'cat <<E\n'.repeat(3_000)],
    ['many commands', 'a && '.repeat(30_000) + 'b'],
    ['many pipes', `a${' | b'.repeat(30_000)}`],
    ['many continued lines', `a${' \\\n'.repeat(50_000)}b`],
  ])('ends soon: %s', (_title, text) => {
    expect(
      cpuMilliseconds(() => {
        check(text);
      }),
    ).toBeLessThan(8_000);
  }, 120_000); // prettier-ignore
});

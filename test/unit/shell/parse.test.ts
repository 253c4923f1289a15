import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../src/shell/parse.ts';
import { fileSource } from '../../../src/shell/source.ts';
import type { Command, Node, Word } from '../../../src/shell/syntax.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { commandsOf } from '../../../src/shell/commands-of.ts';

const body = (text: string): Node => parseShell(fileSource('x.sh', text)).body;
const commands = (text: string): Command[] => commandsOf(body(text));
const words = (command: Command): Word[] => command.words.filter((word): word is Word => 'parts' in word);

describe('words', () => {
  it.each([
    ['plain', 'none', 'plain', false],
    ["'a b'", 'single', 'a b', false],
    ['"a b"', 'double', 'a b', false],
    ['"a $b"', 'double', 'a $b', true],
    ['$a', 'none', '$a', true],
    ['${a:-"b"}', 'none', '${a:-"b"}', true],
    ['a"b"c', 'mixed', 'a"b"c', false],
    ['"a"\'b\'', 'mixed', '"a"\'b\'', false],
    ['a\\&b', 'none', 'a\\&b', false],
    ['"a\\"b"', 'double', 'a\\"b', false],
    ['$(x y)', 'none', '$(x y)', true],
    ['https://h/o/r.git?ref=$v', 'none', 'https://h/o/r.git?ref=$v', true],
  ])('%s', (written, quote, inner, expands) => {
    const text = `cmd ${written} end`;
    const [, word] = words(commands(text)[0]!);
    expect(word).toMatchObject({ text: written, quote, expands });
    expect(text.slice(word!.start, word!.end)).toBe(written);
    expect(text.slice(word!.inner.start, word!.inner.end)).toBe(inner);
  });

  it('have the value that the shell sees in their literal parts', () => {
    const [, ...args] = words(commands(`cmd 'a"b' "c\\"d" e\\ f`)[0]!);
    const values = args.map((word) => word.parts.map((part) => (part.kind === 'literal' ? part.value : part.kind)));
    expect(values).toEqual([['a"b'], ['c"d'], ['e f']]);
  });
});

describe('commands', () => {
  it('are found in chains, pipelines, subshells, branches, loops, functions and substitutions', () => {
    const text = [
      'a && b || c; d | e &',
      '( f; { g; } )',
      'if h; then i; elif j; then k; else l; fi',
      'case $x in y) m;; *) n;; esac',
      'for v in 1 2; do o; done; while p; do q; done; until r; do s; done',
      'fn() { t; }',
      'function gn { u; }',
      'v $(w) `x` <(y) "$(z)"',
    ].join('\n');
    const names = commands(text).map((command) => words(command)[0]!.text);
    expect([...names].sort()).toEqual('abcdefghijklmnopqrstuvwxyz'.split(''));
  });

  it('are found in arithmetic, also in its old form', () => {
    const names = commands('echo $((1 + $(a))) $[1 + $(b)] "$[$(c)]"').map((command) => words(command)[0]!.text);
    expect([...names].sort()).toEqual(['a', 'b', 'c', 'echo']);
  });

  it('have assignments, also with export, and defaults given by :', () => {
    const [first, second, third, fourth] = commands('A=1 B="x" cmd\nexport C="y" D\nE=z\n: "${F:=g}"\n');
    expect(first!.assignments.map((item) => item.name)).toEqual(['A', 'B']);
    expect(second!.words.map((item) => ('parts' in item ? item.text : `${item.name}=`))).toEqual(['export', 'C=', 'D']);
    expect(third!.words).toEqual([]);
    const part = words(fourth!)[1]!.parts[0]!;
    expect(part).toMatchObject({ kind: 'parameter', name: 'F', operation: { operator: ':=', operand: { text: 'g' } } });
  });

  it('have arrays', () => {
    const [command] = commands('X=(a "b c")');
    const { value } = command!.assignments[0]!;
    expect((value as readonly Word[]).map((word) => word.text)).toEqual(['a', '"b c"']);
  });

  it('have redirections and here-documents', () => {
    const text = "cat > /x 2>&1 <<EOF\n$(inner)\nEOF\nafter <<-'E'\n\t$(not run)\n\tE\n";
    const found = commands(text);
    expect(found[0]!.redirects.map((redirect) => redirect.operator)).toEqual(['>', '>&', '<<']);
    expect(text.slice(found[0]!.redirects[2]!.body!.start, found[0]!.redirects[2]!.body!.end)).toBe('$(inner)\n');
    expect(found.map((command) => words(command)[0]!.text)).toEqual(['cat', 'inner', 'after']);
  });

  it('do not come from comments, strings or here-documents that are data', () => {
    const text = "# git clone a\necho 'git clone b' \"git clone c\" # git clone d\ncat <<'E'\ngit clone e\nE\n";
    expect(commands(text).map((command) => words(command)[0]!.text)).toEqual(['echo', 'cat']);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['if true; then\n', 1],
    ['x\necho "a\n', 2],
    ['x\n\n$(\n', 3],
    ['a && && b\n', 1],
    ['case x in\n', 1],
    ['x\0y\n', 1],
    ['fi\n', 1],
    ['x\necho "$[1"\n', 2],
    ['echo x$[y$z\n', 1],
    ['x\ny\necho "${x:-$[1}"\n', 3],
  ])('%j is exit 4 with a line', (text, atLeast) => {
    try {
      body(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(MobyBuildError);
      const failure = error as MobyBuildError;
      expect(failure).toMatchObject({ exitCode: 4, code: 'shell-syntax' });
      const line = Number(/^x\.sh:(\d+)$/.exec(failure.where ?? '')?.[1]);
      expect(line).toBeGreaterThanOrEqual(atLeast);
      expect(line).toBeLessThanOrEqual(text.split('\n').length);
    }
  });

  it.each(['echo "$[1]" $[a[1]]', "echo '$[1' \"\\$[1\" \\$[1 $'$[1'", 'cat <<E\n$[1\nE', '# $[1'])(
    'does not mean %j: bash reads it',
    (text) => {
      expect(() => body(text)).not.toThrow();
    },
  );

  it('gives the line of an error inside a substitution', () => {
    expect(() => body('x\ny $(\n z "\n)\n')).toThrow(MobyBuildError);
  });

  it.each([
    ['a line too long', 'x'.repeat(300_000)],
    ['a file too long', 'x\n'.repeat(600_000)],
  ])('is %s', (_title, text) => {
    expect(() => body(text)).toThrow(/more than/);
  });
});

it('names the file of this reading, where the same text was read before under another name', () => {
  const text = 'for x in a; do\n';
  for (const file of ['a.sh', 'b.sh'])
    expect(() => parseShell(fileSource(file, text))).toThrow(expect.objectContaining({ where: `${file}:2` }));
});

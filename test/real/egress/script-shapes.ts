import fc from 'fast-check';

/** A program of small scripts; `files` by path, the first is run. Conditions are variables `C0`, `C1`, … of the environment, 0 or 1. */
export interface Program {
  readonly files: Readonly<Record<string, string>>;
}

export const CONDITIONS = ['C0', 'C1', 'C2'];
const VARIABLES = ['v0', 'v1', 'v2'];
const FUNCTIONS = ['f0', 'f1'];
const FOLDERS = ['a', 'b', '..', 'a/b', '-', 'nowhere', '.'];

type Text = fc.Arbitrary<string>;
/** Each is another one, also where a counterexample is made smaller: marks and addresses must stay apart. */
export const number = fc.noShrink(fc.noBias(fc.integer({ min: 1, max: 999_999_999 })));
const variable = fc.constantFrom(...VARIABLES);
const condition = fc.constantFrom(...CONDITIONS);
const url: Text = number.map((one) => `https://h${String(one)}.example/x`);
/** A program of the network, with a mark by which the call is known again. */
const mark = number.map((one) => `id${String(one)}`);
const curl: Text = mark.map((one) => `curl -A ${one}`);
const name: Text = fc.oneof(
  curl,
  mark.map((one) => `wget -U ${one}`),
  mark.map((one) => `git -c x.y=${one} ls-remote`),
);

const test: Text = fc.oneof(
  { weight: 6, arbitrary: condition.map((one) => `[ "$${one}" = 1 ]`) },
  { weight: 1, arbitrary: condition.map((one) => `! [ "$${one}" = 1 ]`) },
  { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => `[ "$${a}" = 1 ] && [ "$${b}" = 1 ]`) },
  { weight: 1, arbitrary: fc.constantFrom('[ $# -gt 0 ]', '[ $# -gt 1 ]', '[ -n "$1" ]', 'true', 'false') },
  { weight: 1, arbitrary: variable.map((one) => `[ -n "$${one}" ]`) },
  { weight: 1, arbitrary: fc.constantFrom('cd a', 'cd nowhere 2>/dev/null', '(exit "$C0")') },
);

const word: Text = fc.oneof(
  { weight: 3, arbitrary: url },
  { weight: 3, arbitrary: variable.map((one) => `"$${one}"`) },
  { weight: 1, arbitrary: variable.map((one) => `$${one}`) },
  { weight: 2, arbitrary: fc.tuple(variable, url).map(([one, other]) => `"\${${one}:-${other}}"`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `"\${${one}-${other}}"`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `"\${${one}:=${other}}"`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `\${${one}:+${other}}`) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('1', '2'), url).map(([one, other]) => `"\${${one}:-${other}}"`) },
  { weight: 2, arbitrary: fc.constantFrom('"$1"', '"$2"', '"$@"', '"$*"', '$1', '$*') },
  { weight: 1, arbitrary: fc.tuple(test, url, url).map(([one, a, b]) => `"$(${one} && echo ${a} || echo ${b})"`) },
  { weight: 1, arbitrary: url.map((one) => `"$(echo ${one})"`) },
);
const words: Text = fc.array(word, { minLength: 1, maxLength: 3 }).map((all) => all.join(' '));
const text: Text = fc.oneof(
  word,
  fc.constant("''"),
  fc.tuple(url, url).map(([a, b]) => `"${a} ${b}"`),
);

/** Statements without others in them. */
const plain: Text = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(name, word).map((all) => all.join(' ')) },
  { weight: 8, arbitrary: fc.tuple(variable, text).map(([one, value]) => `${one}=${value}`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('export', 'unset', 'unset -v', 'export -n'), variable)
      .map((all) => all.join(' ')),
  },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `export ${one}=${other}`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `export "${one}=${other}"`) },
  { weight: 3, arbitrary: words.map((all) => `set -- ${all}`) },
  { weight: 1, arbitrary: url.map((one) => `set -- "$@" ${one}`) },
  { weight: 2, arbitrary: fc.constantFrom('shift', 'shift 2', 'shift $#', 'set --', 'shift || true') },
  { weight: 4, arbitrary: fc.constantFrom(...FOLDERS).map((one) => `cd ${one}`) },
  { weight: 1, arbitrary: fc.constantFrom('pushd a', 'popd', 'pushd b', 'cd "$v0"') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('./get.sh', 'sh get.sh', 'a/get.sh', 'sh ./get'), words)
      .map((all) => all.join(' ')),
  },
  { weight: 3, arbitrary: fc.constantFrom('. ./env.sh', '. ./a/env.sh') },
  { weight: 1, arbitrary: words.map((all) => `. ./env.sh ${all}`) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...FUNCTIONS), words).map((all) => all.join(' ')) },
  {
    weight: 1,
    arbitrary: fc.tuple(variable, url, fc.constantFrom(...FUNCTIONS)).map(([one, other, f]) => `${one}=${other} ${f}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...FUNCTIONS).map((f) => `unset -f ${f}`) },
  { weight: 2, arbitrary: fc.constantFrom('return', 'return 1', 'exit', 'break', 'continue', 'break 2', 'continue 2') },
  { weight: 2, arbitrary: fc.constantFrom('set -e', 'set +e', 'set -a', 'set +a', 'false', 'IFS=,', 'unset IFS') },
  { weight: 1, arbitrary: fc.tuple(variable, url, url).map(([one, a, b]) => `${one}=${a},${b}`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `eval "${one}=${other}"`) },
  { weight: 1, arbitrary: fc.tuple(curl, variable).map(([get, one]) => `eval '${get} "$${one}"'`) },
  {
    weight: 1,
    arbitrary: fc.tuple(curl, variable, words).map(([get, one, all]) => `sh -c '${get} "$${one}" "$1"' sh ${all}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(curl, variable, url).map(([get, one, other]) => `env ${one}=${other} sh -c '${get} "$${one}"'`),
  },
  { weight: 1, arbitrary: fc.tuple(curl, words).map(([get, all]) => `echo ${all} | xargs ${get}`) },
  { weight: 1, arbitrary: fc.tuple(curl, words).map(([get, all]) => `echo ${all} | xargs -n1 ${get}`) },
  { weight: 1, arbitrary: fc.tuple(curl, word).map(([get, one]) => `sh <<EOF\n${get} ${one}\nEOF`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('local', 'declare', 'typeset', 'declare -g', 'typeset -x'), variable, url)
      .map(([kind, one, other]) => `${kind} ${one}=${other}`),
  },
  // What only bash has; another shell goes on without it.
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `${one}+=${other}`) },
  { weight: 1, arbitrary: fc.constantFrom('source ./env.sh', 'source ./a/env.sh', 'cd a &>/dev/null') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'v0=$((v0+1))',
      'v1=${v1#https:}',
      'v2=${v2%/x}/y',
      'trap f0 EXIT',
      'read v0 < /dev/null',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(curl, fc.constantFrom('"${@:2}"', '"${v0[@]}"', '"${v0[1]}"')).map((all) => all.join(' ')),
  },
  { weight: 1, arbitrary: fc.constantFrom('v0=("$@")', 'v1=("$v0" "$v1")', 'v0[1]="$v1"', 'v0+=("$1")') },
);

interface Shapes {
  readonly statement: string;
  readonly block: string;
}

function shapes(depth: number): fc.LetrecValue<Shapes> {
  return fc.letrec<Shapes>((tie) => {
    const block: Text = tie('block') as Text;
    const statement: Text = tie('statement') as Text;
    const nested: Text = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(test, block, block).map(([one, a, b]) => `if ${one}; then\n${a}\nelse\n${b}\nfi`),
      },
      { weight: 2, arbitrary: fc.tuple(test, block).map(([one, a]) => `if ${one}; then\n${a}\nfi`) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(test, block, test, block)
          .map(([one, a, two, b]) => `if ${one}; then\n${a}\nelif ${two}; then\n${b}\nfi`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(condition, block, block)
          .map(([one, a, b]) => `case "$${one}" in\n1)\n${a}\n;;\n*)\n${b}\n;;\nesac`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(condition, block, block)
          .map(([one, a, b]) => `case $${one}$# in\n1*)\n${a}\n;;\n01|00)\n${b}\n;;\nesac`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(variable, words, block)
          .map(([one, all, body]) => `for ${one} in ${all}; do\n${body}\ndone`),
      },
      { weight: 1, arbitrary: fc.tuple(variable, block).map(([one, body]) => `for ${one}; do\n${body}\ndone`) },
      {
        weight: 2,
        arbitrary: fc.tuple(test, block, fc.nat()).map(([one, body, id]) => whileLoop('while', one, body, id)),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(test, block, fc.nat()).map(([one, body, id]) => whileLoop('until', one, body, id)),
      },
      { weight: 3, arbitrary: fc.tuple(test, statement).map(([one, body]) => `${one} && { ${body}\n}`) },
      { weight: 2, arbitrary: fc.tuple(statement, statement).map(([a, b]) => `{ ${a}\n} || { ${b}\n}`) },
      { weight: 2, arbitrary: fc.tuple(statement, statement).map(([a, b]) => `{ ${a}\n} && { ${b}\n}`) },
      { weight: 2, arbitrary: block.map((body) => `(\n${body}\n)`) },
      { weight: 1, arbitrary: block.map((body) => `{\n${body}\n}`) },
      { weight: 1, arbitrary: block.map((body) => `{\n${body}\n} | cat`) },
      { weight: 1, arbitrary: block.map((body) => `{\n${body}\n} & wait`) },
      { weight: 1, arbitrary: fc.tuple(variable, block).map(([one, body]) => `${one}=$(\n${body}\n)`) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom(...FUNCTIONS), block, fc.nat())
          .map(([f, body, id]) => definition(f, body, id)),
      },
    );
    return {
      statement: fc.oneof({ maxDepth: depth, depthIdentifier: 'shell' }, plain, nested),
      block: fc.array(statement, { minLength: 1, maxLength: 4, depthIdentifier: 'shell' }).map((all) => all.join('\n')),
    };
  });
}

/** A loop with an end of its own: three turns. */
function whileLoop(kind: string, one: string, body: string, id: number): string {
  const guard = `n${String(id)}`;
  const holds =
    kind === 'while' ? `[ "\${#${guard}}" -lt 3 ] && { ${one}; }` : `[ "\${#${guard}}" -ge 3 ] || { ${one}; }`;
  return `${guard}=\n${kind} ${holds}; do\n${guard}=x$${guard}\n${body}\ndone`;
}

/** A function that can call itself, three deep. */
function definition(f: string, body: string, id: number): string {
  const guard = `d${String(id)}`;
  return `${f}() {\ncase $${guard} in xxx) return ;; esac\n${guard}=x$${guard}\n${body}\n}`;
}

/** A file that is read twice at most, for it may read itself. */
function readTwice(body: string, guard: string): string {
  return `case $${guard} in xx) return ;; esac\n${guard}=x$${guard}\n${body}\n`;
}

/** Scripts with branches, loops, functions, folders, parameters and variables, and the files that they run and read. */
export function programs(depth: number, length: number): fc.Arbitrary<Program> {
  const { block } = shapes(depth);
  const main = fc.array(block, { minLength: 1, maxLength: length }).map((all) => all.join('\n'));
  return fc.record({ main, env: block, other: block }).map(({ main: body, env, other }) => ({
    files: {
      's.sh': `f0() { curl -A idf0 "$1"; }\nf1() { wget -U idf1 "$2"; }\n${body}\ncurl -A id0 "$v0" "$v1" "$1" "$2"\n./get.sh "$v2" "$3"\n`,
      'env.sh': readTwice(env, 'e0'),
      'a/env.sh': readTwice(other, 'e1'),
      'b/env.sh': 'v0=https://env.b.example/x\ncd ..\n',
      ...Object.fromEntries(
        ['', 'a/', 'b/', 'a/b/'].flatMap((folder, index) => [
          [
            `${folder}get.sh`,
            `curl -A idget${String(index)} https://get${String(index)}.example/x "$1" "\${v0:-https://v0.example/x}"\n`,
          ],
          [`${folder}get`, `curl -A idgetp${String(index)} https://plain${String(index)}.example/x "$2"\n`],
        ]),
      ),
    },
  }));
}

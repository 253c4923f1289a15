import fc from 'fast-check';
import { number } from './script-shapes.ts';
import type { Program } from './script-shapes.ts';

/**
 * Scripts in which almost every address is known on every way: variables and parameters are set before they are read, directories
 * exist, functions have names of their own. So what is lost is seen: there is little that the scanner may call unknown.
 * Each call of the network stands on a line of its own, beside its mark.
 */

type Text = fc.Arbitrary<string>;
const CONDITIONS = ['C0', 'C1', 'C2'];

const id = number.map(String);
const url: Text = id.map((one) => `https://h${one}.example/x`);
const urls: Text = fc.array(url, { minLength: 1, maxLength: 3 }).map((all) => all.join(' '));
const variable = fc.constantFrom('v0', 'v1');
/** Folders of the program, from its own one on; each has a get.sh. */
const folder = fc.constantFrom('"$W/a"', '"$W/b"', '"$W/a/b"', '"$W"');
const near = fc.constantFrom('a', 'b', '..', '-', '.');

/** A program of the network, with a mark by which the call is known again. */
const get: Text = fc.tuple(fc.constantFrom('curl -A', 'wget -U'), id).map(([one, mark]) => `${one} id${mark}`);
const git: Text = id.map((mark) => `git -c x.y=id${mark} ls-remote`);

const test: Text = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...CONDITIONS).map((one) => `[ "$${one}" = 1 ]`) },
  { weight: 1, arbitrary: fc.constantFrom(...CONDITIONS).map((one) => `! [ "$${one}" = 1 ]`) },
  { weight: 1, arbitrary: fc.constantFrom('[ $# -gt 1 ]', '[ -n "$2" ]', 'true', 'false', '(exit "$C0")') },
);

const address: Text = fc.oneof(
  { weight: 6, arbitrary: fc.constant('"$1"') },
  { weight: 2, arbitrary: fc.constant('"$2"') },
  { weight: 4, arbitrary: variable.map((one) => `"$${one}"`) },
  { weight: 1, arbitrary: url },
  { weight: 2, arbitrary: fc.tuple(variable, url).map(([one, other]) => `"\${${one}:-${other}}"`) },
  { weight: 2, arbitrary: url.map((other) => `"\${2:-${other}}"`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `"\${${one}-${other}}"`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `\${${one}:+${other}}`) },
  { weight: 1, arbitrary: fc.tuple(test, url, url).map(([one, a, b]) => `"$(${one} && echo ${a} || echo ${b})"`) },
);

const probe: Text = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(get, address).map((all) => all.join(' ')) },
  { weight: 2, arbitrary: fc.tuple(git, address).map((all) => all.join(' ')) },
  { weight: 2, arbitrary: get.map((one) => `${one} "$@"`) },
  { weight: 6, arbitrary: address.map((one) => `./get.sh ${one}`) },
  { weight: 2, arbitrary: address.map((one) => `sh get.sh ${one}`) },
  { weight: 1, arbitrary: fc.tuple(get, address, url).map(([one, given, other]) => `sh -c '${one} "$1" "\${v0:-${other}}"' sh ${given}`) },
  { weight: 2, arbitrary: fc.tuple(variable, url, get).map(([one, other, call]) => `${one}=${other} sh -c '${call} "$${one}"'`) },
  { weight: 2, arbitrary: fc.tuple(variable, url, get).map(([one, other, call]) => `env ${one}=${other} sh -c '${call} "$${one}"'`) },
  { weight: 1, arbitrary: get.map((one) => `eval '${one} "$1"'`) },
  { weight: 1, arbitrary: get.map((one) => `eval "${one} $1"`) },
  { weight: 1, arbitrary: fc.tuple(get, url).map(([one, other]) => `trap '${one} ${other}' EXIT`) },
  { weight: 1, arbitrary: fc.tuple(urls, get).map(([all, one]) => `echo ${all} | xargs ${one}`) },
  { weight: 1, arbitrary: fc.tuple(urls, get).map(([all, one]) => `echo ${all} "$1" | xargs -n1 ${one}`) },
  { weight: 1, arbitrary: fc.tuple(urls, get).map(([all, one]) => `printf '%s\\n' ${all} | xargs -I@ ${one} @`) },
  { weight: 1, arbitrary: fc.tuple(get, address).map(([one, given]) => `sh <<EOF\n${one} ${given}\nEOF`) },
  { weight: 1, arbitrary: fc.tuple(get, url).map(([one, other]) => `sh <<'EOF'\n${one} "\${v0:-${other}}"\nEOF`) },
  { weight: 1, arbitrary: fc.tuple(url, url, get).map(([a, b, one]) => `while read -r u; do\n${one} "$u"\ndone <<EOF\n${a}\n${b}\nEOF`) },
); // prettier-ignore

const change: Text = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(variable, url).map(([one, other]) => `${one}=${other}`) },
  { weight: 2, arbitrary: fc.tuple(variable, address).map(([one, given]) => `${one}=${given}`) },
  { weight: 5, arbitrary: urls.map((all) => `set -- ${all}`) },
  { weight: 1, arbitrary: fc.constantFrom('set -- "$2" "$1"', 'set -- "$v0" "$v1"') },
  { weight: 1, arbitrary: url.map((one) => `set -- "$@" ${one}`) },
  { weight: 1, arbitrary: fc.constantFrom('[ $# -lt 2 ] || shift', 'export v0', 'export v1', 'unset v0', 'unset v1') },
  { weight: 5, arbitrary: folder.map((one) => `cd ${one} || exit 1`) },
  { weight: 5, arbitrary: near.map((one) => `cd ${one} 2>&1 || :\n./get.sh "$1"`) },
  { weight: 1, arbitrary: near.map((one) => `cd ${one} || cd "$W" || exit 1`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `export ${one}=${other}`) },
  { weight: 1, arbitrary: fc.tuple(variable, url).map(([one, other]) => `eval "${one}=${other}"`) },
  { weight: 1, arbitrary: urls.map((all) => `eval "set -- ${all}"`) },
  { weight: 2, arbitrary: fc.constant('. "$W/env.sh"') },
); // prettier-ignore

interface Shapes {
  readonly statement: string;
  readonly block: string;
}

/** Loops, functions and the ways to leave them; `leave` is what a body may end early with. */
function leaving(block: Text, leave: string): Text {
  return fc
    .tuple(block, fc.option(fc.tuple(test, block), { freq: 3 }))
    .map(([body, more]) => (more === null ? body : `${body}\nif ${more[0]}; then ${leave}; fi\n${more[1]}`));
}

function nestedIn(statement: Text, block: Text): Text {
  const looped = fc.oneof(leaving(block, 'break'), leaving(block, 'continue'));
  const called = fc.oneof(block, leaving(block, 'return'));
  const list: Text = fc.oneof(urls, fc.constantFrom('"$@"', '"$1" "$2"', '"$v0" "$v1"'));
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(test, block, block).map(([one, a, b]) => `if ${one}; then\n${a}\nelse\n${b}\nfi`) },
    { weight: 3, arbitrary: fc.tuple(test, block).map(([one, a]) => `if ${one}; then\n${a}\nfi`) },
    { weight: 1, arbitrary: fc.tuple(test, block, test, block).map(([one, a, two, b]) => `if ${one}; then\n${a}\nelif ${two}; then\n${b}\nfi`) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...CONDITIONS), block, block).map(([one, a, b]) => `case "$${one}" in\n1)\n${a}\n;;\n*)\n${b}\n;;\nesac`) },
    { weight: 2, arbitrary: fc.tuple(test, statement).map(([one, a]) => `${one} && {\n${a}\n}`) },
    { weight: 3, arbitrary: fc.tuple(test, statement).map(([one, a]) => `${one} || {\n${a}\n}`) },
    { weight: 2, arbitrary: fc.tuple(test, statement, statement).map(([one, a, b]) => `${one} && {\n${a}\n} || {\n${b}\n}`) },
    { weight: 1, arbitrary: statement.map((a) => `false || {\n${a}\n}`) },
    { weight: 2, arbitrary: fc.tuple(variable, list, looped).map(([one, all, body]) => `for ${one} in ${all}; do\n${body}\ndone`) },
    { weight: 1, arbitrary: fc.tuple(variable, looped).map(([one, body]) => `for ${one}; do\n${body}\ndone`) },
    { weight: 2, arbitrary: fc.tuple(id, looped).map(([n, body]) => `n${n}=\nwhile [ "$n${n}" != xxx ]; do\nn${n}=x$n${n}\n${body}\ndone`) },
    { weight: 2, arbitrary: fc.tuple(test, id, looped).map(([one, n, body]) => `n${n}=\nwhile [ "$n${n}" != xx ] && ${one}; do\nn${n}=x$n${n}\n${body}\ndone`) },
    { weight: 1, arbitrary: fc.tuple(id, looped).map(([n, body]) => `n${n}=\nuntil [ "$n${n}" = xx ]; do\nn${n}=x$n${n}\n${body}\ndone`) },
    { weight: 3, arbitrary: block.map((body) => `(\n${body}\n)`) },
    { weight: 1, arbitrary: block.map((body) => `{\n${body}\n} | cat`) },
    { weight: 1, arbitrary: block.map((body) => `{\n${body}\n} & wait`) },
    { weight: 1, arbitrary: block.map((body) => `: "$(\n${body}\n)"`) },
    { weight: 3, arbitrary: fc.tuple(id, called, list).map(([n, body, all]) => `f${n}() {\n${body}\n}\nf${n} ${all}`) },
    { weight: 1, arbitrary: fc.tuple(id, variable, url, called).map(([n, one, other, body]) => `f${n}() {\nlocal ${one}=${other}\n${body}\n}\nf${n} ${other}`) },
    { weight: 1, arbitrary: fc.tuple(id, test, block, block, urls).map(([n, one, a, b, all]) => `if ${one}; then\nf${n}() {\n${a}\n}\nelse\nf${n}() {\n${b}\n}\nfi\nf${n} ${all}`) },
  ); // prettier-ignore
}

function shapes(depth: number): fc.LetrecValue<Shapes> {
  return fc.letrec<Shapes>((tie) => {
    const statement = tie('statement') as Text;
    const block = tie('block') as Text;
    return {
      statement: fc.oneof({ maxDepth: depth, depthIdentifier: 'clear' }, fc.oneof(probe, change), nestedIn(statement, block)),
      block: fc.array(statement, { minLength: 1, maxLength: 2, depthIdentifier: 'clear' }).map((all) => all.join('\n')),
    }; // prettier-ignore
  });
}

export function clearPrograms(depth: number, length: number): fc.Arbitrary<Program> {
  const { statement, block } = shapes(depth);
  const body = fc.array(statement, { minLength: 2, maxLength: length }).map((all) => all.join('\n'));
  const env = fc
    .array(change, { minLength: 1, maxLength: 2 })
    .map((all) => all.join('\n').replaceAll('. "$W/env.sh"', ':'));
  const start = fc.tuple(fc.constantFrom('', 'set -e\n'), url, url, urls);
  const last = fc.tuple(get, get, url).map(([a, b, other]) => `./get.sh "$1"\n${a} "\${v0:-${other}}"\n${b} "$v1"`);
  return fc
    .record({ start, body, last, env, block })
    .map(({ start: [options, v0, v1, all], body: main, last: end, env: file }) => ({
      files: {
        's.sh': `${options}v0=${v0}\nv1=${v1}\nset -- ${all}\n${main}\n${end}\n`,
        'env.sh': `${file}\n`,
        ...Object.fromEntries(
          ['', 'a/', 'b/', 'a/b/'].map((path, index) => [
            `${path}get.sh`,
            `curl -A idget${String(index)} https://get${String(index)}.example/x "$1"\n`,
          ]),
        ),
      },
    }));
}

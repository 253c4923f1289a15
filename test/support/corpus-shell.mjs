// @ts-check
import fc from 'fast-check';
import { mutate, mutations } from './corpus-mutations.mjs';

/** Simple commands and what stands in their place. */
const commands = [
  'git clone https://github.com/a/b.git "$GOPATH/src/github.com/a/b"',
  'git remote add origin "${REPOSITORY}"',
  'git fetch -q --depth 1 origin "${VERSION}" +refs/tags/*:refs/tags/*',
  'curl -fsSL "https://files.example/${NAME}-$ARCH.tgz" | tar -xzC /usr/local --strip-components=1',
  'git clone https://github.com/a/c.git\\\n  /src/c',
  'wget -O- https://files.example/x',
  'export GOPROXY="https://goproxy.example"',
  "export A=1 B='two words' C",
  'GO111MODULE=on GOBIN="${PREFIX:-/build}" go install "github.com/a/b/cmd/${f}@${VERSION}"',
  'X=1 Y="$(date -u +%s)"',
  'declare -a list=(one "two three" $four)',
  'local name=$1 rest="${@:2}"',
  'readonly FOO',
  'set -eux -o pipefail',
  'cd "$(dirname "$0")/.."',
  '[ -z "$X" ] || [ "$Y" = "z" ]',
  '[[ "$X" == a* && -n ${Y:-} ]]',
  'echo "a $(echo "nested \\"quote\\"" | sed \'s/x/y/\') b"',
  'echo `hostname` `echo \\`date\\``',
  'echo $((1 + 2)) ${#X} ${X%%.*} ${X##*/} ${X/a/b} ${X//c} ${X:1:2} ${!X}',
  "echo 'single $X' \"double $X\" $'ansi\\n' plain\\ escaped",
  'pip3 install --no-cache-dir yamllint==1.26.1',
  'apt-get update && apt-get install -y curl \\\n  git \\\n  jq',
  ': "${VERSION:=v1.2.3}" "${OTHER:?must be set}"',
  'test -e /x > /dev/null 2>&1',
  'cat < /etc/hosts >> "$OUT"',
  'exec 3>&1 4<> /tmp/x',
  'diff <(sort a) <(sort b)',
  'echo é😀 "ünï"',
  'printf \'%s\\n\' "${list[@]}" "${map[key]}"',
  '. ./hack/make/.go-autogen',
  '(( count > 3 ))',
  'read -r a b <<< "$line"',
  'trap "rm -rf $TMP" EXIT',
  'eval "$cmd"',
  'echo $[1 + $(nproc)] "$[X]"',
];

/** Compound forms; `@` is where commands go. */
const compounds = [
  'if @; then\n  @\nelif @; then\n  @\nelse\n  @\nfi',
  'for f in rootlesskit rootlesskit-docker-proxy; do\n  @\n  @\ndone',
  'for x; do @; done',
  'for (( i = 0; i < 3; i++ )); do @; done',
  'while read -r line; do\n  @\ndone < file',
  'until @; do @; done',
  'case "$(uname -m)" in\n  x86_64 | amd64) @ ;;\n  (arm*)\n    @\n    ;;\n  *) ;;\nesac',
  'install_x() {\n  @\n  @\n}',
  'function with_keyword {\n  @\n}',
  'f() (\n  @\n)',
  '( @; @ )',
  '{ @; @; } 2> /dev/null',
  '(\n  cd /x && @\n)',
  '@ && @ || @',
  '@ | @ |& @',
  '@ &\nwait',
  'cat <<EOF\nline $X $(@)\nEOF',
  "cat <<-'EOF' > /out\n\tliteral $X\n\tEOF",
  'cat <<A - <<"B"\none\nA\ntwo\nB',
  '! @',
  'time @',
  'select x in a b; do @; done',
  '# a comment with "quote and `tick\n@ # trailing',
  '@\n\n\n@',
];

const tokens = [
  '"',
  "'",
  '$',
  '$(',
  ')',
  '`',
  '${',
  '}',
  '{',
  '(',
  ';',
  ';;',
  '&',
  '&&',
  '|',
  '<<EOF',
  '<',
  '>',
  '\\\n',
  '\\',
  '#',
  ' # ',
  '\n',
  '\r\n',
  '\t',
  'é',
  'do',
  'done',
  ' fi',
  'then ',
  'esac',
  '!',
  '=',
  '[',
  ']]',
  '*',
  '~',
  '\u00a0',
];

/**
 * Shell scripts put together from hand-written pieces, some of them damaged.
 *
 * @param {number} maxMutations 0: only well-formed pieces
 * @returns {fc.Arbitrary<string>}
 */
export function shellScripts(maxMutations) {
  const simple = fc.constantFrom(...commands);
  // Heredoc bodies and comments must not land inside a one-line form: nesting is one deep.
  const compound = fc
    .tuple(fc.constantFrom(...compounds), fc.array(simple, { minLength: 5, maxLength: 5 }))
    .map(([form, fill]) => {
      let next = 0;
      return form.replace(/@/g, (match, offset, whole) =>
        /["{[]$/.test(whole.slice(0, offset)) ? match : (fill[next++ % fill.length] ?? 'true'),
      );
    });
  return fc
    .record({
      shebang: fc.constantFrom('', '#!/bin/sh\n', '#!/usr/bin/env bash\n'),
      parts: fc.array(fc.oneof(simple, compound), { minLength: 1, maxLength: 8 }),
      last: fc.constantFrom('\n', ''),
      crlf: fc.integer({ min: 0, max: 29 }),
      changes: mutations(tokens, maxMutations),
    })
    .map((parts) => {
      const text = parts.shebang + parts.parts.join('\n') + parts.last;
      return mutate(parts.crlf === 0 ? text.replaceAll('\n', '\r\n') : text, parts.changes);
    });
}

const openings = [
  '${',
  'a',
  'é',
  '_1',
  '$X',
  '${X}',
  '${X:-',
  '${X:+',
  '${X-',
  '${X+',
  '${X:?',
  '${X?',
  '}',
  '"',
  "'",
  '\\',
  '\\$',
  '${EMPTY:-d}',
  '${UNSET:+e}',
  '$1',
  '$$',
  ' ',
  '${X#',
  '${X%',
  '*',
  '/',
  '`',
  '{',
  ':',
  '\u00a0',
];

/**
 * Words of a Dockerfile for the expander.
 *
 * @returns {fc.Arbitrary<string>}
 */
export function dockerfileWords() {
  return fc.array(fc.constantFrom(...openings), { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
}

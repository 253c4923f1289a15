import fc from 'fast-check';

/** A statement of a script and the URL that it reaches, if any; each URL is unique, so its line can be found again. */
export interface Statement {
  readonly text: string;
  readonly wants: readonly { readonly kind: string; readonly url: string }[];
}

type Quote = 'none' | 'single' | 'double';
const quoted = (text: string, quote: Quote): string =>
  quote === 'none' ? text : quote === 'single' ? `'${text}'` : `"${text}"`;

/** How a command may stand in a script; `c` is the command, `n` makes names unique. All fit on one line and into a && chain. */
const WRAPS: readonly ((c: string, n: number) => string)[] = [
  (c) => c,
  (c) => `(${c})`,
  (c) => `{ ${c}; }`,
  (c) => `if true; then ${c}; fi`,
  (c) => `if [ -x /bin/x ]; then :; else ${c}; fi`,
  (c) => `if [ "$(uname -m)" = x86_64 ]; then ${c}; fi`,
  (c) => `case "$(uname -m)" in x86_64) : ;; *) ${c} ;; esac`,
  (c) => `for i in 1 2; do ${c}; done`,
  (c) => `while read -r x; do ${c}; done`,
  (c) => `${c} | cat`,
  (c) => `${c} || exit 1`,
  (c) => `x="$(${c})"`,
  (c, n) => `{ f${String(n)}() { ${c}; }; f${String(n)}; }`,
  (c, n) => `{ f${String(n)}() ( set -e; ${c} ); f${String(n)} a b; }`,
  (c) => (c.startsWith('{') ? c : `A=b ${c}`),
  (c) => (c.startsWith('{') ? c : `sudo env A=b ${c}`),
  (c) => `cd /tmp && ${c}`,
];

const COMMANDS: readonly { kind: string; make: (url: string, n: number, quote: Quote) => string }[] = [
  { kind: 'git', make: (url, _n, quote) => `git clone -q ${quoted(url, quote)} /src/x` },
  { kind: 'git', make: (url, n) => `{ url${String(n)}=${url}; git clone "$url${String(n)}" "$GOPATH/x"; }` },
  { kind: 'git', make: (url, n) => `{ export U${String(n)}="${url}"; git -C / clone --depth 1 \${U${String(n)}}; }` },
  { kind: 'git', make: (url, n) => `{ : "\${D${String(n)}:=${url}}"; git clone $D${String(n)}; }` },
  { kind: 'http', make: (url, _n, quote) => `curl -fsSLo /x ${quoted(url, quote)}` },
  { kind: 'http', make: (url, _n, quote) => `wget -qO- ${quoted(url, quote)}` },
];

/** What looks like network use to a careless reader. */
const DECOYS: readonly string[] = [
  "echo 'git clone https://decoy.example/a.git'",
  'echo "curl https://decoy.example/b"',
  'mkdir -p $GOPATH/src/github.com/docker/docker',
  'ln -s /x /go/src/github.com/containerd/containerd',
  'printf "%s\\n" "wget https://decoy.example/c"',
  'test -d git || true',
  'g=git; c=clone; : "$g $c https://decoy.example/d"',
  'grep -q "https://decoy.example/e" /dev/null || :',
  'git checkout -q v1 && git config --global x.y https://decoy.example/f',
  'decoy() { curl https://decoy.example/g; }',
  'command -v curl wget git',
];

const quoteOf = fc.constantFrom<Quote>('none', 'single', 'double');

/** Statements with unique URLs. */
export const statements: fc.Arbitrary<readonly Statement[]> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...COMMANDS), fc.constantFrom(...WRAPS), quoteOf) },
      { weight: 1, arbitrary: fc.constantFrom(...DECOYS) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((items) =>
    items.map((item, n): Statement => {
      if (typeof item === 'string') return { text: item, wants: [] };
      const [command, wrap, quote] = item;
      const url = `https://h${String(n)}.example/o/r${String(n)}`;
      return { text: wrap(command.make(url, n, quote), n), wants: [{ kind: command.kind, url }] };
    }),
  );

/** How the statements of one RUN are written. Out: instructions of a Dockerfile, and the scripts that they need. */
export const LAYOUTS: Readonly<
  Record<string, (texts: readonly string[]) => { instructions: string; script?: string }>
> = {
  'a chain on one line': (texts) => ({ instructions: `RUN ${texts.join(' && ')}` }),
  'a chain over lines': (texts) => ({
    instructions: `RUN --mount=type=cache,target=/c \\\n    ${texts.join(' \\\n && ')}`,
  }),
  'a chain with comments and blank lines between': (texts) => ({
    instructions: `RUN set -x; \\\n# git clone https://decoy.example/h.git\n\n${texts.join('; \\\n  # curl https://decoy.example/i \\\n')}`,
  }),
  'a heredoc': (texts) => ({
    instructions: `RUN <<EOT\n  ${texts.join('\n  # curl https://decoy.example/j\n  ')}\nEOT`,
  }),
  'a quoted heredoc for a shell': (texts) => ({ instructions: `RUN bash -ex <<'EOT'\n${texts.join('\n')}\nEOT` }),
  'a script that is copied': (texts) => ({
    instructions: 'COPY hack/s.sh /\nRUN /s.sh',
    script: `#!/bin/bash\n# wget https://decoy.example/k\n${texts.join('\n')}\n`,
  }),
  'a script that is bound and sourced': (texts) => ({
    instructions: 'RUN --mount=type=bind,src=hack,target=/t . /t/s.sh',
    script: `${texts.join('\n\n')}\n`,
  }),
  'a function of a script': (texts) => ({
    instructions: 'WORKDIR /w\nCOPY hack/s.sh ./\nRUN sh ./s.sh',
    script: `main() {\n\t${texts.join('\n\t')}\n}\n\ncat <<E\ncurl https://decoy.example/l\nE\nmain "$@"\n`,
  }),
};

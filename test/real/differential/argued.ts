import { spawnSync } from 'node:child_process';
import type { Difference } from './difference.ts';

/**
 * A difference that stays, with its reason in docs/parsers.md under the same id. The predicate is as narrow as the reason.
 * `example` is a text that shows the difference, so that an exception which is no longer needed fails its test.
 */
export interface Argued {
  readonly id: string;
  readonly kind: 'dockerfile' | 'shell';
  readonly example: string;
  applies(difference: Difference, text: string, all: readonly Difference[]): boolean;
}

/** Checks of BuildKit that come after the structure is known: flags by name, counts of arguments, forms of names and values. */
const LATER_CHECKS =
  /unknown flag|duplicate flag|missing a value on flag|expecting boolean value|invalid name for build stage|requires (at least|exactly) (one|two) argument|requires the arguments to be in JSON form|unknown type|takes no arguments|missing command after healthcheck|names can not be blank|isn't allowed|cannot accept a heredoc|unexpected key|invalid field|doesn't support variable expansion|failed to parse csv|invalid duration| in duration|interval .* cannot be less|parsing "|network .* (is )?(not )?|can not be an empty string|unknown network/i;
/** Forms that bash refuses and unbash mends. */
const BASH_REFUSES =
  /"foo\(" must be followed by \)|"for" must be followed by a literal|expansions not allowed in heredoc words|is a mksh feature|statements must be separated by/;
/** bash only warns; here it is refused, for the rest of the script would be taken for text. */
const UNENDED = /unclosed here-document/;
const NEWER_MODIFIER = /missing ':' in substitution/;
const NOT_ASCII = /[^\0-\x7f]/;

export const ARGUED: readonly Argued[] = [
  {
    id: 'later-checks',
    kind: 'dockerfile',
    example: 'FROM a\nRUN --unknown=1 true\n',
    applies: ({ what, theirs }) => what === 'laxer' && LATER_CHECKS.test(String(theirs)),
  },
  {
    id: 'newer-modifiers',
    kind: 'dockerfile',
    example: 'ARG X=a/b\nFROM ${X#a/}\n',
    applies: ({ what, theirs }) =>
      ['image', 'env', 'global ARG'].includes(what) && NEWER_MODIFIER.test(JSON.stringify(theirs)),
  },
  {
    id: 'flag-bytes',
    kind: 'dockerfile',
    example: 'FROM a\nRUN --mount=type=cache,target=/é true\n',
    applies: ({ what, line }, text) =>
      ['flags', 'mounts', 'arguments'].includes(what) && NOT_ASCII.test(flagText(text, line)),
  },
  {
    id: 'check-directive',
    kind: 'dockerfile',
    example: '# check=skip=all\n# syntax=docker/dockerfile:1\nFROM a\n',
    applies: ({ what, ours, theirs }, text) =>
      /^#\s*check\s*=/im.test(text) &&
      ((what === 'syntax' && theirs === null) ||
        (what === 'refusal' && theirs === null && /the directive check is given twice/.test(String(ours)))),
  },
  {
    id: 'mount-fields',
    kind: 'dockerfile',
    example: 'FROM a\nRUN --mount=type=secret,id=x,reqired true\n',
    applies: ({ what, ours, theirs }) =>
      what === 'refusal' && theirs === null && /of a mount is no NAME=VALUE/.test(String(ours)),
  },
  {
    id: 'flag-escape',
    kind: 'dockerfile',
    example: '# escape=`\nFROM a\nRUN --mount=type=cache,target=C:\\x true\n',
    applies: ({ what, line }, text) =>
      ['flags', 'mounts', 'arguments'].includes(what) &&
      /^#\s*escape\s*=\s*`/im.test(text) &&
      /[\\`]/.test(flagText(text, line)),
  },
  {
    id: 'json-rest',
    kind: 'dockerfile',
    example: 'FROM a\nRUN ["a"] && b\n',
    applies: ({ what, line, ours, theirs }, text) =>
      (what === 'json' && ours === false && theirs === true) ||
      (what === 'arguments' &&
        /\[[^\n]*\]\s*\S/.test(
          text
            .split('\n')
            .slice(line - 1)
            .join('\n'),
        )),
  },
  {
    id: 'line-length',
    kind: 'dockerfile',
    example: `FROM a\nRUN echo ${'x'.repeat(70_000)}\n`,
    applies: ({ what, ours, theirs }) =>
      what === 'refusal' && ours === null && /greater than max allowed size/.test(String(theirs)),
  },
  {
    id: 'escaped-backquotes',
    kind: 'shell',
    example: 'echo `echo \\`date\\``\n',
    applies: (difference, text, all) => {
      const homes = all.flatMap(({ what, ours }) => (what === 'commands' ? escapedBackquotes(text, ours) : []));
      const at = placeOf(difference);
      return at !== null && homes.some(({ start, end }) => start <= at && at < end);
    },
  },
  {
    id: 'time-after-pipe',
    kind: 'shell',
    example: 'a | time make all\n',
    applies: ({ what, ours, theirs }, text) => {
      const at = what === 'commands' ? placeOf({ ours, theirs }) : null;
      return (
        at !== null &&
        /\|&?\s*(time\s+(-p\s+)?)?$/.test(text.slice(0, at)) &&
        /^time\b/.test(text.slice(at).replace(/^/, /time\s+(-p\s+)?$/.test(text.slice(0, at)) ? 'time ' : ''))
      );
    },
  },
  {
    id: 'joined-substitutions',
    kind: 'shell',
    example: 'diff <(sort a)<(sort b)\n',
    applies: ({ what, ours, theirs }, text) => {
      if (what !== 'commands' || ours === null || theirs === null) return false;
      const cover = (side: unknown): string =>
        ((side as Shown).words ?? []).map(([start, end]) => text.slice(start, end)).join('');
      return cover(ours).replaceAll(/\s/g, '') === cover(theirs).replaceAll(/\s/g, '') && /[<>=]\(/.test(cover(ours));
    },
  },
  {
    id: 'comment-backslash',
    kind: 'shell',
    example: 'a \\\n  # comment \\\n  b\n',
    applies: ({ what, ours, theirs }, text) => {
      const start = placeOf({ ours, theirs }) ?? 0;
      const lineBefore = text.lastIndexOf('\n', text.lastIndexOf('\n', start - 1) - 1) + 1;
      return what === 'commands' && /(^|[ \t;&|])#[^\n]*\\\n/m.test(text.slice(lineBefore, lastEnd(ours, theirs)));
    },
  },
  {
    id: 'tolerant-parser',
    kind: 'shell',
    example: 'wa(it\n',
    applies: ({ what, ours, theirs }) => what === 'refusal' && ours === null && BASH_REFUSES.test(String(theirs)),
  },
  {
    id: 'bash-decides',
    kind: 'shell',
    example: 'echo ${X&}\n',
    applies: ({ what, ours, theirs }, text) =>
      what === 'refusal' && !UNENDED.test(String(theirs)) && bashAccepts(text) === (ours === null),
  },
];

/** The flags of the instruction that starts at a line, as far as a pattern can tell: the words that start with `--`. */
function flagText(text: string, line: number): string {
  const rest = text
    .split('\n')
    .slice(line - 1)
    .join('\n');
  return /^\s*\w+((?:\s|\\\r?\n|`\r?\n|#.*\n)+--(?:"[^"]*"|'[^']*'|[^\s"'])*[^\n]*)*/.exec(rest)?.[0] ?? '';
}

interface Shown {
  readonly at?: number;
  readonly words?: readonly (readonly [number, number, unknown])[];
}

function placeOf({ ours, theirs }: Pick<Difference, 'ours' | 'theirs'>): number | null {
  for (const side of [ours, theirs]) {
    const { at } = (side ?? {}) as Shown;
    if (at !== undefined) return at;
    const [first] = Array.isArray(side) ? (side as unknown[]) : [];
    if (Array.isArray(first) && typeof first[0] === 'number') return first[0];
  }
  return null;
}

function lastEnd(...sides: readonly unknown[]): number {
  return Math.max(0, ...sides.flatMap((side) => ((side ?? {}) as Shown).words ?? []).map(([, end]) => end));
}

/** Commands inside backquotes that hold a backslash all stand where the backquotes stand. */
function escapedBackquotes(text: string, ours: unknown): { start: number; end: number }[] {
  const [word] = ((ours ?? {}) as Shown).words ?? [];
  if (word === undefined) return [];
  const [start, end] = word;
  const home = text.slice(start, end);
  return home.startsWith('`') && home.endsWith('`') && home.includes('\\') ? [{ start, end }] : [];
}

/** GNU Bash says whether a text is a script at all. */
export function bashAccepts(text: string): boolean {
  const result = spawnSync('bash', ['--norc', '-n'], {
    input: text,
    timeout: 10_000,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
  if (result.error !== undefined) throw result.error;
  return result.status === 0;
}

/** The differences that no row argues for. */
export function unargued(kind: Argued['kind'], text: string, differences: readonly Difference[]): Difference[] {
  return differences.filter(
    (difference) => !ARGUED.some((argued) => argued.kind === kind && argued.applies(difference, text, differences)),
  );
}

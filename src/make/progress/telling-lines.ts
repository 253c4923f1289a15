import { tellsOf } from '../../symptoms/table.ts';

/** What programs of a build print when they fail: apt, dpkg, git, curl, go, gcc and ld, cmake, make, bash, BuildKit, docker. */
const TELLING =
  /^\s*(?:E:|Err:|W: (?:Failed|GPG|The repository)|fatal:|error:|ERROR|FAILED|fatal error|curl: \(|wget: |go: |go\d|zip: |verifying |collect2:|ld: |gcc: |cc1: |make: \*\*\*|make\[\d+\]: \*\*\*|CMake Error|gpg: |exec |failed to |unknown flag|docker: |bash: |\/bin\/\w*sh: |sh: |panic: )|\berror: |\b(?:timed? ?out|timeout|not found|no such host|could not resolve|temporary failure|connection (?:refused|reset)|permission denied|no space left|certificate|signal: killed|undefined reference)\b|exec format error|\.go:\d+:\d+: .*\bzip: /i;

/** Lines that match it by their words and say nothing. */
const EMPTY_WORDS = /^\s*(?:#|\++ )|\b0 errors?\b|(?:checking|looking) for .* (?:not found|no)$/i;

/** true for a line that tells why something failed. */
export function isTelling(line: string): boolean {
  return (TELLING.test(line) || tellsOf(line)) && !EMPTY_WORDS.test(line);
}

/** The cause often stands among the first of them, the outcome among the last. */
const FIRST = 3;

/**
 * The few lines that tell why a step failed: up to `count` (4 or more), in their order, each once: the first three telling
 * ones and the last; where none tells, the last lines.
 */
export function tellingLines(lines: readonly string[], count: number = 8): string[] {
  const clean = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  const telling = [...new Set(clean.filter(isTelling))];
  if (telling.length === 0) return clean.slice(-count);
  return telling.length <= count ? telling : [...telling.slice(0, FIRST), ...telling.slice(FIRST - count)];
}

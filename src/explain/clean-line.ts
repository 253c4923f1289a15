/** Colours and cursor movements: CSI and OSC sequences (ECMA-48). */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][A-Z0-9])/gu;

/**
 * What collectors of logs put before a line. GitHub: `gh run view --log` (job, tab, step, tab) and a time; its runner's `##[group]`. GitLab:
 * a time with the number of the stream and a letter (FF_TIMESTAMPS), `section_start:…`. Jenkins: a time in brackets. Drone: `[step:12]`.
 */
const PREFIXES: readonly RegExp[] = [
  /^\uFEFF/u,
  /^[^\t]{1,100}\t[^\t]{1,100}\t(?=\uFEFF?\d{4}-\d\d-\d\dT)/u,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]? ?/u,
  /^\d\d[OE][ +]?/u,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]? /u,
  /^section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?/u,
  /^##\[(?:error|warning|group|command|debug|section|endgroup)\] ?/u,
  /^::(?:error|warning|notice)(?: [^:]*)?::/u,
  /^\[[\w-]+:\d+\] /u,
];

/** More of one line than this says nothing more. */
const LONGEST = 4_000;
const TAIL = 1_000;

/**
 * The parts of a line as a program printed it: without colours, without what a collector put before it; a carriage return, by which
 * progress is written over, parts it in two. Pure.
 */
export function cleanLine(raw: string): readonly string[] {
  const bounded = raw.length > LONGEST + TAIL ? `${raw.slice(0, LONGEST)} … ${raw.slice(-TAIL)}` : raw;
  return bounded
    .replace(ESCAPES, '')
    .split('\r')
    .map(withoutPrefix)
    .filter((part, index, all) => part !== '' || all.length === 1 || index === 0);
}

function withoutPrefix(part: string): string {
  let text = part;
  // In this order each may come once; only a time stamps the stream's letter.
  for (const [index, prefix] of PREFIXES.entries()) {
    if (index === STREAM && text === part) continue;
    text = text.replace(prefix, '');
  }
  return text;
}

const STREAM = 3;

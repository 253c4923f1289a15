/**
 * Which of two versions of a Debian package is newer: negative where the first is older (deb-version(7), "Sorting algorithm"). Pure.
 */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a.epoch - b.epoch || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision);
}

function partsOf(version: string): { readonly epoch: number; readonly upstream: string; readonly revision: string } {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Text and numbers in turn, from the left. */
function comparePart(one: string, other: string): number {
  let [a, b] = [one, other];
  while (a !== '' || b !== '') {
    const [textA, textB] = [leading(a, /^\D*/u), leading(b, /^\D*/u)];
    const byText = compareText(textA, textB);
    if (byText !== 0) return byText;
    [a, b] = [a.slice(textA.length), b.slice(textB.length)];
    const [numberA, numberB] = [leading(a, /^\d*/u), leading(b, /^\d*/u)];
    const byNumber = compareNumber(numberA, numberB);
    if (byNumber !== 0) return byNumber;
    [a, b] = [a.slice(numberA.length), b.slice(numberB.length)];
  }
  return 0;
}

function leading(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? '';
}

/** Digits may be more than a number holds: `20230311gitabc` has dates. */
function compareNumber(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+/u, ''), other.replace(/^0+/u, '')];
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function compareText(one: string, other: string): number {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(one.charAt(index)) - rank(other.charAt(index));
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `~` before the end, the end before letters, letters before everything else. */
function rank(character: string): number {
  if (character === '~') return -1;
  if (character === '') return 0;
  return /[A-Za-z]/u.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

/** Whether a version is as a relation wants it: `>= 2.31`. Pure. */
export function satisfies(version: string, relation: string, wanted: string): boolean {
  const difference = compareVersions(version, wanted);
  switch (relation) {
    case '<<':
      return difference < 0;
    case '<=':
    case '<':
      return difference <= 0;
    case '=':
      return difference === 0;
    case '>>':
      return difference > 0;
    default:
      return difference >= 0;
  }
}

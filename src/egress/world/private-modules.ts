/**
 * Whether a list of patterns names a module, so that it is asked of its own repository and of no module proxy.
 *
 * @param patterns the value of GONOPROXY, or of GOPRIVATE where that is not set; `none` names none
 * @param path `corp.example/team/x`
 * Rule: `go help private`; a pattern is held against as many elements of the path as it has itself (golang.org/x/mod/module,
 * MatchPrefixPatterns), with the signs of Go's path.Match. Pure.
 */
export function isPrivate(patterns: string, path: string): boolean {
  const elements = path.split('/');
  return patternsIn(patterns).some((pattern) => {
    const count = pattern.split('/').length;
    return elements.length >= count && shapeOf(pattern)?.test(elements.slice(0, count).join('/')) === true;
  });
}

/** The patterns of such a list that can name a module. Pure. */
export function patternsIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((each) => each.trim().replace(/\/$/, ''))
    .filter((each) => each !== '' && each !== 'none');
}

/** null: a pattern that path.Match refuses matches nothing. */
function shapeOf(pattern: string): RegExp | null {
  const text = pattern.replaceAll(/\[[^\]]*\]|\\.|[^]/g, (sign) => {
    if (sign === '*') return '[^/]*';
    if (sign === '?') return '[^/]';
    // A class or an escape is the same in both.
    return sign.length > 1 ? sign : sign.replace(/[.+^$(){}|[\]\\]/, String.raw`\$&`);
  });
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return null;
  }
}

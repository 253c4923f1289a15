/** `git config url.BASE.insteadOf PREFIX`: what starts with PREFIX is taken from BASE (git-config(1)). */
export interface GitRedirect {
  readonly base: string;
  readonly prefix: string;
  /** It holds on one of several ways, or in one repository: what it would change may also be fetched as it is written. */
  readonly maybe: boolean;
}

const SECTION = /^url\.(.+)\.insteadof$/i;

/**
 * The redirects after a `git config` with these arguments; null among them: not known.
 * In: `maybe` as above, for a command that may not run. Out: null where what it redirects is not known.
 */
export function afterConfig(
  before: readonly GitRedirect[],
  args: readonly (string | null)[],
  maybe: boolean,
): readonly GitRedirect[] | null {
  const isForAll = args.some((arg) => arg === '--system' || arg === '--global');
  const words = args.filter((arg) => arg?.startsWith('-') !== true);
  // `git config set NAME VALUE`, since git 2.46.
  const [name, prefix] = /^(?:set|unset|get|list|remove-section)$/.test(words[0] ?? '') ? words.slice(1) : words;
  const base = SECTION.exec(name ?? '')?.[1];
  const isGone = args.some((arg) => /^(?:--)?(?:unset|unset-all|remove-section)$/.test(arg ?? ''));
  if (isGone) {
    const section = base ?? /^url\.(.+)$/.exec(name ?? '')?.[1];
    const isMeant = (one: GitRedirect): boolean => name === null || one.base === section;
    return before.map((one) => (isMeant(one) ? { ...one, maybe: true } : one));
  }
  if (name === undefined) return before;
  if (name === null) return null;
  if (base === undefined) return before;
  if (prefix === undefined) return before;
  return prefix === null ? null : [...before, { base, prefix, maybe: maybe || !isForAll }];
}

/** The addresses that git may ask: of all prefixes that fit, the longest counts, and of equal ones the last. */
export function redirected(url: string, redirects: readonly GitRedirect[]): string[] {
  const fitting = redirects.filter(({ prefix }) => url.startsWith(prefix));
  const longest = Math.max(...fitting.map(({ prefix }) => prefix.length));
  const last = fitting.findLast(({ prefix }) => prefix.length === longest);
  if (last === undefined) return [url];
  const own = `${last.base}${url.slice(last.prefix.length)}`;
  if (!last.maybe) return [own];
  const without = redirected(
    url,
    redirects.filter((one) => one !== last),
  );
  return [...new Set([own, ...without])];
}

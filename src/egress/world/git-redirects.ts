/** `git config url.BASE.insteadOf PREFIX`: what starts with PREFIX is taken from BASE (git-config(1)). */
export interface GitRedirect {
  readonly base: string;
  readonly prefix: string;
}

/** What `git config` with these arguments sets for all repositories, or null. null among them: not known. */
export function redirectOf(args: readonly (string | null)[]): GitRedirect | null {
  if (!args.some((arg) => arg === '--system' || arg === '--global')) return null;
  const [name, prefix] = args.filter((arg) => arg?.startsWith('--') !== true);
  const base = /^url\.(.+)\.insteadof$/i.exec(name ?? '')?.[1];
  return base === undefined || prefix === undefined || prefix === null ? null : { base, prefix };
}

/** The address that git asks: of all prefixes that fit, the longest counts. */
export function redirected(url: string, redirects: readonly GitRedirect[]): string {
  const fitting = redirects.filter(({ prefix }) => url.startsWith(prefix));
  const longest = Math.max(...fitting.map(({ prefix }) => prefix.length));
  const last = fitting.findLast(({ prefix }) => prefix.length === longest);
  return last === undefined ? url : `${last.base}${url.slice(last.prefix.length)}`;
}

import type { Login } from './netrc.ts';

/**
 * The `Authorization` header for a URL, where a login for its host is known; null: none, or not over this connection. Over plain http
 * anybody on the way would read it, so it goes to https alone, and to this machine itself.
 * Source: RFC 7617.
 */
export function basicAuth(url: URL, logins: readonly Login[]): string | null {
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return null;
  const found = logins.find(({ machine }) => machine === url.hostname.toLowerCase());
  if (found === undefined) return null;
  return `Basic ${Buffer.from(`${found.login}:${found.password}`, 'utf8').toString('base64')}`;
}

/** A host that is this machine: what is sent there leaves it not. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|(?:.*\.)?localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/iu.test(hostname);
}

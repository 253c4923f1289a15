/** Where a registry wants its token to be fetched (https://distribution.github.io/distribution/spec/auth/token/). */
export interface TokenSource {
  readonly url: string;
}

/**
 * Reads `WWW-Authenticate: Bearer realm="…",service="…",scope="…"` (RFC 6750, 3). null: no such challenge, so it wants a login.
 *
 * @param scope what is asked for where the challenge does not say
 */
export function tokenSource(challenge: string, scope: string): TokenSource | null {
  if (!/^bearer\s/iu.test(challenge)) return null;
  const parameters = new Map(
    [...challenge.matchAll(/([a-z_]+)="([^"]*)"/giu)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const realm = parameters.get('realm') ?? '';
  if (!URL.canParse(realm)) return null;
  const url = new URL(realm);
  const service = parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', parameters.get('scope') ?? scope);
  return { url: url.href };
}

/** The token in the answer of a token server, under either of its two names; null: none. */
export function tokenIn(body: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { token, access_token: other } = value as Readonly<Record<string, unknown>>;
    const found = typeof token === 'string' ? token : other;
    // A line break in it would make a second header.
    return typeof found === 'string' && /^[\w.~+/=-]+$/u.test(found) ? found : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

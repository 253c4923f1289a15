import type { Dispatcher } from 'undici';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { HostNames } from './host-names.ts';
import type { Trust } from './http-trust.ts';
import type { Login } from './netrc.ts';

/** How this machine reaches the network. */
export interface Reach {
  /** Its proxy variables count: http_proxy, https_proxy, all_proxy and no_proxy, in lower or upper case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly trust: Trust;
  readonly names: HostNames;
  /** Those of `--netrc`. */
  readonly logins?: readonly Login[] | undefined;
}

/**
 * Connections for one request to that URL: through the proxy that curl and git would take, which Node's own fetch does not.
 * Each request gets connections of its own, so that the time to connect is measured each time.
 *
 * @param over ends its connections, also those that are still being made
 * @throws MobyBuildError `bad-proxy` (2) for a proxy variable that holds no http or https URL
 */
export async function agentFor(url: URL, { env, trust, names }: Reach, over: AbortSignal): Promise<Dispatcher> {
  // A third of the bundle, and most runs ask nobody.
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const tls = { secureContext: trust.secureContext, lookup: names.lookup, signal: over };
  const secure = url.protocol === 'https:';
  const proxy = proxyFor(secure ? 'https_proxy' : 'http_proxy', env);
  if (proxy === null) return new Agent({ connect: tls });
  return new EnvHttpProxyAgent({
    httpProxy: proxy,
    httpsProxy: proxy,
    noProxy: variable('no_proxy', env) ?? '',
    // As curl does: CONNECT for https alone; many proxies refuse it for port 80.
    proxyTunnel: secure,
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
  });
}

function proxyFor(name: string, env: Reach['env']): string | null {
  for (const each of [name, 'all_proxy']) {
    const value = variable(each, env);
    if (value === undefined) continue;
    // curl takes `proxy.corp:3128` for http.
    const text = value.includes('://') ? value : `http://${value}`;
    if (URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol)) return text;
    throw new MobyBuildError({
      code: 'bad-proxy',
      exitCode: EXIT.usage,
      message: `The variable ${each} holds no proxy that can be used here: an http or https URL is needed.`,
      where: each,
      hint: 'For example http://proxy.example:3128; a SOCKS proxy is not supported.',
    });
  }
  return null;
}

/** The lower-case one wins, as in curl; an empty one is none. */
function variable(name: string, env: Reach['env']): string | undefined {
  return [env[name], env[name.toUpperCase()]].find((value) => value !== undefined && value !== '');
}

import type { Dispatcher, buildConnector as BuildConnector } from 'undici';
import type { Socket } from 'node:net';
import type { HostNames } from './host-names.ts';
import type { Trust } from './http-trust.ts';
import type { Login } from './netrc.ts';
import { bareHost, isDirect, proxyFor, proxyVariable, type Proxy } from './proxy-variables.ts';
import { connectThrough } from './socks.ts';

/** How this machine reaches the network. */
export interface Reach {
  /** Its proxy variables count: http_proxy, https_proxy, all_proxy and no_proxy, in lower or upper case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly trust: Trust;
  readonly names: HostNames;
  /** Those of `--netrc`. */
  readonly logins?: readonly Login[] | undefined;
  /** true: nobody is asked (`--offline`). */
  readonly offline?: boolean | undefined;
}

/**
 * Connections for one request to that URL: through the proxy that curl and git would take, which Node's own fetch does not.
 * Each request gets connections of its own, so that the time to connect is measured each time.
 *
 * @param over ends its connections, also those that are still being made
 * @throws MobyBuildError `bad-proxy` (2) for a proxy variable that names no proxy of http, https or SOCKS 5
 */
export async function agentFor(url: URL, { env, trust, names }: Reach, over: AbortSignal): Promise<Dispatcher> {
  // A third of the bundle, and most runs ask nobody.
  const { Agent, ProxyAgent, buildConnector } = await import('undici');
  const tls = { secureContext: trust.secureContext, lookup: names.lookup, signal: over };
  const secure = url.protocol === 'https:';
  const proxy = isDirect(url, proxyVariable('no_proxy', env) ?? '') ? null : proxyFor(secure ? 'https' : 'http', env);
  if (proxy === null) return new Agent({ connect: tls });
  // Neither undici's agent for SOCKS (it always asks the proxy for names, and warns of itself on stderr) nor another package is needed.
  if (proxy.kind !== 'http') return new Agent({ connect: throughSocks(proxy, names, buildConnector(tls)) });
  return new ProxyAgent({
    uri: proxy.url.href,
    // As curl does: CONNECT for https alone; many proxies refuse it for port 80.
    proxyTunnel: secure,
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
  });
}

/** Connects by way of a SOCKS proxy; TLS is spoken with the server behind it, as without a proxy. */
function throughSocks(
  { url, kind }: Proxy,
  names: HostNames,
  connect: BuildConnector.connector,
): BuildConnector.connector {
  const login =
    url.username === '' ? null : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  const place = { hostname: bareHost(url), port: url.port === '' ? '1080' : url.port, protocol: 'http:' };
  return (wanted, callback) => {
    const failed = (cause: unknown): void => {
      callback(cause instanceof Error ? cause : new Error(String(cause)), null);
    };
    connect(place, (error, socket) => {
      if (error !== null) {
        failed(error);
        return;
      }
      const port = Number(wanted.port === '' ? (wanted.protocol === 'https:' ? 443 : 80) : wanted.port);
      tunnel(socket, wanted.hostname.replace(/^\[(.*)\]$/u, '$1'), port)
        .then(() => {
          if (wanted.protocol === 'https:') connect({ ...wanted, httpSocket: socket }, callback);
          else callback(null, socket);
        })
        .catch((cause: unknown) => {
          socket.destroy();
          failed(cause);
        });
    });
  };

  async function tunnel(socket: Socket, host: string, port: number): Promise<void> {
    await connectThrough(socket, kind === 'socks5' ? await addressOf(host, names) : host, port, login);
  }
}

/** As git does with `socks5://`: this machine looks the name up. */
function addressOf(host: string, { lookup }: HostNames): Promise<string> {
  return new Promise((resolve, reject) => {
    lookup(host, {}, (error, address) => {
      if (error !== null) reject(error);
      else resolve(typeof address === 'string' ? address : (address[0]?.address ?? host));
    });
  });
}

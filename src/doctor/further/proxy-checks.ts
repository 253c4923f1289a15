import type { Verdict } from '../context.ts';
import { needsEngine, requireEngine } from '../engine-checks.ts';
import { proxyPlace } from '../../make/flags/proxies.ts';
import { redactText } from '../../system/redact.ts';
import type { Asked, FurtherCheck } from './asked.ts';

type Environment = Asked['env'];

/** Proxies of this environment, of the steps and of the engine: three that have to agree. */
export const PROXY_CHECKS: readonly FurtherCheck[] = [
  { id: 'proxy-kind', title: 'proxy variables', group: 'Network', skip: () => null, run: ({ env }) => judgeKind(env) },
  {
    id: 'proxy-loopback',
    title: 'proxy for the steps',
    group: 'Network',
    skip: ({ network }) => (network === 'host' ? 'the steps use the network of this machine' : null),
    run: judgeLoopback,
  },
  { id: 'engine-proxy', title: "engine's proxy", group: 'Network', skip: needsEngine, run: judgeEngine },
];

/** The lower-case one wins, as in curl; an empty one is none. */
function valueOf(name: string, env: Environment): string | null {
  return [env[name], env[name.toUpperCase()]].find((value) => value !== undefined && value !== '') ?? null;
}

/** Go's net/http reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY (golang.org/x/net/http/httpproxy); apt reads http_proxy and https_proxy (apt.conf(5)). */
function judgeKind(env: Environment): Verdict {
  const all = valueOf('all_proxy', env);
  const http = valueOf('http_proxy', env);
  const https = valueOf('https_proxy', env);
  const set = [http, https].filter((value) => value !== null);
  if (all !== null && set.length === 0)
    return {
      result: 'warning',
      seen: 'only all_proxy is set, which neither Go nor apt reads',
      fix: /^socks/iu.test(all)
        ? 'Set https_proxy and http_proxy to an http:// proxy; apt reads no SOCKS address.'
        : `export http_proxy="${quoted(all)}" https_proxy="${quoted(all)}"`,
    };
  const socks = set.find((value) => /^socks/iu.test(value));
  if (socks !== undefined)
    return {
      result: 'warning',
      seen: `${proxyPlace(socks)} is a SOCKS proxy: steps that use apt do not get through`,
      fix: 'Set http_proxy and https_proxy to an http:// proxy.',
    };
  if (http !== null && https === null)
    return {
      result: 'warning',
      seen: 'http_proxy is set and https_proxy is not: https goes out directly',
      fix: 'export https_proxy="$http_proxy"',
    };
  return { result: 'ok', seen: set.length === 0 ? 'none' : [...new Set(set.map(proxyPlace))].join(', ') };
}

function judgeLoopback({ env }: Asked): Verdict {
  const near = ['http_proxy', 'https_proxy', 'all_proxy'].filter((name) => {
    const host = proxyPlace(valueOf(name, env) ?? '');
    return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/u.test(host);
  });
  if (near.length === 0) return { result: 'ok', seen: 'none is on loopback' };
  return {
    result: 'warning',
    seen: `${near.join(', ')} is on loopback, which steps do not reach`,
    fix: 'Build with --network host, or name the proxy by an address that containers reach.',
  };
}

/** The engine pulls images by itself, and no client tells it how. */
function judgeEngine(asked: Asked): Verdict {
  const { env } = asked;
  const engine = requireEngine(asked);
  const own = valueOf('https_proxy', env) ?? valueOf('http_proxy', env);
  const its = engine.httpsProxy ?? engine.httpProxy;
  if (own === null && its === null) return { result: 'ok', seen: 'none, here or there' };
  if (own !== null && its !== null && proxyPlace(own) === proxyPlace(its))
    return { result: 'ok', seen: proxyPlace(its) };
  if (own === null)
    return {
      result: 'warning',
      seen: `the engine uses ${proxyPlace(its ?? '')}, and this environment none`,
      fix: `export https_proxy="http://${proxyPlace(its ?? '')}" http_proxy="http://${proxyPlace(its ?? '')}"   # if this machine needs it`,
    };
  return {
    result: 'warning',
    seen: `${its === null ? 'none' : proxyPlace(its)}, and this environment says ${proxyPlace(own)}`,
    fix: `Where pulls fail, set "proxies": {"http-proxy": "${redactText(own)}", "https-proxy": "${redactText(own)}"} in /etc/docker/daemon.json (engine 23.0 and newer) and restart the engine.`,
  };
}

/** A value as a line shows it: without password, and with nothing that a shell expands. */
function quoted(value: string): string {
  return redactText(value).replaceAll(/["$`\\]/gu, '');
}

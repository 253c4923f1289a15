import type { Verdict } from '../context.ts';
import { needsEngine, requireEngine } from '../engine-checks.ts';
import { proxyPlace } from '../../make/flags/proxies.ts';
import { stepProxies } from '../../make/flags/step-proxies.ts';
import { proxyVariable } from '../../system/http/proxy-variables.ts';
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

/** Go's net/http reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY (golang.org/x/net/http/httpproxy); apt reads http_proxy and https_proxy (apt.conf(5)). */
function judgeKind(env: Environment): Verdict {
  const { given, unheard } = stepProxies(env);
  const told = given.filter(({ name }) => /^https?_proxy$/u.test(name));
  if (unheard.length > 0)
    return {
      result: 'warning',
      seen: `${unheard.join(', ')} names a proxy of a kind that neither Go nor apt knows`,
      fix: 'Set http_proxy and https_proxy to an http:// or socks5h:// proxy.',
    };
  const http = proxyVariable('http_proxy', env);
  if (http !== undefined && !told.some(({ name }) => name === 'https_proxy'))
    return {
      result: 'warning',
      seen: 'http_proxy is set and https_proxy is not: https goes out directly',
      fix: 'export https_proxy="$http_proxy"',
    };
  const places = [...new Set(told.map(({ lower }) => proxyPlace(lower)))].join(', ');
  if (told.some(({ socks }) => socks))
    return { result: 'ok', seen: `${places}, SOCKS; steps get it in the forms that they read` };
  if (told.some(({ from }) => from !== null))
    return { result: 'ok', seen: `${places}, of all_proxy; steps get it as http_proxy and https_proxy` };
  return { result: 'ok', seen: places === '' ? 'none' : places };
}

function judgeLoopback({ env }: Asked): Verdict {
  const near = ['http_proxy', 'https_proxy', 'all_proxy'].filter((name) => {
    const host = proxyPlace(proxyVariable(name, env) ?? '');
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
  const own =
    proxyVariable('https_proxy', env) ?? proxyVariable('all_proxy', env) ?? proxyVariable('http_proxy', env) ?? null;
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

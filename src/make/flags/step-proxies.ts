import { proxyVariable, withScheme } from '../../system/http/proxy-variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that BuildKit knows as build arguments without an ARG, in both cases: RUN steps have them, the image and the cache key do not
 * (Dockerfile reference, "Predefined ARGs").
 */
export const PREDEFINED = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'];

/** A proxy variable as the steps get it. */
export interface StepProxy {
  /** In lower case; the upper-case one is handed over with it. */
  readonly name: string;
  /** The values of the lower-case and the upper-case variable. They may hold a password. */
  readonly lower: string;
  readonly upper: string;
  /** The variable of this environment that it comes from, where that is another one. */
  readonly from: string | null;
  /** SOCKS 5, in the two forms that the tools read. */
  readonly socks: boolean;
}

export interface StepProxies {
  readonly given: readonly StepProxy[];
  /** Variables whose kind of proxy Go and apt do not read: `all_proxy` with SOCKS 4. */
  readonly unheard: readonly string[];
}

/**
 * The proxies of this environment in the form that the tools of the steps read. Pure.
 *
 * - apt reads http_proxy and https_proxy in lower case alone, with a scheme, and of SOCKS `socks5h://` alone (apt's methods/http.cc and
 *   connect.cc, UnwrapSocks; seen with apt 2.6.1). git and curl read the lower case first.
 * - Go reads the upper case first, and of SOCKS every version reads `socks5://` (golang.org/x/net/http/httpproxy, net/http's transport.go);
 *   it leaves names to the proxy then, as socks5h does.
 * - Neither reads all_proxy.
 */
export function stepProxies(environment: Environment): StepProxies {
  const all = proxyVariable('all_proxy', environment);
  const unheard = new Set<string>();
  const given = PREDEFINED.flatMap((name): StepProxy[] => {
    const own = proxyVariable(name, environment);
    const value = own ?? (name === 'http_proxy' || name === 'https_proxy' ? all : undefined);
    if (value === undefined) return [];
    if (name === 'no_proxy') return [{ name, lower: value, upper: value, from: null, socks: false }];
    const from = own === undefined ? 'all_proxy' : null;
    const text = withScheme(value);
    const [, scheme = '', rest = ''] = /^([a-z0-9+.-]+):\/\/(.*)$/isu.exec(text) ?? [];
    const socks = /^socks5h?$/iu.test(scheme);
    if (!socks && !/^https?$/iu.test(scheme)) {
      if (name !== 'ftp_proxy') unheard.add(from ?? name);
      return own === undefined ? [] : [{ name, lower: value, upper: value, from, socks }];
    }
    // curl, which alone reads all_proxy, knows both forms.
    if (!socks || name === 'all_proxy') return [{ name, lower: text, upper: text, from, socks }];
    return [{ name, lower: `socks5h://${rest}`, upper: `socks5://${rest}`, from, socks }];
  });
  return { given, unheard: heard(given) ? [] : [...unheard] };
}

/** all_proxy of a kind that nobody reads is nobody's loss where the two that are read have a value. */
function heard(given: readonly StepProxy[]): boolean {
  const readable = given.filter(({ name, lower }) => /^https?_proxy$/u.test(name) && !/^socks4?a?:/iu.test(lower));
  return readable.length === 2;
}

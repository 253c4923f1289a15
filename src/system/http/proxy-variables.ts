import { BlockList, isIP } from 'node:net';
import { EXIT, MobyBuildError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that a variable names. */
export interface Proxy {
  /** In lower case: `https_proxy`, `all_proxy`. */
  readonly variable: string;
  readonly url: URL;
  /** `socks5` looks names up on this machine, `socks5h` leaves that to the proxy (curl(1), --proxy). */
  readonly kind: 'http' | 'socks5' | 'socks5h';
}

const KINDS: Readonly<Record<string, Proxy['kind']>> = {
  'http:': 'http',
  'https:': 'http',
  'socks5:': 'socks5',
  'socks5h:': 'socks5h',
};

/** The value of a proxy variable: the lower-case one wins, as in curl; an empty one is none. */
export function proxyVariable(name: string, env: Environment): string | undefined {
  return [env[name], env[name.toUpperCase()]].find((value) => value !== undefined && value !== '');
}

/**
 * The proxy that curl and git take for a scheme: its own variable, else `all_proxy`; null: none. Pure.
 *
 * @throws MobyBuildError `bad-proxy` (2) for a value that names no proxy of these kinds; the value is not repeated
 */
export function proxyFor(scheme: 'http' | 'https', env: Environment): Proxy | null {
  for (const variable of [`${scheme}_proxy`, 'all_proxy']) {
    const value = proxyVariable(variable, env);
    if (value === undefined) continue;
    const text = withScheme(value);
    const url = URL.canParse(text) ? new URL(text) : null;
    const kind = KINDS[url?.protocol ?? ''];
    if (url === null || kind === undefined || url.hostname === '') throw badProxy(variable, url?.protocol ?? '');
    return { variable, url, kind };
  }
  return null;
}

/** curl takes `proxy.corp:3128` for http. Pure. */
export function withScheme(value: string): string {
  return value.includes('://') ? value : `http://${value}`;
}

function badProxy(variable: string, protocol: string): MobyBuildError {
  const socks = protocol.startsWith('socks');
  return new MobyBuildError({
    code: 'bad-proxy',
    exitCode: EXIT.usage,
    message: `The variable ${variable} holds no proxy that can be used here: an http, https, socks5 or socks5h URL is needed.`,
    where: variable,
    hint: socks
      ? `${protocol}// stands for SOCKS 4, which Go and apt do not speak. Most such proxies speak SOCKS 5 at the same port: socks5h://HOST:PORT`
      : 'For example http://proxy.example:3128 or socks5h://proxy.example:1080',
  });
}

/**
 * Whether `no_proxy` says that a host is asked directly: `*`, a name and all below it (with or without a dot before it), an address, or a
 * block of addresses (curl's lib/noproxy.c); a port behind a name counts, as for Go. Pure.
 */
export function isDirect(url: URL, noProxy: string): boolean {
  const host = bareHost(url).replace(/\.$/u, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const entries = noProxy.toLowerCase().split(/[\s,]+/u);
  return entries.some((entry) => entry === '*' || (entry !== '' && covers(entry, host, port)));
}

function covers(entry: string, host: string, port: string): boolean {
  const family = isIP(host);
  if (entry.includes('/')) return family !== 0 && inBlock(entry, host, family);
  const [, bracketed, name, ofPort] = /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*))(?::(\d+))?$/u.exec(entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  const plain = (bracketed ?? name ?? '').replace(/^\*?\./u, '').replace(/\.$/u, '');
  if (family !== 0) return plain === host;
  return plain !== '' && (host === plain || host.endsWith(`.${plain}`));
}

function inBlock(entry: string, host: string, family: number): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/u.exec(entry) ?? [];
  if (isIP(address) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, Number(bits), type);
  return block.check(host, type);
}

/** Without the brackets of an IPv6 address. Pure. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1');
}

export interface ProxyWish {
  method: string;
  /** `host:port` for CONNECT, the URL's host else. */
  target: string;
  /** Whether the login was the right one, or none was wanted. */
  allowed: boolean;
}

export interface ForwardProxy {
  /** `127.0.0.1:PORT` */
  host: string;
  /** With the login that it wants. */
  url: string;
  wishes: ProxyWish[];
  close: () => Promise<void>;
}

/** A forward proxy; see forward-proxy.mjs for the options. */
export function startForwardProxy(options?: {
  login?: string;
  locate?: (host: string, port: number) => { host: string; port: number };
  at?: { host: string; port: number };
}): Promise<ForwardProxy>;

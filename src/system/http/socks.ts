import type { Socket } from 'node:net';

/** A SOCKS proxy that does not connect, or that is none. */
export class SocksError extends Error {
  readonly code = 'ERR_SOCKS';
}

/** What the library says, in our words: of the codes of RFC 1928, 6, by the names that it gives them, and of the login. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/ - NotAllowed$/u, 'its rules do not allow this connection'],
  [/ - NetworkUnreachable$/u, 'the network cannot be reached'],
  [/ - HostUnreachable$/u, 'the host cannot be reached'],
  [/ - ConnectionRefused$/u, 'the connection is refused'],
  [/ - TTLExpired$/u, 'the time to live is over'],
  [/ - CommandNotSupported$/u, 'it does not know this command'],
  [/ - AddressNotSupported$/u, 'it does not know this kind of address'],
  [/Authentication failed/iu, 'it does not take the login'],
  [/No accepted authentication type|unknown authentication type/iu, 'it wants a login'],
  [/invalid socks version|not a valid|invalid Socks5/iu, 'what it answers is not SOCKS 5'],
  [/Socket closed/iu, 'it ends the connection'],
];

export interface SocksLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * Asks a SOCKS 5 proxy (RFC 1928, with the login of RFC 1929) for a connection; the socket then is that connection.
 *
 * @param socket connected to the proxy, and read by nobody
 * @param host a name, which the proxy looks up, or an address without brackets
 * Throws SocksError where the proxy says no, says something else, or ends the connection.
 */
export async function connectThrough(
  socket: Socket,
  host: string,
  port: number,
  login: SocksLogin | null,
): Promise<void> {
  const { SocksClient } = await import('socks');
  try {
    await SocksClient.createConnection({
      // Where the proxy is does not matter: the connection is there already.
      proxy: {
        host: socket.remoteAddress ?? '127.0.0.1',
        port: socket.remotePort ?? 1080,
        type: 5,
        ...(login === null ? {} : { userId: login.user, password: login.password }),
      },
      existing_socket: socket,
      command: 'connect',
      destination: { host, port },
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new SocksError(MEANINGS.find(([pattern]) => pattern.test(said))?.[1] ?? said, { cause });
  }
}

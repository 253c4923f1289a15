import { isIP, type Socket } from 'node:net';

/** A SOCKS proxy that does not connect, or that is none. */
export class SocksError extends Error {
  readonly code = 'ERR_SOCKS';
}

/** RFC 1928, 6: what the proxy says of a connection that it did not make. */
const REPLIES: Readonly<Record<number, string>> = {
  1: 'it failed',
  2: 'its rules do not allow this connection',
  3: 'the network cannot be reached',
  4: 'the host cannot be reached',
  5: 'the connection is refused',
  6: 'the time to live is over',
  7: 'it does not know this command',
  8: 'it does not know this kind of address',
};

const NO_LOGIN = 0;
const PASSWORD = 2;

export interface SocksLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * Asks a SOCKS 5 proxy (RFC 1928, with the login of RFC 1929) for a connection; the socket then is that connection.
 *
 * @param socket connected to the proxy, and read by nobody
 * @param host a name, which the proxy looks up, or an address
 * Throws SocksError where the proxy says no, says something else, or ends the connection.
 */
export async function connectThrough(
  socket: Socket,
  host: string,
  port: number,
  login: SocksLogin | null,
): Promise<void> {
  const methods = login === null ? [NO_LOGIN] : [NO_LOGIN, PASSWORD];
  socket.write(Buffer.from([5, methods.length, ...methods]));
  const pieces = new Pieces(socket);
  const [version, method] = await pieces.take(2);
  if (version !== 5) throw new SocksError('what it answers is not SOCKS 5');
  if (method === PASSWORD && login !== null) await logIn(socket, pieces, login);
  else if (method !== NO_LOGIN)
    throw new SocksError(login === null ? 'it wants a login' : 'it takes no login by password');
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), addressOf(host), Buffer.from([port >> 8, port & 0xff])]));
  const [, reply = 1, , type = 0] = await pieces.take(4);
  if (reply !== 0) throw new SocksError(REPLIES[reply] ?? `it answers ${String(reply)}`);
  // The address that it uses itself is nothing to us, but it stands before the first byte of the server.
  const length = type === 1 ? 4 : type === 4 ? 16 : ((await pieces.take(1))[0] ?? 0);
  await pieces.take(length + 2);
  pieces.giveBack();
}

async function logIn(socket: Socket, pieces: Pieces, { user, password }: SocksLogin): Promise<void> {
  const words = [user, password].map((text) => Buffer.from(text));
  if (words.some(({ length }) => length > 255)) throw new SocksError('its login is longer than SOCKS 5 can say');
  socket.write(Buffer.concat([Buffer.from([1]), ...words.flatMap((word) => [Buffer.from([word.length]), word])]));
  const [, status] = await pieces.take(2);
  if (status !== 0) throw new SocksError('it does not take the login');
}

/** RFC 1928, 5: the kind of the address, and the address. */
function addressOf(host: string): Buffer {
  const family = isIP(host);
  if (family === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (family === 6) return Buffer.from([4, ...ipv6Bytes(host)]);
  const name = Buffer.from(host);
  if (name.length > 255) throw new SocksError('the name is longer than SOCKS 5 can say');
  return Buffer.concat([Buffer.from([3, name.length]), name]);
}

/** The URL Standard writes an address as words of hexadecimal digits, the longest run of zeros as `::`. */
function ipv6Bytes(host: string): readonly number[] {
  const [before = '', after] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::');
  const [begin, end] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  const zeros = Array<string>(8 - begin.length - end.length).fill('0');
  return [...begin, ...zeros, ...end].flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 0xff]);
}

/** What a socket brings, in pieces of a known length. */
class Pieces {
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
  }

  async take(length: number): Promise<Buffer> {
    while (this.rest.length < length) {
      // All that is there: a stream that keeps some says at once again that it can be read.
      const got = this.socket.read() as Buffer | null;
      if (got !== null) this.rest = Buffer.concat([this.rest, got]);
      else if (this.socket.readableEnded || this.socket.destroyed) throw new SocksError('it ends the connection');
      else await readable(this.socket);
    }
    const piece = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return piece;
  }

  /** What follows belongs to the server behind the proxy. */
  giveBack(): void {
    if (this.rest.length > 0) this.socket.unshift(this.rest);
  }
}

function readable(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const events = ['readable', 'end', 'close'] as const;
    const done = (): void => {
      for (const event of events) socket.off(event, done);
      socket.off('error', fail);
      resolve();
    };
    const fail = (cause: Error): void => {
      for (const event of events) socket.off(event, done);
      reject(cause);
    };
    for (const event of events) socket.once(event, done);
    socket.once('error', fail);
  });
}

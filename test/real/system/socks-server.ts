import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a SOCKS 5 proxy was asked for: `NAME:PORT` or `ADDRESS:PORT`, as it came over the wire. */
export interface SocksServer {
  readonly port: number;
  readonly wishes: string[];
  readonly close: () => Promise<void>;
}

export interface SocksOptions {
  /** `name:password`; without it, it takes everybody. */
  readonly login?: string;
  /** The port of loopback where all connections go. */
  readonly to: number;
  /** What it answers instead of a connection (RFC 1928, 6); `hang-up`: it ends the connection; `page`: it speaks HTTP. */
  readonly fault?: number | 'hang-up' | 'page';
}

/** A SOCKS 5 proxy (RFC 1928, RFC 1929) that sends its answers byte by byte. */
export async function startSocksServer({ login, to, fault }: SocksOptions): Promise<SocksServer> {
  const wishes: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    serve(client).catch(() => client.destroy());
  });

  async function serve(client: Socket): Promise<void> {
    let rest = Buffer.alloc(0);
    const take = async (length: number): Promise<Buffer> => {
      while (rest.length < length) {
        const got = client.read() as Buffer | null;
        if (got === null) await once(client, 'readable');
        else rest = Buffer.concat([rest, got]);
      }
      const piece = rest.subarray(0, length);
      rest = rest.subarray(length);
      return piece;
    };
    const say = (...bytes: readonly number[]): void => {
      for (const byte of bytes) client.write(Buffer.from([byte]));
    };
    if (fault === 'page') return void client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const [, count = 0] = await take(2);
    const methods = [...(await take(count))];
    if (fault === 'hang-up') return void client.end();
    if (login === undefined) say(5, 0);
    else if (!methods.includes(2)) return void client.end(Buffer.from([5, 255]));
    else {
      say(5, 2);
      await take(1);
      const user = await take((await take(1))[0] ?? 0);
      const password = await take((await take(1))[0] ?? 0);
      const right = `${String(user)}:${String(password)}` === login;
      say(1, right ? 0 : 1);
      if (!right) return void client.end();
    }
    const [, , , type] = await take(4);
    const host =
      type === 3
        ? String(await take((await take(1))[0] ?? 0))
        : type === 1
          ? [...(await take(4))].join('.')
          : (await take(16)).toString('hex');
    wishes.push(`${host}:${String((await take(2)).readUInt16BE(0))}`);
    if (typeof fault === 'number') return void client.end(Buffer.from([5, fault, 0, 1, 0, 0, 0, 0, 0, 0]));
    const onward = connect(to, '127.0.0.1');
    open.add(onward);
    onward.on('error', () => client.destroy());
    await once(onward, 'connect');
    // curl waits for ten bytes at least.
    say(5, 0, 0, 3, 4, ...Buffer.from('here'), 0, 80);
    onward.pipe(client).pipe(onward);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    wishes,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

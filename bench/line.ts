import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line between the client and the servers. */
export interface Line {
  readonly name: string;
  /** Of all connections together, in each direction. */
  readonly megabits: number;
  /** There and back, in milliseconds. */
  readonly roundTrip: number;
  /** Share of the packets that are lost, 0 to 1. */
  readonly loss: number;
}

export const LINES: readonly Line[] = [
  { name: '10 Mbit/s, 200 ms', megabits: 10, roundTrip: 200, loss: 0 },
  { name: '2 Mbit/s, 400 ms, 1 % loss', megabits: 2, roundTrip: 400, loss: 0.01 },
];

/** Bytes of a TCP segment on Ethernet. */
const SEGMENT = 1460;

/**
 * A relay in user space that is as slow as a line: one queue for each direction, and a delay of half the round trip. It drops no packet;
 * where packets are lost, one connection alone gets no more than TCP does: 1.22 × segment ÷ (round trip × √loss) (Mathis, Semke, Mahdavi
 * and Ott, "The macroscopic behavior of the TCP congestion avoidance algorithm", 1997).
 * @param port of the server on 127.0.0.1
 */
export async function startRelay(port: number, line: Line): Promise<{ port: number; close: () => Promise<void> }> {
  const shared = { there: new Queue(bytesPerSecond(line)), back: new Queue(bytesPerSecond(line)) };
  const alone = line.loss === 0 ? Infinity : (1.22 * SEGMENT) / ((line.roundTrip / 1000) * Math.sqrt(line.loss));
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    void carry(client, upstream, [shared.there, new Queue(alone)], line.roundTrip / 2);
    void carry(upstream, client, [shared.back, new Queue(alone)], line.roundTrip / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function bytesPerSecond({ megabits }: Line): number {
  return (megabits * 1_000_000) / 8;
}

/** When the bytes before these are through. */
class Queue {
  #free = 0;
  readonly #rate: number;

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Milliseconds until these bytes are through, too. */
  take(bytes: number): number {
    const now = performance.now();
    this.#free = Math.max(this.#free, now) + (bytes / this.#rate) * 1000;
    return this.#free - now;
  }
}

async function carry(from: Socket, to: Socket, queues: readonly Queue[], delay: number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length; start += 16_384) {
        const piece = chunk.subarray(start, start + 16_384);
        await sleep(Math.max(...queues.map((queue) => queue.take(piece.length))));
        // The delay holds up no byte behind this one.
        setTimeout(() => to.write(piece), delay);
      }
    }
  } catch {
    // The connection was cut: the other side hears it below.
  }
  setTimeout(() => to.end(), delay);
}

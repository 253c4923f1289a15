import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

/** What a name server says: an IPv4 address, a failure (RFC 1035, 4.1.1), or nothing. */
type NameAnswer = `10.${string}` | 'SERVFAIL' | 'NXDOMAIN' | 'silence';
const CODES: Readonly<Record<string, number>> = { SERVFAIL: 2, NXDOMAIN: 3 };

/** A name server on UDP 127.0.0.1:53. It knows IPv4 addresses only. */
export async function startNameServer(answerOf: (name: string) => NameAnswer): Promise<{ readonly close: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, end } = question(query);
    const isIPv4 = query.readUInt16BE(end - 4) === 1;
    const answer = answerOf(name);
    if (answer !== 'silence') socket.send(reply(query, end, answer, isIPv4), from.port, from.address);
  });
  socket.bind(53, '127.0.0.1');
  await once(socket, 'listening');
  return {
    close: () => {
      socket.close();
    },
  };
}

/** The first question's name, and where the question ends. */
function question(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function reply(query: Buffer, end: number, answer: string, isIPv4: boolean): Buffer {
  const code = CODES[answer];
  const has = code === undefined && isIPv4;
  const head = Buffer.from(query.subarray(0, end));
  // An answer, recursion available; one question, no further records.
  head.writeUInt16BE(0x8180 | (code ?? 0), 2);
  for (const [field, count] of [1, has ? 1 : 0, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * field);
  if (!has) return head;
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...answer.split('.').map(Number)]);
  return Buffer.concat([head, record]);
}

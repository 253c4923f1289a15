import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DockerApi, splitOutput } from '../../../src/smoke/daemon/api.ts';

let dir = '';
let server: Server;
let api: DockerApi;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'smoke-api-'));
  server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    incoming.on('end', () => {
      if (incoming.url === '/hang') return;
      if (incoming.url === '/cut') {
        outgoing.writeHead(200, { 'Content-Length': '100' }).write('half');
        outgoing.destroy();
        return;
      }
      if (incoming.url === '/none') outgoing.writeHead(204).end();
      else if (incoming.url === '/refused') outgoing.writeHead(409).end('{"message":"it is in use"}');
      else if (incoming.url === '/broken') outgoing.writeHead(500).end('not JSON\n');
      else
        outgoing.end(JSON.stringify({ method: incoming.method, type: incoming.headers['content-type'] ?? null, body }));
    });
  });
  const socketPath = join(dir, 'api.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  api = new DockerApi({ socketPath });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(dir, { recursive: true });
});

describe('the API client', () => {
  test.each([
    [{ path: '/x' }, { method: 'GET', type: null, body: '' }],
    [
      { path: '/x', method: 'POST', body: { A: 1 } },
      { method: 'POST', type: 'application/json', body: '{"A":1}' },
    ],
    [
      { path: '/x', method: 'POST', body: Buffer.from('tar') },
      { method: 'POST', type: 'application/x-tar', body: 'tar' },
    ],
  ] as const)('%j', async (call, answer) => {
    expect(await api.json(call)).toEqual(answer);
  });

  test('an empty answer is null', async () => {
    expect(await api.json({ path: '/none' })).toBeNull();
  });

  test.each([
    ['/refused', 409, 'GET /refused: 409 it is in use'],
    ['/broken', 500, 'GET /broken: 500 not JSON'],
  ])('%s is an error in the daemon’s words', async (path, status, message) => {
    await expect(api.json({ path })).rejects.toMatchObject({ status, message });
  });

  test('a daemon that hangs, cuts off or is not there', async () => {
    await expect(api.send({ path: '/hang', timeoutMs: 50 })).rejects.toThrow('GET /hang: no answer after 0.05 s');
    await expect(api.send({ path: '/cut' })).rejects.toThrow();
    await expect(new DockerApi({ socketPath: join(dir, 'none.sock') }).send({ path: '/' })).rejects.toThrow(/ENOENT/);
  });

  test('it speaks over a stream that somebody else opens', async () => {
    const tcp = createTcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK'));
    });
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void tcp.close());
    const { port } = tcp.address() as AddressInfo;
    const answer = await new DockerApi({ open: () => connect(port, '127.0.0.1') }).send({ path: '/_ping' });
    expect(answer.bytes.toString('utf8')).toBe('OK');
  });
});

describe('a container’s output', () => {
  const frame = (stream: number, text: string): Buffer => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };

  test('frames of both streams come apart again, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ unit: 'binary' }))), (frames) => {
        const of = (stream: number): string =>
          frames
            .filter(([to]) => to === stream)
            .map(([, text]) => text)
            .join('');
        const wire = Buffer.concat(frames.map(([stream, text]) => frame(stream, text)));
        expect(splitOutput(wire)).toEqual({ stdout: of(1), stderr: of(2) });
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  test('a frame that is cut off gives what is there', () => {
    expect(splitOutput(frame(1, 'hello').subarray(0, 10)).stdout).toBe('he');
    expect(splitOutput(Buffer.from([1, 0, 0]))).toEqual({ stdout: '', stderr: '' });
  });
});

import { createServer, get } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy, type SealedProxy } from '../../../src/seal/proxy.ts';

describe('the proxy of a sealed build', () => {
  const origin = createServer((_, answer) => answer.end('the object'));
  let proxy: SealedProxy;
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    port = (origin.address() as AddressInfo).port;
    proxy = await startProxy('127.0.0.1', {});
    proxy.allow(['127.0.0.1']);
  });
  afterAll(() => {
    proxy.close();
    origin.close();
  });

  const plain = (url: string, through: number = proxy.port): Promise<{ status: number | undefined; body: string }> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: through, path: url, agent: false }, (answer) => {
        let body = '';
        answer.on('data', (bytes: Buffer) => (body += bytes.toString()));
        answer.on('end', () => {
          resolve({ status: answer.statusCode, body });
        });
      }).on('error', reject);
    });
  const tunnel = (place: string, send: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(proxy.port, '127.0.0.1', () =>
        socket.write(`CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n\r\n`),
      );
      let said = '';
      socket.on('data', (bytes) => {
        if (said === '' && bytes.toString().startsWith('HTTP/1.1 200')) socket.write(send);
        said += bytes.toString();
      });
      socket.on('close', () => {
        resolve(said);
      });
      socket.on('error', reject);
    });

  it('lets through what it was told of, and counts it by host', async () => {
    expect(await plain(`http://127.0.0.1:${String(port)}/a`)).toEqual({ status: 200, body: 'the object' });
    const said = await tunnel(`127.0.0.1:${String(port)}`, 'GET /b HTTP/1.0\r\n\r\n');
    expect(said).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*the object$/u);
    const [host] = proxy.traffic().contacted;
    expect(host).toMatchObject({ host: '127.0.0.1', requests: 2 });
    expect(host?.received).toBeGreaterThan(2 * 'the object'.length);
    expect(host?.sent).toBeGreaterThan('GET /b HTTP/1.0\r\n\r\n'.length);
  });

  it('refuses any other at once, by either form, and names it', async () => {
    const said = await plain('http://leak.example/');
    expect(said.status).toBe(403);
    expect(said.body).toContain('leak.example is not a host of the plan');
    expect(await tunnel('LEAK.example:443', '')).toMatch(/^HTTP\/1\.1 403 /u);
    // An address is no name of the plan, whatever stands behind it.
    expect((await plain('http://127.0.0.2/')).status).toBe(403);
    expect(proxy.traffic().refused).toEqual([
      { host: '127.0.0.2', requests: 1 },
      { host: 'leak.example', requests: 2 },
    ]);
    expect(proxy.traffic().contacted.map(({ host }) => host)).toEqual(['127.0.0.1']);
  });

  it('is a proxy and nothing else', async () => {
    expect((await plain('/etc/passwd')).status).toBe(400);
  });

  it('goes through the proxy of this environment, by both forms', async () => {
    const behind = await startProxy('127.0.0.1', { http_proxy: `http://127.0.0.1:${String(proxy.port)}` });
    behind.allow(['127.0.0.1']);
    expect((await plain(`http://127.0.0.1:${String(port)}/c`, behind.port)).body).toBe('the object');
    behind.close();
    const sealed = await startProxy('127.0.0.1', { http_proxy: `http://127.0.0.1:${String(proxy.port)}` });
    sealed.allow(['other.example']);
    expect((await plain('http://other.example/', sealed.port)).status).toBe(403);
    sealed.close();
  });
});

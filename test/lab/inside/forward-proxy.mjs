// @ts-check
/**
 * The proxy of a company: CONNECT and plain requests, for whoever has a login, to the company's own mirrors, whose names nobody but it
 * can resolve. It calls them from its own address, so their log says who came this way.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { basic, corporate, isCorporate } from './corporate.mjs';

if (corporate === null) throw new Error('this lab has no company');
const { proxy } = corporate;
const { address: mirrors } = JSON.parse(readFileSync('/srv/lab/mirrors.json', 'utf8'));

/** @param {http.IncomingMessage} request @param {string} host @returns {number} 200, or why not */
function judge(request, host) {
  const known = request.headers['proxy-authorization'] === basic(proxy.login);
  const status = !known ? 407 : isCorporate(host) ? 200 : 502;
  appendFileSync(
    '/srv/lab/logs/proxy.jsonl',
    `${JSON.stringify({ method: request.method, host, status, agent: request.headers['user-agent'] ?? '' })}\n`,
  );
  return status;
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://nowhere.invalid');
  const status = judge(request, url.hostname);
  if (status !== 200) {
    const challenge = status === 407 ? { 'proxy-authenticate': 'Basic realm="proxy"' } : {};
    response.writeHead(status, challenge).end();
    return;
  }
  const headers = { ...request.headers, host: url.host };
  delete headers['proxy-authorization'];
  const path = `${url.pathname}${url.search}`;
  const to = { host: mirrors, port: 80, localAddress: proxy.address, method: request.method, path, headers };
  const onward = http.request(to, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
});

server.on('connect', (request, /** @type {net.Socket} */ client, head) => {
  const [host = '', port = ''] = (request.url ?? '').split(':');
  client.on('error', () => client.destroy());
  const status = judge(request, host);
  if (status !== 200) {
    const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
    client.end(`HTTP/1.1 ${status} No\r\n${challenge}Connection: close\r\nContent-Length: 0\r\n\r\n`);
    return;
  }
  const onward = net.connect({ host: mirrors, port: Number(port), localAddress: proxy.address }, () => {
    client.write('HTTP/1.1 200 Connected\r\n\r\n');
    onward.write(head);
    onward.pipe(client);
    client.pipe(onward);
  });
  onward.on('error', () => client.destroy());
  client.on('close', () => onward.destroy());
});

server.listen(proxy.port, proxy.address, () => writeFileSync('/run/proxy-ready', ''));

// @ts-check
import http from 'node:http';
import { Readable } from 'node:stream';
import { giveInstead, giveSpoilt, isOfAnswer, needsNoAnswer } from '../../support/give-fault.mjs';
import { serveMoved } from './serve-git.mjs';
import { tamperedModule } from './tampered-module.mjs';

/** Where the healthy mirrors listen, for what a faulty one only spoils. */
export const healthySocket = '/run/mirrors.sock';

/**
 * Answers a request with a fault.
 * @param {import('./fault-rules.mjs').FaultRule} rule
 * @param {string} kind
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export async function meetFault({ fault, bytesPerSecond }, kind, request, response) {
  const path = request.url ?? '/';
  if (needsNoAnswer(fault)) return giveInstead(fault, request, response);
  // A connection from before the name led elsewhere.
  if (fault === 'refuse') return void response.destroy();
  if (fault === 'moved' && kind === 'git') return serveMoved(request, response, repositoryPath(path));
  if (fault === 'tampered' && kind === 'go' && path.endsWith('.zip')) {
    const zip = tamperedModule(path);
    return void response.writeHead(200, { 'content-type': 'application/zip', 'content-length': zip.length }).end(zip);
  }
  const answer = await askHealthy(request, fault === 'moved' ? otherImage(path) : path, headersFor(fault));
  const spoilt = isOfAnswer(fault) ? fault : fault === 'tampered-index' && isIndex(kind, path) ? 'tampered' : 'none';
  const { 'content-length': length, ...headers } = answer.headers;
  const known = length === undefined ? null : Number(length);
  const [first, body] = kind === 'git' ? await packOf(answer) : [true, answer];
  const met = first && request.method !== 'HEAD' ? spoilt : 'none';
  const given = { status: answer.statusCode ?? 502, headers: withoutHops(headers), length: known, body };
  await giveSpoilt(met, given, response, met === 'slow' ? bytesPerSecond : undefined);
}

/** The Debian archive is told its fault by a header. @param {string} fault @returns {Record<string, string>} */
function headersFor(fault) {
  return fault === 'stale' || fault === 'expired' ? { 'x-lab-release': fault } : {};
}

/** What leads to the big things. @param {string} kind @param {string} path */
function isIndex(kind, path) {
  if (kind === 'apt') return path.endsWith('/InRelease');
  return kind === 'go' ? path.endsWith('.mod') : kind === 'image' && path.includes('/manifests/');
}

/** Whether an answer of git holds a pack, and its bytes; only packs are spoilt. @param {import('node:http').IncomingMessage} answer @returns {Promise<[boolean, import('node:stream').Readable]>} */
async function packOf(answer) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  return [whole.includes('PACK'), Readable.from([whole])];
}

/** Under the name of any image another one: vpnkit, and under that name golang. @param {string} path */
function otherImage(path) {
  const [image, tag] = path.startsWith('/v2/djs55/vpnkit/')
    ? ['library/golang', '1.16.12-buster']
    : ['djs55/vpnkit', '0.5.0'];
  return path
    .replace(/^\/v2\/.+\/manifests\/[^:]+$/, `/v2/${image}/manifests/${tag}`)
    .replace(/^\/v2\/.+\/(manifests|blobs)\/sha256:/, `/v2/${image}/$1/sha256:`);
}

/** @param {string} path */
function repositoryPath(path) {
  return path.replace(/^\/https:\/\/github\.com/, '').replace(/^\/github\.com/, '');
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {string} path
 * @param {Record<string, string>} more
 * @returns {Promise<import('node:http').IncomingMessage>}
 */
function askHealthy(request, path, more) {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, ...more };
    const inner = http.request({ socketPath: healthySocket, path, method: request.method, headers }, resolve);
    inner.on('error', reject);
    request.pipe(inner);
  });
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function withoutHops({ connection: _, 'keep-alive': _a, 'transfer-encoding': _b, ...rest }) {
  return rest;
}

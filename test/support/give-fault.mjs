// @ts-check
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a mirror may do wrong with an answer. The mirrors of test/real on loopback and those of the lab share it.
 *
 * - `hang`: takes the request and never answers; `404`, `502`; `429`: with Retry-After; `html`: a page with 200; `redirects`: to itself
 * - `drop`: cut off in the middle; `slow`: a few bytes at a time
 * - `lie`: a Content-Length that is too long; `short`: one of half the length, and no more comes
 * - `tampered`: one bit in the middle is another
 */
const WITHOUT_ANSWER = /** @type {const} */ (['hang', '404', '429', '502', 'html', 'redirects']);
const WITH_ANSWER = /** @type {const} */ (['none', 'drop', 'slow', 'lie', 'short', 'tampered']);

/**
 * @typedef {typeof WITHOUT_ANSWER[number]} FaultWithoutAnswer
 * @typedef {typeof WITH_ANSWER[number]} FaultOfAnswer
 * @typedef {object} Answer what a healthy mirror says
 * @property {number} status
 * @property {Record<string, string | string[] | undefined>} headers without Content-Length
 * @property {number | null} length of the body, null where it is not known beforehand
 * @property {AsyncIterable<Buffer>} body
 */

/** How long a connection stays open after the last byte of a fault: else the kernel may throw away what was sent. */
const FLUSH_MS = 20;

/** @param {string} fault @returns {fault is FaultWithoutAnswer} whether the fault is met whatever is asked */
export function needsNoAnswer(fault) {
  return WITHOUT_ANSWER.some((name) => name === fault);
}

/** @param {string} fault @returns {fault is FaultOfAnswer} whether the fault is one of an answer that is there */
export function isOfAnswer(fault) {
  return WITH_ANSWER.some((name) => name === fault);
}

/**
 * @param {FaultWithoutAnswer} fault
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export function giveInstead(fault, request, response) {
  switch (fault) {
    case 'hang':
      return;
    case '404':
    case '502':
      response.writeHead(Number(fault)).end('no\n');
      return;
    case '429':
      response.writeHead(429, { 'retry-after': '120' }).end('too many requests\n');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>Welcome</title><p>This domain is for sale.');
      return;
    case 'redirects':
      response.writeHead(302, { location: request.url ?? '/' }).end();
  }
}

/**
 * Hands an answer on with its fault. Where its length is not known beforehand, a fault takes all of it first, and gives a length.
 * @param {FaultOfAnswer} fault
 * @param {Answer} answer
 * @param {import('node:http').ServerResponse} response
 * @param {number} [bytesPerSecond] of `slow`, and of `none` where it is given
 */
export async function giveSpoilt(fault, { status, headers, length, body }, response, bytesPerSecond) {
  if (fault === 'none' && bytesPerSecond === undefined) {
    response.writeHead(status, length === null ? headers : { ...headers, 'content-length': String(length) });
    for await (const chunk of body) await write(response, chunk);
    response.end();
    return;
  }
  const whole = length === null ? Buffer.concat(await fromAsync(body)) : null;
  const size = whole?.length ?? length ?? 0;
  const rest = whole === null ? body : [whole];
  const half = Math.floor(size / 2);
  const said = fault === 'lie' ? size + 1000 : fault === 'short' ? half : size;
  response.writeHead(status, { ...headers, 'content-length': String(said) });
  let sent = 0;
  for await (const chunk of rest) {
    if (response.destroyed) return;
    if (fault === 'none' || fault === 'slow') await trickle(response, chunk, bytesPerSecond ?? SLOW);
    else if (fault === 'drop' || fault === 'short') await write(response, chunk.subarray(0, Math.max(0, half - sent)));
    else await write(response, fault === 'tampered' ? flipped(chunk, half - sent) : chunk);
    sent += chunk.length;
    if (sent >= half && (fault === 'drop' || fault === 'short')) break;
  }
  if (fault === 'drop' || fault === 'lie') await sleep(FLUSH_MS).then(() => response.destroy());
  else response.end();
}

const SLOW = 50;
const STEP_MS = 20;

/** @param {Buffer} chunk @param {number} at where it lies in it, if it does */
function flipped(chunk, at) {
  if (at < 0 || at >= chunk.length) return chunk;
  const other = Buffer.from(chunk);
  other[at] = (other[at] ?? 0) ^ 1;
  return other;
}

/** @param {import('node:http').ServerResponse} response @param {Buffer} chunk @param {number} bytesPerSecond */
async function trickle(response, chunk, bytesPerSecond) {
  const step = Math.max(1, Math.ceil((bytesPerSecond * STEP_MS) / 1000));
  for (let at = 0; at < chunk.length && !response.destroyed; at += step) {
    await write(response, chunk.subarray(at, at + step));
    await sleep(STEP_MS);
  }
}

/** @param {import('node:http').ServerResponse} response @param {Buffer} chunk */
async function write(response, chunk) {
  if (response.destroyed || response.write(chunk)) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

/** @param {AsyncIterable<Buffer>} body */
async function fromAsync(body) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks;
}

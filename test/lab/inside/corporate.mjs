// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/**
 * The mirrors of a company, when the lab has them: reached through its proxy only, certified by an authority of its own, behind a login.
 * @typedef {{login: string, password: string}} Login
 * @typedef {{hosts: string[], login: Login, proxy: {address: string, port: number, login: Login}}} Corporate
 */

const file = '/srv/lab/corporate/settings.json';

/** @type {Corporate | null} */
export const corporate = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;

/** @param {string} host */
export function isCorporate(host) {
  return corporate?.hosts.includes(host) === true;
}

/** What a header must say (RFC 7617). @param {Login} login */
export function basic({ login, password }) {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/**
 * Sends those away who do not say who they are; the header goes no further than here.
 * @param {string} host
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @returns {boolean} whether the request has been answered
 */
export function refuseStranger(host, request, response) {
  const said = request.headers.authorization;
  delete request.headers.authorization;
  if (corporate === null || !isCorporate(host) || said === basic(corporate.login)) return false;
  response.writeHead(401, { 'www-authenticate': 'Basic realm="corp"', 'content-type': 'text/plain' });
  response.end('Who are you?\n');
  return true;
}

// @ts-check
import { askOutside, handOn } from './gateway-client.mjs';

/**
 * A module proxy: modules and `sumdb/…` of the machine's own.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} rest
 * @param {{sumdb: string}} _settings
 */
export async function serveGo(request, response, rest, _settings) {
  await handOn(await askOutside('go', rest, {}, request.method), response);
}

/**
 * A checksum database under a name of its own: the one that the machine's proxy passes on.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} rest
 * @param {{sumdb: string}} settings
 */
export async function serveSumdb(request, response, rest, settings) {
  await handOn(await askOutside('go', `sumdb/${settings.sumdb}/${rest}`, {}, request.method), response);
}

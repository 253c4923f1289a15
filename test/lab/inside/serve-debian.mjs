// @ts-check
import { execFileSync } from 'node:child_process';
import { askOutside, handOn, textOf } from './gateway-client.mjs';
import { indexAt, sumsOf } from './short-index.mjs';

/**
 * @typedef {object} Archive
 * @property {Record<string, string>} suites the machine's own, by the name that each has here
 * @property {boolean} expired whether the Release files shall be past their Valid-Until
 * @property {Promise<Map<string, readonly import('./short-index.mjs').Index[]>>} short the indexes that suites signed anew have instead of Debian's, by the
 *   machine's own name
 */

/** Release files that were signed anew, by source and suite. @type {Map<string, Promise<string>>} */
const signed = new Map();

/**
 * `debian/dists/SUITE/…` and `debian/pool/…`, the suite being one of the machine's own under this or another name.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} path
 * @param {Archive} archive
 */
export async function serveDebian(request, response, path, { suites, expired, short }) {
  const [, root = '', rest = ''] = /^(debian(?:-security)?)\/(.*)$/.exec(decodeURIComponent(path)) ?? [];
  const source = root === 'debian' ? 'debian' : 'security';
  if (!rest.startsWith('dists/'))
    return handOn(await askOutside(source, rest, picked(request), request.method), response);
  const name = Object.keys(suites)
    .sort((a, b) => b.length - a.length)
    .find((suite) => rest.startsWith(`dists/${suite}/`));
  const real = name === undefined ? undefined : suites[name];
  if (name === undefined || real === undefined || (source === 'security') !== /security$/.test(real)) {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404 Not Found</body></html>\n');
    return;
  }
  const below = rest.slice(`dists/${name}/`.length);
  const fault = request.headers['x-lab-release'];
  if (name !== real || expired || fault !== undefined) {
    const indexes = (await short).get(real);
    if (below === 'Release' || below === 'Release.gpg') return void response.writeHead(404).end();
    if (below === 'InRelease') {
      const past = expired || fault === 'expired';
      const key = `${source} ${name} ${past} ${fault}`;
      if (!signed.has(key))
        signed.set(key, signAnew({ source, real, name, indexes }, { expired: past, stale: fault === 'stale' }));
      const text = await /** @type {Promise<string>} */ (signed.get(key));
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) }).end(text);
      return;
    }
    if (indexes !== undefined) {
      const index = indexAt(below, indexes);
      if (index === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-length': index.length }).end(index);
      return;
    }
  }
  await handOn(await askOutside(source, `dists/${real}/${below}`, picked(request), request.method), response);
}

/** @param {import('node:http').IncomingMessage} request */
function picked({ headers }) {
  return Object.fromEntries(
    ['range', 'if-range', 'if-modified-since'].flatMap((name) =>
      headers[name] === undefined ? [] : [[name, /** @type {string} */ (headers[name])]],
    ),
  );
}

/**
 * A Release file under another suite's name, signed with the lab's key, which the base images know.
 * @param {{source: string, real: string, name: string, indexes: readonly import('./short-index.mjs').Index[] | undefined}} suite `indexes`: all that it lists
 * @param {{expired: boolean, stale: boolean}} date past its Valid-Until; of a year before
 */
async function signAnew({ source, real, name, indexes }, { expired, stale }) {
  const answer = await askOutside(source, `dists/${real}/InRelease`);
  if (answer.statusCode !== 200) throw new Error(`dists/${real}/InRelease: ${answer.statusCode}`);
  const text = await textOf(answer);
  const body = /-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:.+\r?\n)*\r?\n([^]*?)-----BEGIN PGP SIGNATURE-----/.exec(
    text,
  )?.[1];
  if (body === undefined) throw new Error(`dists/${real}/InRelease is not signed`);
  const lines = body
    .replace(/^- /gm, '')
    .split('\n')
    .filter((line) => !/^(?:Suite|Codename|Valid-Until):/.test(line));
  const said = [
    `Suite: ${name}`,
    `Codename: ${name}`,
    ...(expired ? ['Valid-Until: Sat, 01 Jan 2022 00:00:00 UTC'] : []),
  ];
  const at = lines.findIndex((line) => /^Date:/.test(line));
  lines.splice(at < 0 ? 0 : at, 0, ...said);
  const year = 2021 - Number(stale);
  if (expired || stale)
    lines.forEach((line, index) => {
      if (/^Date:/.test(line))
        lines[index] = `Date: ${new Date(Date.UTC(year, 11, 24)).toUTCString().replace('GMT', 'UTC')}`;
    });
  if (indexes !== undefined) {
    const sums = lines.findIndex((line) => /^(?:MD5Sum|SHA\d+):/.test(line));
    lines.splice(sums, lines.length - sums, ...sumsOf(indexes));
  }
  return execFileSync('gpg', ['--batch', '--quiet', '--clearsign', '--digest-algo', 'SHA256'], {
    input: lines.join('\n').replace(/\n*$/, '\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedStep } from './cache.mjs';
import { run } from './processes.mjs';
import { runInLayer } from './roots.mjs';

/** The lab's certificate authority and its apt signing key; kept, for the base images hold both. */
const recipe = 2;

/**
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer} engine has openssl and gpg
 * @returns {Promise<{dir: string, key: string}>} ca.key, ca.pem, gnupg/, apt.asc
 */
export async function makeKeys(prepare, engine) {
  return cachedStep({ ...prepare, name: 'keys', inputs: { recipe } }, async (dir) => {
    const script = [
      'set -e; cd /run/shared',
      'openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=moby-build lab CA" -keyout ca.key -out ca.pem 2>/dev/null',
      'mkdir -m 700 /tmp/gnupg; export GNUPGHOME=/tmp/gnupg',
      'gpg --batch --quiet --pinentry-mode loopback --passphrase "" --quick-generate-key "moby-build lab archive" rsa2048 sign 0',
      'gpg --batch --armor --export > apt.asc; gpg --batch --armor --export-secret-keys > apt.key',
      'gpgconf --kill all',
    ].join('\n');
    await runInLayer(engine, join(prepare.cache, 'scratch-keys'), ['sh', '-c', script], dir);
  });
}

/**
 * A server certificate for all names of one lab, good for a month.
 * @param {string} keys the folder that `makeKeys` made
 * @param {readonly string[]} names
 * @param {string} into a folder
 */
export async function makeServerCertificate(keys, names, into) {
  const extensions = join(into, 'names.cnf');
  writeFileSync(
    extensions,
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\nextendedKeyUsage=serverAuth\n`,
  );
  const [key, request, certificate] = [join(into, 'server.key'), join(into, 'server.csr'), join(into, 'server.pem')];
  await run([
    'openssl',
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=moby-build lab mirror',
    '-keyout',
    key,
    '-out',
    request,
  ]);
  await run([
    'openssl',
    'x509',
    '-req',
    '-days',
    '30',
    '-in',
    request,
    '-CA',
    join(keys, 'ca.pem'),
    '-CAkey',
    join(keys, 'ca.key'),
    '-set_serial',
    String(Date.now()),
    '-extfile',
    extensions,
    '-out',
    certificate,
  ]);
  return { key, certificate, ca: readFileSync(join(keys, 'ca.pem'), 'utf8') };
}

/**
 * A certificate for the same names that nobody has signed but itself.
 * @param {readonly string[]} names
 * @param {string} into a folder; gets stranger.key and stranger.pem
 */
export async function makeStrangersCertificate(names, into) {
  await run([
    ...[
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
    ],
    ...['-subj', '/CN=stranger', '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ...['-keyout', join(into, 'stranger.key'), '-out', join(into, 'stranger.pem')],
  ]);
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../system/process/run.ts';
import type { TlsIdentity } from './api.ts';

export interface Certificates {
  /** File names in the directory, as the daemon is given them. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** What a client that may come in shows. */
  readonly client: TlsIdentity;
}

const OPENSSL_MS = 20_000;
const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/**
 * A certificate authority of this run, a server certificate for localhost and a client certificate, in this directory; two days long. Node cannot
 * issue X.509 certificates, so `openssl` does (1.1.1 or later). null where there is none. Throws what `run` throws when it fails.
 */
export async function makeCertificates(directory: string): Promise<Certificates | null> {
  const openssl = async (...args: string[]): Promise<void> => {
    await run({ file: 'openssl', args, env: {}, cwd: directory }, { timeoutMs: OPENSSL_MS });
  };
  try {
    await openssl('version');
  } catch {
    return null;
  }
  await openssl(
    'req',
    '-x509',
    ...EC_KEY,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=moby-build smoke CA',
  );
  for (const [name, extensions] of [
    ['server', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n'],
    ['client', 'extendedKeyUsage=clientAuth\n'],
  ] as const) {
    writeFileSync(join(directory, `${name}.ext`), extensions);
    await openssl(
      'req',
      ...EC_KEY,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      name === 'server' ? '/CN=localhost' : '/CN=client',
    );
    await openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${name}.pem`, '-days', '2', '-extfile', `${name}.ext`],
    );
  }
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  return {
    ca: 'ca.pem',
    cert: 'server.pem',
    key: 'server.key',
    client: { ca: read('ca.pem'), cert: read('client.pem'), key: read('client.key') },
  };
}

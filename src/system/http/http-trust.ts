import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { EXIT, MobyBuildError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whom this run believes over TLS. */
export interface Trust {
  readonly secureContext: SecureContext;
  /** The same certificates as one PEM text for git; null where nobody named any beyond this machine's own, which git knows. */
  readonly bundle: string | null;
  /** Those of `--ca` alone as PEM text, one after another and nothing else; null without it. */
  readonly given: string | null;
}

/** Where distributions keep the certificates that git and curl believe (Debian and Alpine, Fedora, openSUSE). */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
];

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/gu;

/**
 * Node's own certificates, this machine's (which Node alone passes over), those of NODE_EXTRA_CA_CERTS, and those of `--ca`.
 *
 * @throws MobyBuildError `bad-ca` (2) for a file of `--ca` that cannot be read, holds no certificate, or holds a private key
 */
export async function trustOf(env: Environment, caFile: string | null): Promise<Trust> {
  const given = caFile === null ? [] : await certificatesGiven(caFile);
  const extraFile = env['NODE_EXTRA_CA_CERTS'];
  // Node passes over a file of NODE_EXTRA_CA_CERTS that it cannot read, with a warning of its own.
  const extra = extraFile === undefined || extraFile === '' ? [] : ((await certificatesIn(extraFile)) ?? []);
  const system = await systemCertificates(env);
  const own = [...given, ...extra];
  const forGit = system.length > 0 ? system : rootCertificates;
  let context: SecureContext | null = null;
  return {
    // Reading some three hundred certificates takes a while: a run that asks nobody needs none of them.
    get secureContext() {
      return (context ??= createSecureContext({ ca: [...new Set([...rootCertificates, ...system, ...own])] }));
    },
    given: caFile === null ? null : given.map((text) => new X509Certificate(text).toString()).join(''),
    bundle: own.length === 0 ? null : `${[...forGit, ...own].join('\n')}\n`,
  };
}

async function systemCertificates(env: Environment): Promise<readonly string[]> {
  const named = [env['GIT_SSL_CAINFO'], env['SSL_CERT_FILE']].filter((file) => file !== undefined && file !== '');
  for (const file of [...named, ...SYSTEM_BUNDLES]) {
    const found = file === undefined ? null : await certificatesIn(file);
    if (found !== null && found.length > 0) return found;
  }
  return [];
}

/** null: not there, or not readable. */
async function certificatesIn(file: string): Promise<readonly string[] | null> {
  const text = await textOf(file);
  return text === null ? null : (text.match(CERTIFICATE) ?? []);
}

/** null: not there, or not readable. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'latin1');
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause) return null;
    throw cause;
  }
}

async function certificatesGiven(file: string): Promise<readonly string[]> {
  const whole = await textOf(file);
  const refuse = (what: string, cause?: unknown): MobyBuildError =>
    new MobyBuildError({
      code: 'bad-ca',
      exitCode: EXIT.usage,
      message: `--ca ${file} ${what}.`,
      where: '--ca',
      hint: 'It must be a PEM file: one or more blocks that begin with -----BEGIN CERTIFICATE-----.',
      cause,
    });
  if (whole === null) throw refuse('cannot be read');
  // What it names goes into the tree, and from there into images.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(whole)) throw refuse('holds a private key');
  const found = whole.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw refuse('holds no certificate');
  for (const text of found) {
    try {
      new X509Certificate(text);
    } catch (cause) {
      throw refuse('holds a certificate that cannot be read', cause);
    }
  }
  return found;
}

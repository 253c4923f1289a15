import { createHash } from 'node:crypto';
import type { Answer, Healthy } from './faulty-mirror.ts';

/** A fixed point in time for release files. */
export const NOW = Date.parse('2026-11-25T00:00:00Z');
const NOT_THERE: Answer = { status: 404, headers: {}, body: Buffer.from('no\n') };

const found = (
  body: Buffer | string,
  type = 'application/octet-stream',
  more: Record<string, string> = {},
): Answer => ({
  status: 200,
  headers: { 'content-type': type, ...more },
  body: Buffer.from(body),
});

export interface ReleaseSays {
  readonly date?: string;
  readonly validUntil?: string | null;
  readonly suite?: string;
  readonly signed?: boolean;
  readonly arch?: string;
}

/** An InRelease file in the form of Debian's, some 8 kB long. */
export function inRelease(says: ReleaseSays = {}): string {
  const { suite = 'bookworm', arch = 'arm64', signed = true } = says;
  const hash = 'a'.repeat(64);
  const others = Array.from(
    { length: 80 },
    (_, index) => ` ${hash} ${String(index)} contrib/i18n/Translation-${String(index)}`,
  );
  const body = [
    'Origin: Debian',
    `Suite: ${suite === 'bookworm' ? 'oldstable' : suite}`,
    `Codename: ${suite}`,
    `Date: ${says.date ?? 'Tue, 24 Nov 2026 10:00:00 UTC'}`,
    ...(says.validUntil === null ? [] : [`Valid-Until: ${says.validUntil ?? 'Tue, 01 Dec 2026 10:00:00 UTC'}`]),
    'SHA256:',
    ` ${hash} ${String(PACKAGES.length)} main/binary-${arch}/Packages.xz`,
    ...others,
    '',
  ].join('\n');
  if (!signed) return body;
  return `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${body}-----BEGIN PGP SIGNATURE-----\n\niQ==\n=abcd\n-----END PGP SIGNATURE-----\n`;
}

const PACKAGES = Buffer.alloc(3000, 'p');

/** `/debian/dists/SUITE/…` */
export function debian(says: ReleaseSays = {}): Healthy {
  return (path) => {
    const [, suite] = /\/dists\/(.+)\/InRelease$/u.exec(path) ?? [];
    if (suite !== undefined) return found(inRelease({ suite, ...says }), 'text/plain');
    return path.endsWith('/Packages.xz') ? found(PACKAGES) : NOT_THERE;
  };
}

/** A module proxy that has one module; `sumdb`: whether it passes the checksum database on. */
export function moduleProxy(sumdb = true): Healthy {
  return (path) => {
    if (path.endsWith('.info')) return found('{"Version":"v0.9.1","Time":"2020-01-14T19:47:44Z"}', 'application/json');
    if (path.endsWith('.zip')) return found(Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(20_000, 'z')]));
    return path.startsWith('/sumdb/') && sumdb ? found('') : NOT_THERE;
  };
}

const digest = (text: Buffer | string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** As the catalogue knows it of one mirror. */
const NOT_CARRIED = '/djs55/';

const LAYER = Buffer.alloc(50_000, 'l');
const OF_ONE = JSON.stringify({
  config: { digest: `sha256:${'c'.repeat(64)}`, size: 10 },
  layers: [{ digest: digest(LAYER), size: LAYER.length }],
});

/** A registry that has any image for some platforms; `realm`: where it sends for a token; `everything`: also what most refuse. */
export function registry(platforms: readonly string[], realm: string | null = null, everything = false): Healthy {
  const index = JSON.stringify({
    manifests: platforms.map((platform) => {
      const [os, architecture] = platform.split('/');
      return { digest: digest(OF_ONE), size: OF_ONE.length, platform: { os, architecture } };
    }),
  });
  return (path, request) => {
    if (path.startsWith('/token')) return found('{"token":"abc.def"}', 'application/json');
    if (realm !== null && request.headers.authorization !== 'Bearer abc.def') {
      const challenge = `Bearer realm="${realm}",service="registry",scope="repository:library/golang:pull"`;
      return { status: 401, headers: { 'www-authenticate': challenge }, body: Buffer.from('{}') };
    }
    if (/\/manifests\/[^:]+$/u.test(path) && (everything || !path.includes(NOT_CARRIED)))
      return found(index, 'application/vnd.oci.image.index.v1+json');
    if (path.endsWith(`/manifests/${digest(OF_ONE)}`)) return found(OF_ONE);
    return path.endsWith(`/blobs/${digest(LAYER)}`) ? found(LAYER) : NOT_THERE;
  };
}

export const download: Healthy = () => found(Buffer.alloc(20_000, 'd'));

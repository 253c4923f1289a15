import { createHash } from 'node:crypto';
import type { Healthy } from './faulty-mirror.ts';

const digestOf = (text: string | Buffer): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const LAYER = Buffer.alloc(2_000, 'l');

export interface RegistrySays {
  /** Other words make another image of the same tag. */
  readonly edition?: string;
  readonly platforms?: readonly string[];
  /** Where it sends for a token. */
  readonly realm?: string;
  /** Repositories that it has; all without it. */
  readonly has?: RegExp;
  /** `header`: it says another digest than its content has; `child`: the manifest of a platform is not what the index says. */
  readonly tampers?: 'header' | 'child';
  /** Nobody listens there. */
  readonly dead?: boolean;
  /** Tags that it does not list; their digests it has. */
  readonly unlisted?: RegExp;
  /** Another registry, which answers in its place. */
  readonly sendsTo?: string;
}

export interface ImageRegistry {
  readonly healthy: Healthy;
  /** Of the index behind every tag. */
  readonly digest: string;
}

/** A registry whose every tag is one index, of an edition. */
export function imageRegistry(says: RegistrySays = {}): ImageRegistry {
  const { edition = 'first', platforms = ['linux/amd64', 'linux/arm64'] } = says;
  const { realm, has, tampers, unlisted, sendsTo } = says;
  const manifest = JSON.stringify({
    config: { digest: `sha256:${'c'.repeat(64)}`, size: 10 },
    layers: [{ digest: digestOf(LAYER), size: LAYER.length }],
    annotations: { edition },
  });
  const index = JSON.stringify({
    manifests: platforms.map((platform) => {
      const [os, architecture] = platform.split('/');
      return { digest: digestOf(manifest), size: manifest.length, platform: { os, architecture } };
    }),
  });
  const answer = (status: number, body: string | Buffer, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: Buffer.from(body),
  });
  const healthy: Healthy = (path, request) => {
    if (sendsTo !== undefined) return answer(307, '', { location: `${sendsTo}${path}` });
    if (path.startsWith('/token')) return answer(200, '{"token":"abc.def"}');
    if (realm !== undefined && request.headers.authorization !== 'Bearer abc.def')
      return answer(401, '{}', { 'www-authenticate': `Bearer realm="${realm}",service="registry"` });
    if (has?.test(path) === false || unlisted?.test(path) === true) return answer(404, '{}');
    const [, wanted = ''] = /\/manifests\/(.+)$/u.exec(path) ?? [];
    if (wanted === digestOf(manifest))
      return answer(200, tampers === 'child' ? manifest.replace('10', '11') : manifest);
    if (wanted === digestOf(index) || (wanted !== '' && !wanted.startsWith('sha256:')))
      return answer(200, index, tampers === 'header' ? { 'docker-content-digest': digestOf('other') } : {});
    return path.endsWith(digestOf(LAYER)) ? answer(200, LAYER) : answer(404, '{}');
  };
  return { healthy, digest: digestOf(index) };
}

import { fileByHash } from '../apt/release.ts';
import { blobPath } from '../make/image-layout.ts';
import type { Site } from './site.ts';

/** What a request asks for. */
export type Route =
  | {
      readonly is: 'file';
      /** In the bundle. */
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly is: 'text'; readonly text: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly is: 'git'; readonly repository: string; readonly service: 'refs' | 'pack' };

const REGISTRY = { 'docker-distribution-api-version': 'registry/2.0' };
const BYTES = { 'content-type': 'application/octet-stream' };

/**
 * What a path of the server means; null: there is no such thing. Only files that are in the bundle are named, whatever the path says. Pure.
 *
 * | path | what | rule |
 * |---|---|---|
 * | `/v2/NAME/manifests/TAG`, `/v2/NAME/blobs/DIGEST` | images | distribution-spec, "Pulling manifests", "Pulling blobs" |
 * | `/debian/…`, `/debian-security/…`, `/apt/…` | Debian's suites and packages | wiki.debian.org/DebianRepository/Format |
 * | `/go/…` | Go modules, with the checksum database | go.dev/ref/mod#goproxy-protocol |
 * | `/git/…/OWNER/NAME.git` | repositories | git-http-protocol(5), smart clients |
 */
export function routeOf(method: string, url: URL, site: Site): Route | null {
  const path = decoded(url.pathname);
  if (path === null) return null;
  if (path === '/v2' || path === '/v2/') return { is: 'text', text: '{}', headers: { ...REGISTRY, ...JSON_TYPE } };
  if (path.startsWith('/v2/')) return imageRoute(path, site);
  if (path.startsWith('/git/')) return gitRoute(method, path, url.searchParams);
  if (path.startsWith('/go/')) return fileRoute(path.slice(1), site);
  return aptRoute(path.startsWith('/apt/') ? path.slice(1) : `apt${path}`, site);
}

const JSON_TYPE = { 'content-type': 'application/json' };

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

function fileRoute(path: string, { files }: Site): Route | null {
  return files.has(path) ? { is: 'file', path, headers: BYTES } : null;
}

function imageRoute(path: string, site: Site): Route | null {
  const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/u.exec(path) ?? [];
  const digest = reference.startsWith('sha256:') ? reference : site.tags.get(`${name}:${reference}`);
  if (kind === undefined || digest === undefined || !/^sha256:[0-9a-f]{64}$/u.test(digest)) return null;
  if (!site.files.has(blobPath(digest))) return null;
  const type = site.manifests.get(digest);
  if (kind === 'manifests' && type === undefined) return null;
  const headers = { ...REGISTRY, 'docker-content-digest': digest };
  return {
    is: 'file',
    path: blobPath(digest),
    headers: { ...headers, ...(kind === 'manifests' && type !== undefined ? { 'content-type': type } : BYTES) },
  };
}

/** Indexes are asked for by their checksum, too: the bundle has each once, under its name. */
function aptRoute(path: string, site: Site): Route | null {
  const plain = fileRoute(path, site);
  if (plain !== null || !path.includes('/by-hash/')) return plain;
  for (const [folder, listed] of site.suites) {
    const found = path.startsWith(folder) ? fileByHash(path.slice(folder.length), listed) : null;
    if (found !== null) return fileRoute(`${folder}${found.path}`, site);
  }
  return null;
}

/** Whatever stands before the repository: a URL as a mirror's template puts it there. */
function gitRoute(method: string, path: string, query: URLSearchParams): Route | null {
  const [, owner = '', name = '', rest] =
    /^\/git\/(?:.*\/)?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack)$/u.exec(path) ?? [];
  const repository = `${owner}/${name}`.toLowerCase();
  if (rest === 'info/refs' && query.get('service') === 'git-upload-pack')
    return { is: 'git', repository, service: 'refs' };
  return rest === 'git-upload-pack' && method === 'POST' ? { is: 'git', repository, service: 'pack' } : null;
}

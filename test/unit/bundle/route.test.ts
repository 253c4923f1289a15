import { describe, expect, it } from 'vitest';
import type { BundleBytes } from '../../../src/bundle/bytes/bytes.ts';
import { routeOf } from '../../../src/bundle/serve/route.ts';
import { typeOf, type Site } from '../../../src/bundle/serve/site.ts';

const [index, layer] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const packages = '3'.repeat(64);
const blob = (digest: string): string => `images/blobs/${digest.replace(':', '/')}`;
const PACKAGES = 'apt/debian/dists/buster/main/binary-arm64/Packages.xz';
const NOTHING_READ = {} as BundleBytes;
const site: Site = {
  files: new Map(
    ['bundle.json', blob(index), blob(layer), PACKAGES, 'apt/debian/pool/a_1%3a2.deb', 'go/a.example/@v/v1.mod'].map(
      (path) => [path, { in: NOTHING_READ, at: 0, bytes: 1 }],
    ),
  ),
  manifests: new Map([[index, 'application/vnd.oci.image.index.v1+json']]),
  tags: new Map([['library/golang:1.17', index]]),
  suites: new Map([
    ['apt/debian/dists/buster/', [{ path: 'main/binary-arm64/Packages.xz', bytes: 1, sha256: packages }]],
  ]),
};
const route = (path: string, method = 'GET') => routeOf(method, new URL(path, 'http://bundle.invalid'), site);

describe('a path of the server', () => {
  it.each([
    ['/v2/library/golang/manifests/1.17', blob(index)],
    [`/v2/any/name/manifests/${index}`, blob(index)],
    [`/v2/any/name/blobs/${layer}`, blob(layer)],
    ['/debian/dists/buster/main/binary-arm64/Packages.xz', PACKAGES],
    ['/apt/debian/dists/buster/main/binary-arm64/Packages.xz', PACKAGES],
    [`/debian/dists/buster/main/binary-arm64/by-hash/SHA256/${packages}`, PACKAGES],
    ['/debian/pool/a_1%253a2.deb', 'apt/debian/pool/a_1%3a2.deb'],
    ['/go/a.example/@v/v1.mod', 'go/a.example/@v/v1.mod'],
  ])('%s is %s', (path, file) => {
    expect(route(path)).toMatchObject({ is: 'file', path: file });
  });

  it('says what a manifest is, and its digest', () => {
    expect(route('/v2/library/golang/manifests/1.17')).toMatchObject({
      headers: { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': index },
    });
    expect(route('/v2/')).toMatchObject({ is: 'text', headers: { 'docker-distribution-api-version': 'registry/2.0' } });
  });

  it.each([
    '/bundle.json',
    '/apt/../bundle.json',
    '/go/%2e%2e/bundle.json',
    '/go/..%2f..%2fetc/passwd',
    '/go/%',
    '/v2/library/golang/manifests/1.18',
    `/v2/library/golang/manifests/${layer}`,
    `/v2/library/golang/blobs/sha256:${'9'.repeat(64)}`,
    '/v2/library/golang/blobs/sha256:../../bundle.json',
    `/debian/dists/buster/main/binary-arm64/by-hash/SHA256/${'9'.repeat(64)}`,
    '/git/moby/moby.git/info/refs',
    '/git/moby/moby.git/objects/pack/x.pack',
    '/git/moby/moby.git/git-upload-pack',
    '/git/moby/moby.git/info/refs?service=git-receive-pack',
  ])('%s is nothing', (path) => {
    expect(route(path)).toBeNull();
  });

  it.each(['/git/Moby/moby', '/git/https://github.com/moby/moby.git'])('%s is a repository', (path) => {
    const refs = route(`${path}/info/refs?service=git-upload-pack`);
    expect(refs).toEqual({ is: 'git', repository: 'moby/moby', service: 'refs' });
    expect(route(`${path}/git-upload-pack`, 'POST')).toMatchObject({ service: 'pack' });
  });
});

describe('a blob', () => {
  it.each([
    ['{"mediaType":"application/x","manifests":[]}', 'application/x'],
    ['{"manifests":[]}', 'application/vnd.oci.image.index.v1+json'],
    ['{"layers":[]}', 'application/vnd.oci.image.manifest.v1+json'],
    ['{"architecture":"arm64","mediaType":"application/x"}', null],
    ['\u001f\u008b', null],
  ])('%s is served as %s', (body, type) => {
    expect(typeOf(Buffer.from(body))).toBe(type);
  });
});

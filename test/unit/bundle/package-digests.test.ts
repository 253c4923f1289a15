import { describe, expect, it } from 'vitest';
import type { Contents } from '../../../src/bundle/format/contents.ts';
import { packageDigests } from '../../../src/bundle/package-digests.ts';
import { smallBundle } from '../../support/make-bundle.ts';

describe('the digest of a Debian package', () => {
  const deb = (name: string, digest = 'd'.repeat(64)): Contents['objects'][number] => ({
    ...{ kind: 'apt', name, upstream: name, mirror: null, url: null, witness: null, bytes: 1 },
    ...{ digest: `sha256:${digest}`, files: [`apt/${name}.deb`] },
  });
  const digestsOf = (...objects: Contents['objects']) => packageDigests([{ ...smallBundle().contents, objects }]);
  const wanted = { name: 'libseccomp-dev', arch: 'arm64', version: '2.5.1-1+deb11u1' };
  it.each<[string, Contents['objects'], typeof wanted, string | null]>([
    ['as it is', [deb('libseccomp-dev_2.5.1-1+deb11u1_arm64')], wanted, 'd'.repeat(64)],
    ['of another version', [deb('libseccomp-dev_2.5.1-1_arm64')], wanted, null],
    ['of another architecture', [deb('libseccomp-dev_2.5.1-1+deb11u1_amd64')], wanted, null],
    ['with an epoch', [deb('x_1.2-1_arm64')], { name: 'x', arch: 'arm64', version: '2:1.2-1' }, 'd'.repeat(64)],
    [
      'with two digests',
      [deb('x_1-1_arm64'), deb('x_1-1_arm64', 'e'.repeat(64))],
      { ...wanted, name: 'x', version: '1-1' },
      null,
    ],
    ['in an index', [{ ...deb('libseccomp-dev_2.5.1-1+deb11u1_arm64'), kind: 'git' }], wanted, null],
  ])('%s', (_title, objects, installed, digest) => {
    expect(digestsOf(...objects)(installed)).toBe(digest);
  });
});

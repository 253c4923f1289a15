import type { Manifest } from '../../../src/artifacts/manifest.ts';
import { buildInputs, type BuildInputs } from '../../../src/inventory/build-inputs.ts';
import { LOCK_SCHEMA_ID, type Lock } from '../../../src/lockfile/lock-file.ts';
import type { Evidence } from '../../../src/provenance/check-statement.ts';
import { makeStatement } from '../../../src/provenance/make-statement.ts';
import type { Statement } from '../../../src/provenance/statement-schema.ts';
import { wholeManifest } from '../artifacts/whole-manifest.ts';

export const RUNC = 'a'.repeat(40);
export const sha256 = '1'.repeat(64);
const binary = {
  name: 'dockerd',
  path: 'dockerd-20.10.24',
  bytes: 1,
  sha256,
  machine: 'aarch64',
  static: true,
  version: null,
};
const component = {
  ...{ variable: 'RUNC_COMMIT', treePin: 'x', note: null, asked: false, file: 'f', line: 1, said: null },
  agrees: null,
} satisfies Omit<Manifest['components'][number], 'component' | 'pin' | 'from'>;
export const manifest = wholeManifest({
  binaries: [binary],
  patches: [{ name: '0001-a.patch', subject: 's', files: ['Dockerfile'], sha256: '2'.repeat(64) }],
  components: [
    { ...component, from: 'tree', component: 'runc', pin: RUNC },
    { ...component, from: 'tree', component: 'tini', pin: 'v0.19.0' },
    { ...component, from: 'tree', component: 'containerd', pin: 'c'.repeat(40) },
  ],
  sources: [
    {
      ...{ component: 'runc', commit: RUNC, tags: ['v1.1.4'], history: 'commit', path: 'hand/runc', receivedBytes: 0 },
      ...{
        upstream: 'https://github.com/opencontainers/runc.git',
        mirror: 'ghfast',
        url: 'https://mirror.example/runc.git',
      },
    },
  ],
  images: [
    {
      ...{
        kind: 'image',
        name: 'golang',
        reference: 'docker.io/library/golang:1.19.7-bullseye',
        platform: 'linux/amd64',
      },
      ...{ digest: `sha256:${'3'.repeat(64)}`, basis: 'table', mirror: 'm', operators: [], witnesses: [] },
    },
  ],
});
export const lock: Lock = {
  ...{
    schema: LOCK_SCHEMA_ID,
    tool: { name: 'moby-build', version: '0' },
    made: '2026-01-01T00:00:00Z',
    ref: 'v20.10.24',
  },
  ...{ commit: null, tree: RUNC, clonedThrough: null, target: 'binary', platform: 'linux/arm64', profile: 'cn' },
  ...{ components: [], images: [] },
  suites: [
    { suite: 'bullseye', base: 'http://m.example/debian', date: '2026-01-01T00:00:00Z', mirror: 'm', operator: null },
  ],
  modules: [
    {
      ...{ path: 'github.com/a/B', version: 'v1.0.0+x', mirror: 'goproxy', operator: null },
      ...{
        sum: `h1:${Buffer.alloc(32, 1).toString('base64')}`,
        goModSum: `h1:${Buffer.alloc(32, 2).toString('base64')}`,
      },
    },
  ],
};
export const NO_INPUTS = { inputs: null, inputsText: null };
export const make = (
  changed: Manifest = manifest,
  withLock: Lock | null = lock,
  inputs: BuildInputs | null = null,
): Statement =>
  makeStatement({
    ...{ manifest: changed, manifestText: 'm', lock: withLock, lockText: withLock === null ? null : 'l' },
    ...{ inputs, inputsText: inputs === null ? null : 'i' },
  });
export const installed = {
  ...{ name: 'libseccomp-dev', arch: 'arm64', version: '1:2.5.1-1+deb11u1', sha256: '4'.repeat(64) },
  ...{ from: 'http://m.example/debian', suite: 'bullseye' },
};
export const inputsOf = (more: Partial<BuildInputs> = {}): BuildInputs =>
  buildInputs({ trees: [], packages: [installed], cachedSteps: 0, ...more });

export const evidence: Evidence = {
  binaries: [{ name: 'dockerd', file: 'dockerd-20.10.24', sha256 }],
  manifest,
  commitOf: () => manifest.commit,
  signedBy: null,
  packages: null,
};

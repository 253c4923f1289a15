import { MANIFEST_SCHEMA_ID } from '../../../src/artifacts/manifest-name.ts';
import type { Manifest } from '../../../src/artifacts/manifest.ts';

const NOTHING = {
  patches: [],
  points: [],
  mirrors: [],
  components: [],
  sources: [],
  images: [],
  checks: [],
  warnings: [],
};

/** A manifest that is whole, with what a test changes of it. */
export function wholeManifest(more: Partial<Manifest> = {}): Manifest {
  return {
    ...NOTHING,
    schema: MANIFEST_SCHEMA_ID,
    tool: { name: 'moby-build', version: '0.1.0' },
    started: '2026-01-01T00:00:00Z',
    ended: '2026-01-01T00:00:01Z',
    seconds: 1,
    asked: { ref: 'v20.10.24', profile: 'cn' },
    ref: 'v20.10.24',
    commit: '5d6db842238e3c4f5f9fb9ad70ea46b35227d084',
    pin: 'table',
    clonedFrom: 'https://github.com/moby/moby.git',
    clonedThrough: 'ghfast',
    tree: { before: null, after: null },
    series: '20.10',
    target: 'binary',
    platform: 'linux/arm64',
    profile: 'cn',
    stamped: { version: '20.10.24', gitCommit: '5d6db84' },
    build: { args: {}, env: {}, command: 'make binary' },
    binaries: [],
    engine: null,
    ...more,
  };
}

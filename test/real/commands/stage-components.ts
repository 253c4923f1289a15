import { cpSync } from 'node:fs';
import { addEntry } from '../../../src/store/store.ts';
import type { lightPins } from '../../support/light-tree.mjs';
import { makeComponent } from '../run/host-setup.ts';
import { Places } from '../store/repository.ts';

type Pin = (typeof lightPins)[number];

/** The components of the light tree: whose they are, and the tag of the pinned commit. */
const COMPONENTS: readonly (readonly [pin: Pin, repository: string, tag: string | null])[] = [
  ['CONTAINERD', 'containerd/containerd', 'v1.4.12'],
  ['RUNC', 'opencontainers/runc', 'v1.0.2'],
  ['TINI', 'krallin/tini', 'v0.19.0'],
  ['LIBNETWORK', 'docker/libnetwork', null],
  ['ROOTLESSKIT', 'rootless-containers/rootlesskit', null],
];

/** Components that an earlier build has fetched: a build of the light tree with these pins asks no network for them. */
export async function prepareComponents(): Promise<{
  readonly pins: Partial<Record<Pin, string>>;
  readonly copyStore: (to: string) => void;
  readonly remove: () => void;
}> {
  const places = new Places();
  const store = places.next();
  const pins: Partial<Record<Pin, string>> = {};
  for (const [pin, repository, tag] of COMPONENTS) {
    const dir = places.next();
    const commit = makeComponent(places.base, dir, tag, 1);
    pins[pin] = commit;
    const upstream = `https://github.com/${repository}.git`;
    const tags = tag === null ? [] : [tag];
    const fetched = { mirror: 'ghfast.top', url: `https://ghfast.top/${upstream}`, receivedBytes: 1 };
    await addEntry(store, dir, { commit, upstream, tags, history: 'commit', ...fetched });
  }
  return {
    pins,
    copyStore: (to) => {
      cpSync(store, to, { recursive: true, preserveTimestamps: true });
    },
    remove: () => {
      places.remove();
    },
  };
}

import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../../src/config/layers/parse.ts';
import { pinFor } from '../../../src/moby/pins.ts';
import type { Resolutions } from '../../../src/mirrors/resolve/resolutions.ts';
import { bundleMirrors, mountedInstead } from '../../../src/run/offline/bundle-mirrors.ts';
import { imageContexts } from '../../../src/bundle/use/image-contexts.ts';
import type { UsedBundle } from '../../../src/bundle/use/used-bundle.ts';
import { optionsWith, useBundle } from '../../../src/run/offline/use-bundle.ts';
import { smallBundle } from '../../support/make-bundle.ts';

const { contents } = smallBundle();
const located = { verified: { contents } } as unknown as UsedBundle['located'];
const options = {
  ...{ ref: 'v20.10.12', arch: 'amd64', target: 'binary', commit: null, source: { kind: 'url', url: 'https://x' } },
  ...{ suite: null, lean: false, without: [], components: { runc: 'v1.1.4' }, buildArgs: {}, network: null },
  ...{
    mirrors: { apt: 'https://m' },
    images: { golang: 'x/y:z' },
    frontend: 'official',
    probe: true,
    sources: 'mirror',
  },
} as unknown as RunOptions;
const used = (more: object = {}): UsedBundle => {
  const [build] = contents.builds;
  return { file: 'moby.tar', located, build: { ...(build ?? expect.fail('no build')), ...more }, stored: new Set() };
};

describe('the options of a build from a bundle', () => {
  it('are those of the bundle where nobody says otherwise, and name no mirror', () => {
    const decided = {
      lean: true,
      suite: 'bookworm',
      without: ['vpnkit'],
      components: { tini: 'v0.19.0', runc: 'v1' },
      buildArgs: { A: '1' },
    };
    const made = optionsWith(used({ options: decided }), options, () => false);
    expect(made).toMatchObject({
      ...{ ref: 'v20.10.24', arch: 'arm64', target: 'binary', commit: null, suite: 'bookworm', lean: true },
      ...{ without: ['vpnkit'], buildArgs: { A: '1' }, components: { tini: 'v0.19.0', runc: 'v1.1.4' } },
      ...{ mirrors: {}, images: {}, frontend: null, probe: false, sources: 'host', network: 'none', emulate: true },
    });
  });

  it('leave the suite, the network and the tree to the user', () => {
    const own = {
      ...options,
      suite: 'sid',
      network: 'host',
      source: { kind: 'directory', path: '/src' },
    } as unknown as RunOptions;
    const made = optionsWith(used(), own, (name) => name === 'suite');
    expect(made).toMatchObject({ suite: 'sid', network: 'host', ref: 'v20.10.12', commit: null });
  });

  it('need moby in the bundle, unless the tree is here', () => {
    const nobody = (): boolean => false;
    expect(() => useBundle('moby.tar', located, options, nobody)).toThrow(
      'moby.tar holds no moby: it was made with --source DIR',
    );
    const here = { ...options, source: { kind: 'directory', path: '/src' } } as unknown as RunOptions;
    expect(useBundle('moby.tar', located, here, nobody).build.ref).toBe('v20.10.24');
    const ref = (name: string): boolean => name === 'ref';
    expect(() => useBundle('moby.tar', located, here, ref)).toThrow(
      'moby.tar is for another build: v20.10.24, arm64, binary.',
    );
  });
});

describe('a bundle is believed as any mirror is', () => {
  const nobody = (): boolean => false;
  const ofTag = (commit: string, ref = 'v20.10.24'): UsedBundle['located'] => {
    const [build] = contents.builds;
    const moby = {
      ...(contents.objects[0] ?? expect.fail('no object')),
      kind: 'git',
      name: 'moby',
      digest: `git:${commit}`,
    };
    const builds = [{ ...(build ?? expect.fail('no build')), ref, commit, needs: [] }];
    return {
      verified: { contents: { ...contents, builds, objects: [moby] } },
    } as unknown as UsedBundle['located'];
  };
  const pinned = pinFor('v20.10.24')?.commit ?? expect.fail('no pin');
  const other = 'd'.repeat(40);
  const used = (located: UsedBundle['located'], commit: string | null) => () =>
    useBundle('moby.tar', located, { ...options, commit }, nobody);

  it('the commit of a tag is that of the table, or of --commit', () => {
    expect(used(ofTag(pinned), null)().build.commit).toBe(pinned);
    expect(used(ofTag(other), other)().build.commit).toBe(other);
    expect(used(ofTag(other), null)).toThrow(`it must be ${pinned}`);
    expect(used(ofTag(pinned), other)).toThrow(`it must be ${other}`);
    expect(used(ofTag(other, 'v99.0.0'), null)).toThrow('no table says which commit that is');
  });

  it.each<[string, Record<string, unknown>]>([
    ['an architecture that is a path', { arch: '../../../../home/u/x' }],
    ['a target that is none', { target: 'x y' }],
    ['a frontend past the plan', { buildArgs: { BUILDKIT_SYNTAX: 'evil/frontend' } }],
    ['a component that is an option of git', { components: { runc: '--upload-pack=x' } }],
    ['a suite that is more than a name', { suite: 'sid main' }],
  ])('an option of it is held to the rules of options: %s', (_, { arch, target, ...more }: Record<string, unknown>) => {
    const [build] = contents.builds;
    const wrong = {
      ...(build ?? expect.fail('no build')),
      ...(arch === undefined ? {} : { arch }),
      ...(target === undefined ? {} : { target }),
    };
    const made = {
      file: 'moby.tar',
      located,
      build: { ...wrong, options: { ...wrong.options, ...more } },
    } as UsedBundle;
    expect(() => optionsWith(made, options, nobody)).toThrow(
      expect.objectContaining({ code: 'bad-bundle', exitCode: 5 }),
    );
  });
});

describe('the mirrors of a build from a bundle', () => {
  it('are the bundle alone; the frontend too, where it has one', () => {
    const frontends = (name: string) => {
      const objects = contents.objects.map((each) => ({
        ...each,
        upstream: each.kind === 'image' ? name : each.upstream,
      }));
      const other = { verified: { contents: { ...contents, objects } } } as unknown as UsedBundle['located'];
      return bundleMirrors({ ...used(), located: other }).profile.mirrors.frontend;
    };
    expect(frontends('docker.io/library/golang:1.17')).toEqual(['builtin']);
    expect(frontends('docker.io/docker/dockerfile:1')).toEqual(['bundle']);
    expect(bundleMirrors(used()).overrides).toEqual([]);
  });

  it('are folders that the steps see, whose lists may be old; nothing else changes', () => {
    const apt = {
      debian: 'http://bundle.invalid/debian',
      security: 'http://bundle.invalid/debian-security',
      text: null,
      expired: false,
    };
    const point = (to: string | null) => ({ pointId: 'p', via: 'mirror', mirror: 'bundle', to, reason: '' });
    const before = {
      ...{ apt, goproxy: 'http://bundle.invalid/go', gosumdb: null, keyring: 'KEYS' },
      points: [point('http://bundle.invalid/go'), point('bundle.invalid/golang:1'), point(null)],
    } as unknown as Resolutions;
    const after = mountedInstead(before);
    expect(after.apt).toMatchObject({
      debian: 'file:///tmp/sources/apt/debian',
      security: 'file:///tmp/sources/apt/debian-security',
      expired: true,
    });
    expect(after.points.map(({ to }) => to)).toEqual(['file:///tmp/sources/go', 'bundle.invalid/golang:1', null]);
    expect(after).toMatchObject({ goproxy: 'file:///tmp/sources/go', gosumdb: null, keyring: 'KEYS' });
  });

  it('reach a builder as a folder of this machine, with tag and digest', () => {
    const hex = 'a'.repeat(64);
    const image = {
      name: `bundle.invalid/golang:1-${hex}`,
      manifest: `sha256:${hex}`,
      mediaType: '',
      config: '',
      layers: [],
    };
    expect(imageContexts([image], '/work/v1-linux-amd64/build.log')).toEqual([
      `bundle.invalid/golang:1-${hex}=oci-layout:///work/v1-linux-amd64/bundle-images:1-${hex}@sha256:${hex}`,
    ]);
  });
});

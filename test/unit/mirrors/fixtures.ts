import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scan } from '../../../src/egress/scan.ts';
import { loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import { builtinProfile, type Profile } from '../../../src/mirrors/catalogue/profile.ts';
import type { Resolutions } from '../../../src/mirrors/resolve/resolutions.ts';
import { resolveMirrors } from '../../../src/mirrors/resolve/resolve.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import { loadTree } from '../../../src/system/files/load-tree.ts';
import type { Scan, Tree } from '../../../src/types.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';

/** The light tree, shaped like v20.10.12; its default hosts are invented names below the official domains' shape. */
export async function lightTree(): Promise<Tree> {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-test-'));
  try {
    return await loadTree(materializeLightTree(dir, { git: false }).dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The tree with texts put in the place of others; fails when one is not there. */
export function edited(tree: Tree, path: string, replacements: readonly (readonly [string, string])[]): Tree {
  const file = tree.get(path);
  if (file === undefined) throw new Error(`no ${path}`);
  let { text } = file;
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
    text = text.replaceAll(from, to);
  }
  return new Map([...tree, [path, { ...file, text }]]);
}

/** The tree on another Debian release: what moby did in 20.10.19. */
export function onRelease(tree: Tree, suite: string): Tree {
  const text = (tree.get('Dockerfile')?.text ?? '')
    .replace(/^RUN echo 'deb .*backports.*\n/gm, '')
    .replaceAll('/buster-backports', '')
    .replace('BASE_DEBIAN_DISTRO="buster"', `BASE_DEBIAN_DISTRO="${suite}"`);
  return new Map([...tree, ['Dockerfile', { text, mode: '100644' }]]);
}

export function profileOf(name: string): Profile {
  const profile = builtinProfile(name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return profile;
}

const scans = new WeakMap<Tree, Map<string, Scan>>();

/** A tree is never changed in these tests, so its scan is kept. */
export function scanOf(tree: Tree, arch = 'arm64'): Scan {
  const kept = scans.get(tree) ?? new Map<string, Scan>();
  scans.set(tree, kept);
  const found = kept.get(arch) ?? scan(tree, { target: 'binary', arch });
  kept.set(arch, found);
  return found;
}

/** Resolves with a profile's name and whatever flags the test is about. */
export function resolveWith(found: Scan, profile: string | Profile, flags: Partial<ResolveInput> = {}): Resolutions {
  return resolveMirrors({
    scan: found,
    profile: typeof profile === 'string' ? profileOf(profile) : profile,
    catalogue: loadCatalogue(),
    overrides: [],
    images: {},
    frontend: undefined,
    without: [],
    sourcesList: undefined,
    aptKeyring: undefined,
    suite: undefined,
    all: false,
    ...flags,
  });
}

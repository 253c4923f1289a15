/** The names that options, trees and documents have in common. */

export const EGRESS_KINDS = [
  'frontend',
  'image',
  'apt',
  'apt-source',
  'git',
  'http',
  'gomod',
  'pip',
  'frozen-image',
] as const;
export type EgressKind = (typeof EGRESS_KINDS)[number];

/**
 * How a point is met. `mirror`: by another host; `upstream`: the profile chose the official host; `daemon`: the engine's
 * own registry mirrors serve it; `host`: fetched and checked by us beforehand; `dropped`: the point is gone; `none`: nobody decided.
 */
export const VIAS = ['mirror', 'upstream', 'host', 'dropped', 'none'] as const;
export type Via = (typeof VIAS)[number];

export const MIRROR_KINDS = [
  'frontend',
  'image',
  'apt',
  'apt-security',
  'git',
  'gomod',
  'gosumdb',
  'http',
  'pip',
] as const;
export type MirrorKind = (typeof MIRROR_KINDS)[number];

/** The languages that sentences for people are written in. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What `--target` takes. */
export const TARGET_NAMES = ['binary', 'dynbinary', 'all'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** The components that moby builds beside itself, and whose version `--component` chooses. */
export const COMPONENT_NAMES = ['containerd', 'runc', 'tini', 'rootlesskit', 'libnetwork'] as const;
export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** What `--component` takes: xx is none that moby builds, and has a version of its own where `--base debian` makes it of its repository. */
export const CHOSEN_NAMES = [...COMPONENT_NAMES, 'xx'] as const;

/** What a build fetches with git for its binaries: the components, and tools that they are built with. */
export const SOURCE_NAMES = [...COMPONENT_NAMES, 'go-winres', 'xx'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** Where a build with `--base debian` puts what its first stages are made of, inside the tree. */
export const BASE_FOLDER = 'hack/dockerfile/base';

/** `git`, `git:OWNER/REPO`, `apt:SUITE`: a kind of mirrors, or one of its parts. */
export interface MirrorKey {
  readonly kind: MirrorKind;
  /** Of git the repository with its host (`github.com/containerd/containerd`), of apt the suite; absent: all of the kind. */
  readonly part?: string | undefined;
}

/** How the part of a kind is written; a kind that is not here has none. */
const PARTS: Readonly<Partial<Record<MirrorKind, { readonly shape: RegExp; readonly written: string }>>> = {
  git: { shape: /^[\w.-]+(?::\d+)?(?:\/[\w.-]+){1,8}$/, written: 'OWNER/REPO' },
  apt: { shape: /^[a-z][a-z0-9-]*(?:\/updates)?$/, written: 'SUITE' },
};

/** The kinds and the forms of their parts, as a message lists them. */
export const MIRROR_KEY_FORMS: readonly string[] = MIRROR_KINDS.flatMap((kind) => {
  const part = PARTS[kind];
  return part === undefined ? [kind] : [kind, `${kind}:${part.written}`];
});

/** Reads `git`, `git:containerd/containerd`, `git:git.example/team/containerd`, `apt:bookworm-security`; null for anything else. */
export function readMirrorKey(text: string): MirrorKey | null {
  const colon = text.indexOf(':');
  const kind = MIRROR_KINDS.find((name) => name === (colon === -1 ? text : text.slice(0, colon)));
  if (kind === undefined || colon === -1) return kind === undefined ? null : { kind };
  const part = text.slice(colon + 1);
  if (PARTS[kind]?.shape.test(part) !== true) return null;
  return { kind, part: kind === 'git' ? repositoryPart(part) : part };
}

/** Two words are a repository of GitHub; more begin with the host. GitHub and git servers take names in any case. */
function repositoryPart(text: string): string {
  const plain = text.toLowerCase().replace(/\.git$/, '');
  return plain.split('/').length === 2 ? `github.com/${plain}` : plain;
}

/** How a key is written on the line and in files: `git:containerd/containerd`. */
export function mirrorKeyText({ kind, part }: MirrorKey): string {
  return part === undefined ? kind : `${kind}:${part.replace(/^github\.com\/(?=[^/]+\/[^/]+$)/, '')}`;
}

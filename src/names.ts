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

/** What `--target` takes. */
export const TARGET_NAMES = ['binary', 'dynbinary', 'all'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** The components that moby builds beside itself, and whose version `--component` chooses. */
export const COMPONENT_NAMES = ['containerd', 'runc', 'tini', 'rootlesskit', 'libnetwork'] as const;
export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** What a build fetches with git for its binaries: the components, and a tool that they are built with. */
export const SOURCE_NAMES = [...COMPONENT_NAMES, 'go-winres'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

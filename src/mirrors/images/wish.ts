import type { Via } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import type { DocumentedImage } from '../catalogue/documented.ts';
import type { Operator } from '../candidates/operator.ts';

/** One registry at which an image may be had. */
export interface ImagePlace {
  /** As `nameOf` has it; `flag` for the reference of `--image`. */
  readonly name: string;
  readonly via: Via;
  /** What a point says of its mirror. */
  readonly mirror: string | null;
  readonly operator: Operator;
  /** true: the official registry, and the user's own choice (a flag, a profile that is taken as it stands). */
  readonly authority: boolean;
  /** What the tree gets, without a digest: `docker.m.daocloud.io/library/golang:1.16.12-buster`. */
  readonly reference: string;
  /** false: the catalogue believes that it does not have the image, and nobody has asked. */
  readonly carries: boolean;
  /** Why it stands where it stands, for a person; empty: nothing was measured. */
  readonly why: string;
  /** null for the reference of `--image`. */
  readonly candidate: Candidate | null;
}

/** Who says a digest without a mirror being asked: the user (a flag, or the tree itself), the lock file, the shipped table. */
export interface KnownDigest {
  readonly digest: string;
  readonly by: 'user' | 'tree' | 'lock' | 'table';
}

/** One image that a build needs: one tag, for one or more platforms. */
export interface ImageWish {
  readonly kind: 'image' | 'frontend';
  /** As `--image` and `--trust-image` call it: `golang`, `djs55/vpnkit`. */
  readonly name: string;
  /** `docker.io/library/golang:1.16.12-buster`: what it is, whoever serves it. */
  readonly reference: string;
  readonly platforms: readonly { readonly platform: string; readonly points: readonly string[] }[];
  /** In the order of preference. */
  readonly places: readonly ImagePlace[];
  readonly known: KnownDigest | null;
  /** What is publicly written of its tag: a witness beside the mirrors, whatever decides; null: nothing, or the image is trusted. */
  readonly documented: DocumentedImage | null;
  /** `--trust-image`: the first place that has it is taken at its word. */
  readonly trusted: boolean;
  /** false: a build argument names it, so no text of the tree can hold a digest. */
  readonly pinnable: boolean;
}

/** What one place said. */
export interface Statement {
  readonly place: ImagePlace;
  /** What the manifest that came hashes to; null: none came that can be believed. */
  readonly digest: string | null;
  /** Why not; empty where one came. */
  readonly reason: string;
  /** Where it was asked for a known digest and has none: what its tag is. */
  readonly tag?: string | undefined;
  /** `registry.example:5000`: the host that it sent us to, and that said it; undefined: it said so itself. */
  readonly sentTo?: string | undefined;
  /** The wanted platforms that it does not have, with the reason. */
  readonly lacking: Readonly<Record<string, string>>;
}

import type { Via } from '../../types.ts';
import type { Candidate } from './candidates.ts';

/** What is decided for an image point whose digest is settled. */
export interface ImagePin {
  readonly via: Via;
  readonly mirror: string | null;
  /** What the tree gets: `docker.m.daocloud.io/library/golang:1.16.12-buster@sha256:…`. */
  readonly to: string;
  readonly reason: string;
  /** Whose caveats are told; null for the reference of `--image`. */
  readonly candidate: Candidate | null;
}

/** By the id of the point. */
export type ImagePins = ReadonlyMap<string, ImagePin>;

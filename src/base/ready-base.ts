import type { z } from 'zod';
import type { basePart } from '../document/base-part.ts';
import type { IndexedPackage } from './packages/package-index.ts';

/** What a base is made of, as manifest, lock and `--json` tell it. */
export type BaseFacts = z.infer<typeof basePart>;

/** A package that lies on this machine. */
export interface ReadyPackage extends IndexedPackage {
  /** Where its file lies. */
  readonly file: string;
}

/** All that a base is made of, checked, on this machine. */
export interface ReadyBase {
  readonly facts: BaseFacts;
  readonly essential: readonly ReadyPackage[];
  readonly more: readonly ReadyPackage[];
  /** The zip of Go's module; or the folder of Go in Debian's own packages. */
  readonly go: { readonly zip: string; readonly version: string } | { readonly folder: string };
  /** Text of the sources that apt has in the image: where these packages are from. */
  readonly sources: string;
}

import type { BundleObject } from '../format/contents.ts';
import type { BundleFile } from '../make/write-bundle.ts';

/** Folders of this machine that stand for mirrors, and where the steps of the build see what is taken out of them. */
export interface LocalFolders {
  /** Archives of Debian, as URLs, by the folder below `hack/dockerfile/sources/apt`. */
  readonly apt: ReadonlyMap<string, string>;
  /** Module proxies, in the order in which they are asked. `below`: the folder below `hack/dockerfile/sources/go`, empty for the first. */
  readonly go: readonly { readonly below: string; readonly url: string }[];
}

/** What was taken out of folders of this machine. */
export interface TakenOut {
  readonly objects: readonly BundleObject[];
  /** By path in a bundle: `apt/…`, `go/…`. */
  readonly files: ReadonlyMap<string, BundleFile>;
  /** Modules wait for the sources that name them. */
  readonly waiting: boolean;
}

export const NOTHING_TAKEN: TakenOut = { objects: [], files: new Map(), waiting: false };

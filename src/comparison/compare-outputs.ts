import type { Manifest } from '../artifacts/manifest.ts';
import { compareManifests } from './compare-manifests.ts';
import type { Difference } from './difference.ts';

/** A file of an output. */
export interface OutputFile {
  /** `dockerd`, not `dockerd-20.10.12`; inside a package its last part. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Where it can be read; null where a manifest only names it. */
  readonly path: string | null;
}

/** One of the two that are compared. */
export interface Output {
  readonly path: string;
  readonly kind: 'folder' | 'manifest' | 'tgz' | 'deb';
  readonly manifest: Manifest | null;
  readonly files: readonly OutputFile[];
}

export type FileState = 'same' | 'differs' | 'only-a' | 'only-b';

export interface ComparedFile {
  readonly name: string;
  readonly state: FileState;
  readonly a: OutputFile | null;
  readonly b: OutputFile | null;
  readonly differences: readonly Difference[];
}

export interface Comparison {
  /** Every file is on both sides, with the same bytes. */
  readonly equal: boolean;
  readonly files: readonly ComparedFile[];
  /** What went into the builds and differs; null where a side has no manifest. */
  readonly inputs: readonly Difference[] | null;
}

/**
 * Compares two outputs. Equal means equal files: options may differ and give the same bytes, and then they are told, but are no difference of the outputs.
 *
 * @param look what two files of one name differ in; asked only for those whose sums differ
 */
export function compareOutputs(
  a: Output,
  b: Output,
  look: (a: OutputFile, b: OutputFile) => readonly Difference[],
): Comparison {
  const names = [...new Set([...a.files, ...b.files].map(({ name }) => name))].sort();
  const files = names.map((name): ComparedFile => {
    const inA = fileIn(a, name);
    const inB = fileIn(b, name);
    if (inA === null || inB === null)
      return { name, state: inA === null ? 'only-b' : 'only-a', a: inA, b: inB, differences: [] };
    const same = inA.sha256 === inB.sha256;
    return { name, state: same ? 'same' : 'differs', a: inA, b: inB, differences: same ? [] : look(inA, inB) };
  });
  return {
    equal: files.every(({ state }) => state === 'same'),
    files,
    inputs: a.manifest === null || b.manifest === null ? null : compareManifests(a.manifest, b.manifest),
  };
}

function fileIn({ files }: Output, name: string): OutputFile | null {
  return files.find((file) => file.name === name) ?? null;
}

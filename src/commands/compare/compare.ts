import { elfDetails } from '../../artifacts/elf/elf-details.ts';
import { compareBinaries } from '../../comparison/compare-binaries.ts';
import { compareOutputs, type Comparison, type Output, type OutputFile } from '../../comparison/compare-outputs.ts';
import { readOutput } from '../../comparison/read-output.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import type { CompareDocument } from './document.ts';

export interface CompareReport extends Comparison {
  readonly command: 'compare';
  readonly a: Output;
  readonly b: Output;
}

/** `moby-build compare A B`: whether two outputs are the same, and what differs where they are not. Writes nothing. */
export async function compare(context: CommandContext, pathA: string, pathB: string): Promise<CompareReport> {
  const temp = makeTempDir('compare');
  try {
    return await context.wait(MESSAGES.comparing, async () => {
      const a = await readOutput(pathA, temp.path);
      const b = await readOutput(pathB, temp.path);
      const comparison = compareOutputs(a, b, lookAtFiles);
      Object.assign(context.document, documentOf(a, b, comparison));
      return { command: 'compare', a, b, ...comparison };
    });
  } finally {
    temp.remove();
  }
}

function lookAtFiles(a: OutputFile, b: OutputFile): Comparison['files'][number]['differences'] {
  if (a.path === null || b.path === null) return [];
  return compareBinaries(elfDetails(a.path), elfDetails(b.path));
}

function documentOf(a: Output, b: Output, { equal, files, inputs }: Comparison): CompareDocument {
  const factsOf = (file: OutputFile | null): { bytes: number; sha256: string } | null =>
    file === null ? null : { bytes: file.bytes, sha256: file.sha256 };
  return {
    a: outputFacts(a),
    b: outputFacts(b),
    equal,
    files: files.map((file) => ({ ...file, a: factsOf(file.a), b: factsOf(file.b) })),
    inputs,
  };
}

function outputFacts({ path, kind, manifest }: Output): CompareDocument['a'] {
  return {
    path,
    kind,
    manifest: manifest !== null,
    ref: manifest?.ref ?? null,
    commit: manifest?.commit ?? null,
    platform: manifest?.platform ?? null,
  };
}

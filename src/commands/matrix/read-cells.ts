import { basename, join } from 'node:path';
import type { RunOptions } from '../../config/layers/parse.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { cellsOf, shardOf, type Cell } from '../../matrix/cells.ts';
import { expandRefs } from '../../matrix/expand-refs.ts';
import { MATRIX_FILE_NAME, readMatrixFile, type MatrixFile } from '../../matrix/matrix-file.ts';
import { knownTags, unknownRef } from '../../moby/pins.ts';
import { NEXT } from '../../next-command.ts';
import { tagsOf } from '../../source/clone-refs.ts';
import { readConfiguration } from '../../system/files/read-configuration.ts';

/** What is to be built, and with what: the line, and below it the matrix file. */
export interface Asked {
  readonly cells: readonly Cell[];
  /** How many there are in all shards. */
  readonly all: number;
  readonly builders: readonly string[];
  readonly jobs: number;
}

/**
 * Reads the matrix file, expands the refs and combines the axes. The tags are those of the built-in table, or with a directory as the
 * source those of that clone.
 *
 * @throws MobyBuildError exit 2: `bad-matrix`, `unknown-ref`, `no-such-file`, `usage`; exit 4 `not-a-clone`
 */
export async function readCells(options: RunOptions, cwd: string): Promise<Asked> {
  const file = await matrixFile(options, cwd);
  const entries = options.refs.length > 0 ? options.refs : (file?.refs ?? []);
  if (entries.length === 0) throw noRefs();
  const { refs, tags } = await refsOf(options, entries);
  const exclude = (file?.exclude ?? []).map(({ ref, arch = null, target = null }) => ({
    refs: ref === undefined ? null : expandRefs([ref], tags).refs,
    arch,
    target,
  }));
  const cells = cellsOf({
    refs,
    arches: first(options.arches, file?.arches ?? [], [options.arch]),
    targets: first(options.targets, file?.targets ?? [], ['binary']),
    exclude,
  });
  if (cells.length === 0) throw unknownEntry(entries.join(','), []);
  return {
    cells: shardOf(cells, options.shard),
    all: cells.length,
    builders: [...new Set(first(options.builders, file?.builders ?? [], []))],
    jobs: options.jobs ?? file?.jobs ?? 1,
  };
}

/**
 * The tags that a list of refs names, of the built-in table or of the directory that is the source.
 *
 * @throws MobyBuildError `unknown-ref` (2), `not-a-clone` (4)
 */
export async function refsOf(
  { source }: Pick<RunOptions, 'source'>,
  entries: readonly string[],
): Promise<{ readonly refs: readonly string[]; readonly tags: readonly string[] }> {
  const tags = source.kind === 'url' ? knownTags() : (await tagsOf(source.path, '*')).map(({ ref }) => ref);
  const { refs, problems } = expandRefs(entries, tags);
  const [problem] = problems;
  if (problem !== undefined) throw unknownEntry(problem.entry, problems);
  return { refs, tags };
}

function first<Each>(...lists: readonly (readonly Each[])[]): readonly Each[] {
  return lists.find((list) => list.length > 0) ?? [];
}

async function matrixFile({ matrixFile: named, refs }: RunOptions, cwd: string): Promise<MatrixFile | null> {
  if (named === null && refs.length > 0) return null;
  const path = named ?? join(cwd, MATRIX_FILE_NAME);
  const text = await readConfiguration(path);
  if (text !== null) return readMatrixFile(text, named === null ? MATRIX_FILE_NAME : basename(path));
  if (named === null) return null;
  throw new MobyBuildError({
    code: 'no-such-file',
    exitCode: EXIT.usage,
    message: `There is no file ${path}.`,
    where: '--matrix-file',
    command: NEXT.help('matrix'),
  });
}

function noRefs(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: `--refs is missing, and there is no ${MATRIX_FILE_NAME} here: which tags shall be built?`,
    where: '--refs',
    hint: "A list of tags, ranges and patterns: --refs 'v20.10.24,v27.5.*'.",
    command: NEXT.help('matrix'),
  });
}

function unknownEntry(
  entry: string,
  problems: readonly { readonly entry: string; readonly message: string }[],
): MobyBuildError {
  const plain = /^[\w.+-]+$/u.test(entry) && problems.length === 1 ? unknownRef(entry) : null;
  return new MobyBuildError({
    code: 'unknown-ref',
    exitCode: EXIT.usage,
    message:
      plain?.message ??
      (problems.length === 0
        ? `--refs ${entry} leaves no cell to build.`
        : problems.map(({ entry: each, message }) => `--refs ${each} ${message}.`).join('\n')),
    where: '--refs',
    hint: 'Tags of moby are v20.10.27 or, from 29 on, docker-v29.0.0; --print table shows what a list comes to.',
    command: NEXT.help('matrix'),
  });
}

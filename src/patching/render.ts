import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../system/git/git.ts';
import { makeTempDir } from '../system/files/temp-dir.ts';
import type { PlannedPatch, Plan, TreeFile } from '../types.ts';

/** One mail of a patch set. */
export interface PatchMail {
  /** `0001-apt-sources-of-stage-base.patch` */
  readonly name: string;
  readonly text: string;
}

export interface PatchSet {
  readonly mails: readonly PatchMail[];
  /** All mails as one text, which `git apply` and `git am --keep-cr` both take; empty when there is none. */
  readonly text: string;
}

/** Who and when stand in the mails: the same always, so that the same plan gives the same bytes. */
const IDENTITY = 'moby-build <moby-build@localhost> 1640995200 +0000';

/** Every setting that a version or a configuration of git may choose otherwise (git-format-patch(1), git-diff(1)). */
const FORMAT = [
  '--numbered',
  '--no-signature',
  '--zero-commit',
  '--no-renames',
  '--binary',
  '--full-index',
  '--no-stat',
  '--patch',
  '--no-cover-letter',
  '--no-thread',
  '--no-attach',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--unified=3',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/**
 * Writes a plan's patches as mails, made by git itself in a temporary repository that is removed again. The bytes depend on
 * the plan only: not on the user's configuration, GIT_* variables, locale, time or name.
 * Throws MobyBuildError as `run` says: `no-such-program` (3) where there is no git.
 */
export async function renderPatchSet(plan: Pick<Plan, 'patches'>): Promise<PatchSet> {
  const { patches } = plan;
  if (patches.length === 0) return { mails: [], text: '' };
  const temp = makeTempDir('patches');
  try {
    const git = (args: readonly string[], input?: Uint8Array) =>
      runGit(temp.path, ['--git-dir', join(temp.path, 'repo.git'), ...args], input === undefined ? {} : { input });
    await git(['init', '--quiet', '--bare']);
    await git(['fast-import', '--quiet', '--date-format=raw'], importStream(patches));
    const out = join(temp.path, 'out');
    await git(['format-patch', '--quiet', ...FORMAT, '--output-directory', out, 'refs/heads/before..refs/heads/after']);
    const files = (await readdir(out)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(out, file), 'utf8')));
    if (texts.length !== patches.length)
      throw new Error(`git made ${String(texts.length)} mails of ${String(patches.length)} patches`);
    const mails = texts.map((text, index): PatchMail => ({ name: patches[index]?.name ?? '', text }));
    return { mails, text: texts.join('\n') };
  } finally {
    temp.remove();
  }
}

/** A stream for `git fast-import` (git-fast-import(1)): one commit with the files as they were, then one for each patch. */
function importStream(patches: readonly PlannedPatch[]): Uint8Array {
  const stream: string[] = [];
  const first = new Map<string, TreeFile | null>();
  for (const { changes } of patches)
    for (const { path, before } of changes) if (!first.has(path)) first.set(path, before);
  commit(
    stream,
    'before',
    'before\n',
    [...first].map(([path, file]) => ({ path, file })),
  );
  stream.push('reset refs/heads/after\nfrom refs/heads/before\n\n');
  for (const { subject, reason, changes } of patches) {
    commit(
      stream,
      'after',
      `${subject}\n\n${reason}\n`,
      changes.map(({ path, after }) => ({ path, file: after })),
    );
  }
  return Buffer.from(stream.join(''), 'utf8');
}

function commit(
  stream: string[],
  branch: string,
  message: string,
  files: readonly { readonly path: string; readonly file: TreeFile | null }[],
): void {
  stream.push(`commit refs/heads/${branch}\ncommitter ${IDENTITY}\n${data(message)}`);
  for (const { path, file } of files) {
    if (file !== null) stream.push(`M ${file.mode} inline ${quoted(path)}\n${data(file.text)}`);
    else if (branch === 'after') stream.push(`D ${quoted(path)}\n`);
  }
  stream.push('\n');
}

function data(text: string): string {
  return `data ${String(Buffer.byteLength(text, 'utf8'))}\n${text}\n`;
}

/** C style, as git-fast-import(1) reads a path that starts with a quote. */
function quoted(path: string): string {
  return `"${path
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)}"`;
}

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { listPath, partPath } from '../../bundle/bytes/part-list.ts';
import { readContents } from '../../bundle/check/verify.ts';
import { readBundle, readParts } from '../../bundle/open-bundle.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { requirePlace } from '../../run/prepare/require-place.ts';
import { toFileError } from '../../system/file-error.ts';

/**
 * Where a bundle may be written. What is there may be an older bundle, and nothing else: a slip of the hand must not cost a file.
 *
 * @returns the files of an older one that the new one does not replace by its own
 * @throws MobyBuildError `usage`, `out-in-the-way` (2)
 */
export async function bundlePlace({ out, split, since }: Pick<RunOptions, 'out' | 'split' | 'since'>): Promise<{
  readonly file: string;
  readonly earlier: readonly string[];
}> {
  if (out === null) throw needsFile();
  if (since !== null && [out, listPath(out), partPath(out, 1)].includes(since)) throw overOlder(since);
  await requirePlace('--out', out);
  const whole = await isThere(out);
  if (whole && !(await isBundle(out))) throw inTheWay(out);
  const list = await isThere(listPath(out));
  const parts = list ? await partsOf(out) : [];
  if (split !== null) {
    // A list of checksums that somebody made by hand has the same name.
    if (parts === null) throw inTheWay(listPath(out));
    const names = await readdir(dirname(out)).catch((cause: unknown) => {
      throw toFileError(cause, dirname(out));
    });
    const foreign = names.find(
      (name) => name.startsWith(`${basename(out)}.`) && /\.\d{3}$/u.test(name) && !parts.includes(name),
    );
    if (foreign !== undefined) throw inTheWay(join(dirname(out), foreign));
  }
  const old = (parts ?? []).map((name) => join(dirname(out), name));
  return { file: out, earlier: [...(whole ? [out] : []), ...(old.length > 0 ? [listPath(out)] : []), ...old] };
}

async function isThere(file: string): Promise<boolean> {
  const facts = await stat(file).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, file);
  });
  return facts !== null;
}

async function isBundle(file: string): Promise<boolean> {
  return readBundle(file, readContents).then(
    () => true,
    (cause: unknown) => {
      if (cause instanceof MobyBuildError && ['bad-bundle', 'no-such-file'].includes(cause.code)) return false;
      throw cause;
    },
  );
}

/** The parts of a bundle that was written here; null: the list is another one. */
async function partsOf(file: string): Promise<readonly string[] | null> {
  return readParts(file).then(
    (parts) => parts.map(({ name }) => name),
    (cause: unknown) => {
      if (cause instanceof MobyBuildError && cause.code === 'bundle-parts') return null;
      throw cause;
    },
  );
}

function needsFile(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: 'bundle create needs --out FILE: the file that is carried.',
    where: '--out',
    command: NEXT.out('moby.tar'),
  });
}

function overOlder(since: string): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: `The bundle would be written over the older one that it needs, ${since}.`,
    where: '--out',
    command: NEXT.out('moby-more.tar'),
  });
}

function inTheWay(file: string): MobyBuildError {
  return new MobyBuildError({
    code: 'out-in-the-way',
    exitCode: EXIT.usage,
    message: `${file} is there already, and is no bundle.`,
    where: '--out',
    hint: 'Name another file, or remove this one.',
    command: NEXT.out('moby.tar'),
  });
}

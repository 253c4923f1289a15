import { readdir, readFile, rm, writeFile, chmod, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { nameBeside, replaceDirectory } from '../system/files/atomic.ts';
import { toFileError } from '../system/file-error.ts';
import { callerOwner, chownTree } from '../system/owner.ts';
import type { PatchSet } from './render.ts';

/** The list of a patch series, as quilt(1) and `git quiltimport` read it. */
const SERIES = 'series';

/**
 * Writes the numbered mails and `series` to a directory, whole or not at all. An earlier patch set there is replaced.
 * @returns the absolute paths of the files
 * Throws MobyBuildError `out-in-the-way` (2) when the directory holds anything else.
 */
export async function writePatchSet(set: PatchSet, dir: string): Promise<readonly string[]> {
  const target = resolve(dir);
  await refuseForeign(target);
  const files = [
    ...set.mails.map(({ name, text }) => ({ name, text })),
    { name: SERIES, text: set.mails.map(({ name }) => `${name}\n`).join('') },
  ];
  const temporary = await makeBeside(target);
  try {
    for (const { name, text } of files) await writeFile(join(temporary, name), text);
    await chmod(temporary, 0o755);
    const owner = callerOwner();
    if (owner !== null) await chownTree(temporary, owner);
    await replaceDirectory(temporary, target);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    throw toFileError(cause, target);
  }
  return files.map(({ name }) => join(target, name));
}

async function makeBeside(target: string): Promise<string> {
  try {
    await makeFolders(dirname(target));
    const beside = nameBeside(target, 'new');
    await mkdir(beside, { mode: 0o700 });
    return beside;
  } catch (cause) {
    throw toFileError(cause, dirname(target));
  }
}

/** What stands there must be an earlier patch set: `series`, and nothing that it does not list. */
async function refuseForeign(target: string): Promise<void> {
  let names: readonly string[];
  try {
    names = await readdir(target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw toFileError(cause, target);
  }
  if (names.length === 0) return;
  const listed = names.includes(SERIES) ? (await readFile(join(target, SERIES), 'utf8')).split('\n') : [];
  const foreign =
    names.find((name) => name !== SERIES && !listed.includes(name)) ?? (names.includes(SERIES) ? undefined : names[0]);
  if (foreign === undefined) return;
  throw new MobyBuildError({
    code: 'out-in-the-way',
    exitCode: EXIT.usage,
    message: `${target} holds ${foreign}, which is no patch set of ours; it is not overwritten.`,
    where: '--out',
    hint: 'Name a directory that is empty or does not exist.',
  });
}

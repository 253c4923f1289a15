import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readKept } from '../../artifacts/kept-file.ts';
import { toFileError } from '../../system/file-error.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { chownTree, type Owner } from '../../system/owner.ts';

/** The file in an out dir with the texts of the tree that packages need. */
const TREE_FILES_NAME = 'tree-files.json';
const SCHEMA_ID = 'moby-build/tree-files/v1';

/** Where start scripts lie in a tree, and its licences (moby, contrib/init). */
const FOLDERS = ['systemd', 'openrc', 'sysvinit-debian', 'sysvinit-redhat'].map((name) => `contrib/init/${name}`);
const LICENCES = ['LICENSE', 'NOTICE'];
/** The longest text there is in those folders has a few kilobytes. */
const MOST_BYTES = 1024 * 1024;

const treeFilesSchema = z
  .object({
    schema: z.literal(SCHEMA_ID),
    commit: z.string().nullable(),
    files: z.array(
      z.object({
        path: z.string().regex(/^(?:contrib\/init\/[\w-]+\/[\w.@-]+|LICENSE|NOTICE)$/u),
        text: z.string(),
      }),
    ),
  })
  .meta({ title: 'Texts of the moby tree that packages hold' });
export type TreeFiles = z.infer<typeof treeFilesSchema>;

/** The start scripts and licences of a moby tree, sorted by path; what the tree lacks is left out. Throws as `toFileError` says. */
export async function readTree(dir: string, commit: string | null): Promise<TreeFiles> {
  const inFolders = await Promise.all(
    FOLDERS.map(async (folder) => (await namesOf(join(dir, folder))).map((name) => `${folder}/${name}`)),
  );
  const files: TreeFiles['files'] = [];
  for (const path of [...inFolders.flat(), ...LICENCES].sort()) {
    const text = await textOf(join(dir, path));
    if (text !== null) files.push({ path, text });
  }
  return { schema: SCHEMA_ID, commit, files };
}

/** Writes what `readTree` read beside the binaries, for packages that are made later, without the tree. Throws as `toFileError` says. */
export async function keepTreeFiles(dir: string, tree: TreeFiles, owner: Owner | null): Promise<void> {
  const path = join(dir, TREE_FILES_NAME);
  await writeFileAtomic(path, `${JSON.stringify(tree, null, 2)}\n`);
  if (owner !== null) await chownTree(path, owner);
}

/** What a build kept beside its binaries; null where it kept nothing. Throws as `readKept` says. */
export async function readTreeFiles(dir: string): Promise<TreeFiles | null> {
  const hint = 'Build again, or name the moby tree with --tree DIR.';
  return readKept(join(dir, TREE_FILES_NAME), dir, treeFilesSchema, hint);
}

async function namesOf(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (cause) {
    if (isGone(cause)) return [];
    throw toFileError(cause, dir);
  }
}

/** null: it is not there, or no regular file; a link of a tree could lead anywhere. */
async function textOf(path: string): Promise<string | null> {
  try {
    const facts = await lstat(path);
    return facts.isFile() && facts.size <= MOST_BYTES ? await readFile(path, 'utf8') : null;
  } catch (cause) {
    if (isGone(cause)) return null;
    throw toFileError(cause, path);
  }
}

function isGone(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

import { closeSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir } from '../files/temp-dir.ts';
import { run } from '../process/run.ts';
import { gitConfigText } from './git-config.ts';
import { localEnvironment } from './git-home.ts';
import { SETTINGS, viewOfPath, type RepositoryView } from './git-view.ts';

/** How a bundle of git begins (gitformat-bundle(5)). */
const HEADER = /^# v[23] git bundle\n/u;

/** A ref as a bundle lists it: nothing that is more than a name. */
const REF = /^([0-9a-f]{40}) (HEAD|refs\/(?:heads|tags|remotes)\/[\w.+/-]+)$/gmu;

/**
 * The repository that a path means: as `viewOfPath`, or out of a bundle of git, which is unpacked into a repository of ours.
 *
 * @returns null where there is neither, or the bundle lacks commits that it stands on
 */
export async function viewOfPlace(path: string): Promise<RepositoryView | null> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
    return isGitBundle(path) ? unbundled(path) : null;
  return viewOfPath(path);
}

/** Whether a file is a bundle of git. A pipe would be waited for without end, so it is none. */
export function isGitBundle(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(32);
      return HEADER.test(head.subarray(0, readSync(file, head, 0, head.length, 0)).toString('latin1'));
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

async function unbundled(path: string): Promise<RepositoryView | null> {
  const temp = makeTempDir('git-bundle');
  const objects = join(temp.path, 'objects');
  for (const folder of ['objects', 'refs', 'info']) mkdirSync(join(temp.path, folder));
  writeFileSync(join(temp.path, 'HEAD'), 'ref:refs/heads/main\n');
  writeFileSync(join(temp.path, 'config'), gitConfigText(SETTINGS));
  // It fails where the bundle stands on commits that are not in it.
  const args = ['bundle', 'unbundle', path];
  const spec = { file: 'git', args, cwd: temp.path, env: localEnvironment() };
  const { exitCode, stdout } = await run(spec, { allowFailure: true, cleanEnv: true });
  if (exitCode !== 0) {
    temp.remove();
    return null;
  }
  const refs = [...stdout.matchAll(REF)].map(([, id = '', name = '']) => [
    name === 'HEAD' ? 'refs/heads/HEAD' : name,
    id,
  ]);
  const sorted = refs.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1));
  writeFileSync(join(temp.path, 'packed-refs'), sorted.map(([name = '', id = '']) => `${id} ${name}\n`).join(''));
  return { dir: temp.path, bare: true, objects, shallow: null, remove: temp.remove };
}

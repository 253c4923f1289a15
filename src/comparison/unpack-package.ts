import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { run } from '../system/process/run.ts';

/** The folder of an unpacked package, or why it cannot be read. */
export type Unpacked =
  { readonly dir: string; readonly reason: null } | { readonly dir: null; readonly reason: string };

/**
 * Unpacks a package into a folder below `temp`. Its files belong to this user and have no rights that they would not have got here; tar itself
 * keeps what an archive names outside (GNU tar, "Security").
 *
 * @param path absolute: tar takes `HOST:FILE` for another machine
 * @throws MobyBuildError `no-such-program` (3) without tar or dpkg-deb
 */
export async function unpackPackage(path: string, kind: 'tgz' | 'deb', temp: string): Promise<Unpacked> {
  const dir = join(temp, createHash('sha256').update(path).digest('hex').slice(0, 16));
  const env = { LC_ALL: 'C' };
  const top = `--one-top-level=${basename(dir)}`;
  const spec =
    kind === 'deb'
      ? { file: 'dpkg-deb', args: ['-x', path, dir], env }
      : { file: 'tar', args: ['-xzf', path, '--no-same-owner', '--no-same-permissions', '-C', temp, top], env };
  const { exitCode, stderr } = await run(spec, { allowFailure: true });
  if (exitCode === 0) return { dir, reason: null };
  // The first line has the cause; those after it say that the programs give up.
  const said = stderr.split('\n').find((line) => line !== '' && !line.startsWith('tar: Removing leading'));
  return { dir: null, reason: `${spec.file} cannot read it: ${said ?? `exit code ${String(exitCode)}`}` };
}

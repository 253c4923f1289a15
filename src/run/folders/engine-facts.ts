import { lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineImage } from '../../mirrors/images/engine-image.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { keyName, type ImageFacts } from '../bundle/image-files.ts';
import { docker } from '../offline/engine-docker.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';

/** Where Debian's keys are: apt's own folder, and the package of the keyring. */
const KEY_FOLDERS = ['/etc/apt/trusted.gpg.d', '/usr/share/keyrings'];

/** No keyring comes near it. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * dpkg's status and the keys for apt of an image that the engine has: out of a container of it that is never started.
 *
 * @returns null where the engine does not hand them out, or it is no image of Debian
 */
export async function engineFacts(
  from: Pick<Planned, 'machine' | 'options'>,
  io: Io,
  { id }: Pick<EngineImage, 'id'>,
): Promise<ImageFacts | null> {
  const { exitCode, stdout } = await docker(from, io, 'create', '--network', 'none', '--entrypoint', '/bin/true', id);
  const container = stdout.trim().split('\n').at(-1) ?? '';
  if (exitCode !== 0 || !/^[0-9a-f]{12,64}$/u.test(container)) return null;
  const temp = makeTempDir('image');
  try {
    const copied = async (path: string, to: string): Promise<boolean> =>
      (await docker(from, io, 'cp', `${container}:${path}`, to)).exitCode === 0;
    const status = join(temp.path, 'status');
    if (!(await copied('/var/lib/dpkg/status', status)) || !(await isPlain(status))) return null;
    const keys = new Map<string, Uint8Array>();
    for (const [index, folder] of KEY_FOLDERS.entries()) {
      const dir = join(temp.path, String(index));
      await mkdir(dir);
      if (await copied(`${folder}/.`, dir)) for (const [name, data] of await keysIn(dir)) keys.set(name, data);
    }
    return { status: await readFile(status), keys };
  } finally {
    temp.remove();
    await docker(from, io, 'rm', '--force', container);
  }
}

/** A link in an image leads where its maker wanted. */
async function isPlain(path: string): Promise<boolean> {
  return (await lstat(path)).isFile();
}

async function keysIn(dir: string): Promise<readonly (readonly [name: string, data: Uint8Array])[]> {
  const found: (readonly [string, Uint8Array])[] = [];
  for (const name of (await readdir(dir)).sort()) {
    const path = join(dir, name);
    const facts = await lstat(path);
    if (!/^[\w.+-]+\.(?:asc|gpg|pgp)$/u.test(name) || !facts.isFile() || facts.size > MOST_BYTES) continue;
    const data = await readFile(path);
    found.push([keyName(name, data), data]);
  }
  return found;
}

import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { pathInside } from '../../system/files/safe-path.ts';
import { runGit } from '../../system/git/git.ts';
import { bytesOfFile, streamOf, type LocatedBundle } from '../locate-files.ts';

/** What of a repository is taken out of a bundle: no settings and no hooks, which git would obey. */
const DATA = /^objects\/pack\/pack-[0-9a-f]{40}\.(?:pack|idx)$/u;
const TAG = /^refs\/tags\/[\w.+-]+$/u;
const CONFIG = '[core]\n\trepositoryformatversion = 0\n\tbare = true\n';

/** Repositories by `owner/name`, in lower case → their folder. */
export type Repositories = ReadonlyMap<string, string>;

/**
 * Puts the repositories of a bundle into a folder, all commits of one repository together, so that git serves them. A commit is a branch of its own.
 */
export async function unpackRepositories(bundle: LocatedBundle, dir: string): Promise<Repositories> {
  const repositories = new Map<string, string>();
  for (const { kind, upstream, digest, files } of bundle.verified.contents.objects) {
    if (kind !== 'git') continue;
    const commit = digest.replace(/^git:/u, '');
    const name = upstream
      .replace(/\/+$/u, '')
      .replace(/\.git$/u, '')
      .split(/[/:]/u)
      .slice(-2)
      .join('/')
      .toLowerCase();
    const isNew = !repositories.has(name);
    const to = repositories.get(name) ?? join(dir, String(repositories.size));
    repositories.set(name, to);
    if (isNew) await write(to, 'HEAD', 'ref: refs/heads/main\n');
    if (isNew) await write(to, 'config', CONFIG);
    if (isNew) await write(to, 'refs/heads/main', `${commit}\n`);
    await write(to, `refs/heads/${commit}`, `${commit}\n`);
    for (const file of files) await unpackFile(bundle, file, file.slice(`git/${commit}.git/`.length), to);
  }
  return repositories;
}

async function unpackFile(bundle: LocatedBundle, file: string, path: string, to: string): Promise<void> {
  const place = bundle.files.get(file);
  if (place === undefined) return;
  if (path === 'shallow') await appendFile(join(to, path), await bytesOfFile(place));
  if (!DATA.test(path) && !TAG.test(path)) return;
  const target = await pathInside(to, path);
  await makeFolders(dirname(target));
  await writeFile(target, streamOf(place));
}

async function write(root: string, path: string, text: string): Promise<void> {
  await makeFolders(dirname(join(root, path)));
  await writeFile(join(root, path), text);
}

/** More than any repository that a build takes has. */
const MOST_BYTES = 1024 * 1024 * 1024;

/**
 * What git answers to a client (git-http-protocol(5)). Where it refuses (a commit that is not here) its answer says so to the client.
 *
 * @param protocol the header Git-Protocol
 * @param body null: it asks for the refs
 */
export async function uploadPack(dir: string, protocol: string, body: Uint8Array | null): Promise<Uint8Array> {
  const version = /^version=[012]$/u.test(protocol) ? { GIT_PROTOCOL: protocol } : {};
  const args = ['upload-pack', '--stateless-rpc', ...(body === null ? ['--http-backend-info-refs'] : []), dir];
  const { stdout } = await runGit(dir, args, {
    encoding: 'buffer',
    maxBytes: MOST_BYTES,
    allowFailure: true,
    env: version,
    ...(body === null ? {} : { input: body }),
  });
  if (body !== null) return stdout;
  return Buffer.concat([Buffer.from('001e# service=git-upload-pack\n0000'), stdout]);
}

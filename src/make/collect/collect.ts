import { NEXT } from '../../next-command.ts';
import { rmSync } from 'node:fs';
import {
  access,
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { makeFolders } from '../../system/make-folders.ts';
import { checkSums } from '../../artifacts/checksums.ts';
import { isManifestText, MANIFEST_NAME, MANIFEST_SCHEMA_ID } from '../../artifacts/manifest-name.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { isKernelFiles } from '../../system/files/kernel-files.ts';
import { toFileError } from '../../system/file-error.ts';
import { chownTree, type Owner } from '../../system/owner.ts';
import { onLeave } from '../../system/process/supervisor.ts';
import { besideOutDir, recoverOutDir, takePlace } from './out-folder.ts';

export interface CollectRequest {
  /** `…/bundles/binary-daemon` */
  readonly bundlesDir: string;
  readonly outDir: string;
  /** `manifest.json` by default. */
  readonly manifestName?: string | undefined;
  /** Who shall own the result; null: as it comes. */
  readonly owner: Owner | null;
}

/** The binaries of a build, in a folder beside the out dir, on their way there. */
export interface Collected {
  /** Where they lie now. */
  readonly dir: string;
  /** Where they go, links followed. */
  readonly target: string;
  /** The names that were taken, sorted. */
  readonly names: readonly string[];
  /** Puts the folder, with all that was written into it since, in the place of the out dir. Throws as `checkOutDir` and `toFileError` say. */
  readonly publish: () => Promise<void>;
  /** Removes the folder unless it is in its place. */
  readonly discard: () => void;
}

/**
 * Takes what make left in bundles/ to a new folder beside the out dir, which stays as it is until `publish`: so it is the old one or the
 * new one, whole, and of one run. Symlinks stay; modes become 0755 and 0644, whatever umask or setuid bit came along. Until the manifest
 * is written, one that says `unfinished` marks the folder as ours. What killed runs left beside the out dir goes.
 *
 * @throws MobyBuildError exit 7: `no-output`, `odd-output`, `checksum-mismatch`; exit 2 `out-dir-in-way`; exit 3 `no-permission`,
 * `read-only`, `disk-full`
 */
export async function collect({
  bundlesDir,
  outDir,
  manifestName = MANIFEST_NAME,
  owner,
}: CollectRequest): Promise<Collected> {
  const names = (await listBundles(bundlesDir)).filter((name) => name !== manifestName);
  const target = await checkOutDir(outDir, manifestName);
  const firstMade = await makeFolders(dirname(target)).catch((cause: unknown) => {
    throw toFileError(cause, dirname(target));
  });
  await recoverOutDir(target);
  const dir = besideOutDir(target, 'new');
  const remove = (): void => {
    rmSync(dir, { recursive: true, force: true });
  };
  const forget = onLeave(remove);
  const discard = (): void => {
    forget();
    remove();
  };
  try {
    await mkdir(dir, { mode: 0o755 });
    await writeFile(join(dir, manifestName), `${JSON.stringify({ schema: MANIFEST_SCHEMA_ID, unfinished: true })}\n`);
    for (const name of names) await take(bundlesDir, dir, name);
    await requireSums(dir);
    await chmod(dir, 0o755);
    if (owner !== null) await chownTree(dir, owner);
  } catch (cause) {
    discard();
    throw toFileError(cause, target);
  }
  const publish = async (): Promise<void> => {
    await takePlace(dir, await checkOutDir(outDir, manifestName));
    forget();
    if (owner !== null && firstMade !== undefined) await chownTree(firstMade, owner);
  };
  return { dir, target, names, publish, discard };
}

/**
 * Checks that `outDir` can be written, or replaced: it does not exist, is empty, or holds our manifest. Changes nothing. Meant to run
 * before a build, for nobody wants to hear of it after one.
 *
 * @returns the directory's real path
 * @throws MobyBuildError exit 2 `out-dir-in-way`; exit 3 `no-permission` or `read-only`
 */
export async function checkOutDir(outDir: string, manifestName: string = MANIFEST_NAME): Promise<string> {
  const wanted = resolve(outDir);
  const facts = await stat(wanted).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
      ? inWay(wanted, 'a part of its path is a file')
      : toFileError(cause, wanted);
  });
  if (facts === null) {
    await requireWritable(await nearestDirectory(dirname(wanted)));
    return wanted;
  }
  if (!facts.isDirectory()) throw inWay(wanted, 'it is a file');
  const target = await realpath(wanted);
  if (`${process.cwd()}${sep}`.startsWith(target === sep ? sep : `${target}${sep}`))
    throw inWay(target, 'it is, or holds, the working directory');
  const names = await readdir(target).catch((cause: unknown) => {
    throw toFileError(cause, target);
  });
  if (names.length > 0 && !(await holdsManifest(target, manifestName)))
    throw inWay(target, 'it holds files that are not of an earlier build of ours');
  await requireWritable(dirname(target));
  await requireWritable(target);
  await requireNotSticky(target, facts.uid);
  return target;
}

async function listBundles(bundlesDir: string): Promise<string[]> {
  const names = await readdir(bundlesDir).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw noOutput(bundlesDir, 'is not there');
    if (code === 'EACCES') throw notOurs(bundlesDir, cause);
    throw toFileError(cause, bundlesDir);
  });
  if (names.length === 0) throw noOutput(bundlesDir, 'is empty');
  return names.sort();
}

/** One entry; a link may only point at a neighbour. */
async function take(from: string, to: string, name: string): Promise<void> {
  const [source, target] = [join(from, name), join(to, name)];
  const facts = await lstat(source);
  if (facts.isSymbolicLink()) {
    const points = await readlink(source);
    if (points.includes('/') || points === '..' || points === '.') throw odd(source, `a link to ${points}`);
    await symlink(points, target);
    return;
  }
  if (!facts.isFile()) throw odd(source, 'neither a file nor a link');
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch((cause: unknown) => {
    throw (cause as NodeJS.ErrnoException).code === 'EACCES' ? notOurs(source, cause) : cause;
  });
  await chmod(target, (facts.mode & 0o111) === 0 ? 0o644 : 0o755);
}

async function requireSums(dir: string): Promise<void> {
  const { bad } = await checkSums(dir);
  const first = bad[0];
  if (first === undefined) return;
  throw new MobyBuildError({
    code: 'checksum-mismatch',
    exitCode: EXIT.output,
    message: `What came out is not what moby's scripts summed: ${bad.map(({ name, sumFile, reason }) => `${name} (${sumFile}: ${reason})`).join(', ')}.`,
    where: first.name,
    hint: 'The files were damaged between the build container and here: a full disk, a failing one, or another build in the same tree.',
    command: NEXT.again(),
  });
}

async function holdsManifest(dir: string, manifestName: string): Promise<boolean> {
  try {
    return isManifestText(await readFile(join(dir, manifestName), 'utf8'));
  } catch (cause) {
    if (['ENOENT', 'EISDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return false;
    throw toFileError(cause, join(dir, manifestName));
  }
}

async function nearestDirectory(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) throw inWay(path, 'it is a file');
    return path;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && path !== dirname(path))
      return nearestDirectory(dirname(path));
    throw toFileError(cause, path);
  }
}

async function requireWritable(dir: string): Promise<void> {
  await access(dir, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw toFileError(cause, dir);
  });
  if (await isKernelFiles(dir)) throw inWay(dir, 'the kernel fills that file system, and nobody can make a file there');
}

/** In a sticky directory (/tmp) only its owner, the directory's owner and root may rename an entry (chmod(2), S_ISVTX). */
async function requireNotSticky(target: string, ownerUid: number): Promise<void> {
  const parent = await stat(dirname(target));
  const uid = process.geteuid?.() ?? 0;
  if ((parent.mode & 0o1000) === 0 || uid === 0 || uid === ownerUid || uid === parent.uid) return;
  throw toFileError(Object.assign(new Error(`${target} belongs to another user`), { code: 'EPERM' }), target);
}

function inWay(outDir: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'out-dir-in-way',
    exitCode: EXIT.usage,
    message: `The out dir ${outDir} is in the way: ${why}.`,
    where: outDir,
    hint: 'An out dir is replaced whole when it holds the manifest of an earlier build. Name another with --out DIR, or move this one away.',
  });
}

function noOutput(dir: string, how: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-output',
    exitCode: EXIT.output,
    message: `make ended well, but ${dir} ${how}.`,
    where: dir,
    hint: 'BuildKit writes it through the docker client; a client in another container or machine writes it there.',
  });
}

function odd(path: string, what: string): MobyBuildError {
  return new MobyBuildError({
    code: 'odd-output',
    exitCode: EXIT.output,
    message: `${path} is ${what}; a build leaves only files.`,
    where: path,
  });
}

function notOurs(path: string, cause: unknown): MobyBuildError {
  return new MobyBuildError({
    code: 'no-permission',
    exitCode: EXIT.machine,
    message: `This user may not read ${path}.`,
    where: path,
    hint: 'bundles/ is made with mode 0700 and belongs to the user who ran the docker client: here another one, as when docker is a wrapper around sudo.',
    command: NEXT.asRoot(),
    cause,
  });
}

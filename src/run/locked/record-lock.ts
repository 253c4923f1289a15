import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BaseFacts } from '../../base/ready-base.ts';
import { LOCK_FILE_NAME, LOCK_SCHEMA_ID, writeLock, type Lock } from '../../lockfile/lock-file.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../../system/command-line.ts';
import { toFileError } from '../../system/file-error.ts';
import { callerOwner } from '../../system/owner.ts';
import { knownOf } from './ask-served.ts';
import { sourceFacts } from './locked.ts';
import type { Io } from '../stage/io.ts';
import type { Applied, Requested } from '../stage/stages.ts';

/**
 * Checks that `--lock FILE` can be written, before hours go into what it shall say.
 * @throws MobyBuildError `no-such-folder`, exit 2; else as `toFileError`
 */
export async function requireLockPlace({ options }: Pick<Requested, 'options'>): Promise<void> {
  if (options.lock === null || options.locked) return;
  const folder = dirname(options.lock);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw toFileError(cause, options.lock);
    throw new MobyBuildError({
      code: 'no-such-folder',
      exitCode: EXIT.usage,
      message: `--lock ${options.lock} is to be written when the build is done, and there is no folder ${folder}.`,
      where: '--lock',
      hint: 'A relative path is taken from the current directory.',
      command: `mkdir -p ${quoteWord(folder)}`,
      cause,
    });
  }
}

/** Writes what the build used into `dir`, beside the manifest. */
export async function recordLock(from: Applied, io: Io, dir: string): Promise<Lock> {
  const lock = lockOf(from, io);
  await writeLock(join(dir, LOCK_FILE_NAME), lock, callerOwner(io.env));
  return lock;
}

/** Writes the same to `--lock FILE`, which may lie in the out dir, unless that one is to be kept to. */
export async function copyLock(
  { options }: Pick<Applied, 'options'>,
  { env }: Pick<Io, 'env'>,
  lock: Lock,
): Promise<void> {
  if (options.lock !== null && !options.locked) await writeLock(options.lock, lock, callerOwner(env));
}

function lockedBase({ suite, architecture, digest, go }: BaseFacts): NonNullable<Lock['base']> {
  return { suite, architecture, digest, go };
}

function lockOf(from: Applied, io: Io): Lock {
  const { source, started, profile, images, served, treeBefore } = from;
  const { components, ...facts } = sourceFacts(from, treeBefore);
  const { suites, modules } = knownOf(served);
  return {
    schema: LOCK_SCHEMA_ID,
    tool: { name: 'moby-build', version: io.toolVersion },
    made: started.toISOString(),
    ...facts,
    ...(source.witnesses === undefined ? {} : { tagWitnesses: [...source.witnesses] }),
    tree: treeBefore,
    clonedThrough: source.clonedThrough,
    profile: profile.name,
    components: [...components],
    images: [...images],
    ...(from.readyBase === null ? {} : { base: lockedBase(from.readyBase.facts) }),
    suites,
    modules,
  };
}

import { join } from 'node:path';
import type { BaseFacts } from '../../base/ready-base.ts';
import { LOCK_FILE_NAME, LOCK_SCHEMA_ID, writeLock, type Lock } from '../../lockfile/lock-file.ts';
import { callerOwner } from '../../system/owner.ts';
import { knownOf } from './ask-served.ts';
import { sourceFacts } from './locked.ts';
import type { Io } from '../stage/io.ts';
import type { Applied } from '../stage/stages.ts';

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

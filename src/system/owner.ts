import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from './file-error.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who should own what we write: under sudo the user who called it (SUDO_UID and SUDO_GID, sudo(8)), else null: as it comes.
 * The variables count only for root; anybody may set them.
 */
export function callerOwner(
  env: Readonly<Record<string, string | undefined>> = process.env,
  effectiveUid: number = process.geteuid?.() ?? -1,
): Owner | null {
  const { SUDO_UID, SUDO_GID } = env;
  if (effectiveUid !== 0 || SUDO_UID === undefined || SUDO_GID === undefined) return null;
  if (!/^\d{1,10}$/.test(SUDO_UID) || !/^\d{1,10}$/.test(SUDO_GID)) return null;
  return { uid: Number(SUDO_UID), gid: Number(SUDO_GID) };
}

/** Gives a file or directory with all below it to an owner; symlinks themselves, never what they point at. */
export async function chownTree(path: string, owner: Owner): Promise<void> {
  try {
    await lchown(path, owner.uid, owner.gid);
    await chownBelow(path, owner);
  } catch (cause) {
    throw toFileError(cause, path);
  }
}

async function chownBelow(path: string, owner: Owner): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw cause;
  });
  for (const entry of entries) {
    const below = join(path, entry.name);
    await lchown(below, owner.uid, owner.gid);
    if (entry.isDirectory()) await chownBelow(below, owner);
  }
}

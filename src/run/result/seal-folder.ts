import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_NAME } from '../../artifacts/manifest-name.ts';
import { parseManifest } from '../../artifacts/manifest.ts';
import { sumsOfFolder } from '../../artifacts/sha256sums.ts';
import { lockText, type Lock } from '../../lockfile/lock-file.ts';
import { makeStatement, statementText } from '../../provenance/make-statement.ts';
import { STATEMENT_NAME } from '../../provenance/statement-schema.ts';
import { aboutBuild, sealSums } from '../../signing/seal.ts';
import type { Signer } from '../../signing/secret-key.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { chownTree, type Owner } from '../../system/owner.ts';

/**
 * The last files of an out dir: where it came from, and the checksums of everything in it, signed where somebody does. Throws as
 * `toFileError` says.
 */
export async function sealFolder(dir: string, lock: Lock, signer: Signer | null, owner: Owner | null): Promise<void> {
  const manifestText = await readFile(join(dir, MANIFEST_NAME), 'utf8');
  // As a reader has it: the digest of the plan follows from the order of fields, too.
  const read = parseManifest(manifestText);
  if (read.kind !== 'read') throw new Error('the manifest was written a moment ago');
  const { manifest } = read;
  const statement = makeStatement({ manifest, manifestText, lock, lockText: lockText(lock) });
  const path = join(dir, STATEMENT_NAME);
  await writeFileAtomic(path, statementText(statement));
  if (owner !== null) await chownTree(path, owner);
  await sealSums(dir, await sumsOfFolder(dir), { signer, about: aboutBuild(manifest), owner });
}

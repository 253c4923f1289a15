import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_NAME } from '../../artifacts/manifest-name.ts';
import { parseManifest } from '../../artifacts/manifest.ts';
import { sumsOfFolder } from '../../artifacts/sha256sums.ts';
import { readInputsText } from '../../inventory/build-inputs.ts';
import type { DigestOf } from '../../inventory/inventory.ts';
import { inventoryText, SBOM_NAME } from '../../inventory/inventory-text.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import { lockText, type Lock } from '../../lockfile/lock-file.ts';
import { makeStatement, statementText } from '../../provenance/make-statement.ts';
import { STATEMENT_NAME } from '../../provenance/statement-schema.ts';
import { aboutBuild, sealSums } from '../../signing/seal.ts';
import type { Signer } from '../../signing/secret-key.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { chownTree, type Owner } from '../../system/owner.ts';

interface SealWith {
  /** null: nobody signs. */
  readonly signer: Signer | null;
  readonly owner: Owner | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of linked Debian packages, where the build was served from a bundle. */
  readonly digestOf?: DigestOf | undefined;
}

/**
 * The last files of an out dir: what is in it, where it came from, and the checksums of everything in it, signed where somebody does. Throws as
 * `toFileError` says.
 */
export async function sealFolder(dir: string, lock: Lock, { signer, owner, env, digestOf }: SealWith): Promise<void> {
  const manifestText = await readFile(join(dir, MANIFEST_NAME), 'utf8');
  // As a reader has it: the digest of the plan follows from the order of fields, too.
  const read = parseManifest(manifestText);
  if (read.kind !== 'read') throw new Error('the manifest was written a moment ago');
  const { manifest } = read;
  const statement = makeStatement({
    ...{ manifest, manifestText, lock, lockText: lockText(lock) },
    ...(await readInputsText(dir)),
  });
  const texts = [
    [STATEMENT_NAME, statementText(statement)],
    [SBOM_NAME, await inventoryText(await readInventory(dir, digestOf), 'cyclonedx', env)],
  ] as const;
  for (const [name, text] of texts) {
    await writeFileAtomic(join(dir, name), text);
    if (owner !== null) await chownTree(join(dir, name), owner);
  }
  await sealSums(dir, await sumsOfFolder(dir), { signer, about: aboutBuild(manifest), owner });
}

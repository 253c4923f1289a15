import { relative } from 'node:path';
import { hashFile } from '../artifacts/checksums.ts';
import { goBuildInfo } from '../artifacts/elf/elf-details.ts';
import { fileFormat } from '../artifacts/elf/elf.ts';
import { listBinaries } from '../artifacts/list-binaries.ts';
import { readManifestIn } from '../artifacts/manifest.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { readInputs } from './build-inputs.ts';
import { makeInventory, type DigestOf, type Inventory, type SeenBinary } from './inventory.ts';
import { linkedLibraries } from './linked-libraries.ts';

/**
 * Reads what is in the out dir of a build: manifest, what it kept of the trees, and the binaries themselves. Asks nobody.
 *
 * @param digestOf as `makeInventory` takes it
 * @throws MobyBuildError `not-an-output`, `no-such-directory` (exit 2); as `toFileError` says
 */
export async function readInventory(dir: string, digestOf?: DigestOf): Promise<Inventory> {
  const { binaries } = await listBinaries(dir);
  const read = await readManifestIn(dir);
  if (read.kind !== 'read')
    throw new MobyBuildError({
      code: 'not-an-output',
      exitCode: EXIT.usage,
      message: `${dir} is not the output of a finished build${read.kind === 'broken' ? `: ${read.reason}` : ': it has no whole manifest.json'}.`,
      where: dir,
      hint: 'Name the folder that a build made: its last line on stdout.',
      command: NEXT.help('sbom'),
    });
  const seen: SeenBinary[] = [];
  for (const { name, path } of binaries) {
    const format = fileFormat(path);
    seen.push({
      ...{ name, path: relative(dir, path), sha256: await hashFile(path) },
      static: format.kind === 'elf' && format.static,
      go: format.kind === 'elf' ? goBuildInfo(path) : null,
      libraries: format.kind === 'elf' ? linkedLibraries(path) : [],
    });
  }
  return makeInventory(read.manifest, await readInputs(dir), seen, digestOf);
}

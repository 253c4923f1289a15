import { join } from 'node:path';
import { MANIFEST_NAME } from '../../artifacts/manifest-name.ts';
import { parseManifest } from '../../artifacts/manifest.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { readInputsText } from '../../inventory/build-inputs.ts';
import { LOCK_FILE_NAME, parseLock } from '../../lockfile/lock-file.ts';
import { NEXT } from '../../next-command.ts';
import { makeStatement, statementText } from '../../provenance/make-statement.ts';
import type { Statement } from '../../provenance/statement-schema.ts';
import { textIfThere } from '../../system/files/if-there.ts';
import type { Presentation } from '../../ui/presentation.ts';
import type { CommandContext } from '../context/context.ts';

export interface ProvenanceReport {
  readonly command: 'provenance';
  readonly statement: Statement;
}

/**
 * `moby-build provenance DIR`: prints where the binaries of a build came from, of its manifest and its lock file. Writes nothing.
 *
 * @throws MobyBuildError `no-record` (exit 2) for a folder without a whole manifest; `bad-lock` (2)
 */
export async function provenance({ document }: CommandContext, directory: string): Promise<ProvenanceReport> {
  document['directory'] = directory;
  const manifestText = await textIfThere(join(directory, MANIFEST_NAME));
  if (manifestText === null) throw noRecord(directory, 'There is no manifest.json in it.');
  const read = parseManifest(manifestText);
  if (read.kind === 'broken') throw noRecord(directory, `Its manifest cannot be used: ${read.reason}.`);
  if (read.kind !== 'read') throw noRecord(directory, 'The build that wrote its manifest has not come to its end.');
  const lockPath = join(directory, LOCK_FILE_NAME);
  const lockText = await textIfThere(lockPath);
  const lock = lockText === null ? null : parseLock(lockText, lockPath);
  const statement = makeStatement({
    ...{ manifest: read.manifest, manifestText, lock, lockText },
    ...(await readInputsText(directory)),
  });
  Object.assign(document, { directory, statement });
  return { command: 'provenance', statement };
}

/** The statement on stdout, for a file. */
export function presentProvenance({ statement }: ProvenanceReport): Presentation {
  return { stdout: statementText(statement), stderr: '', exitCode: EXIT.done, error: null };
}

function noRecord(directory: string, reason: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-record',
    exitCode: EXIT.usage,
    message: `${directory} has no record of a build. ${reason}`,
    where: directory,
    hint: 'Name the folder that a build made; its manifest.json says where the binaries came from.',
    command: NEXT.help('provenance'),
  });
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readManifestIn } from '../../artifacts/manifest.ts';
import { verifyDirectory } from '../../artifacts/verify.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { pinFor } from '../../moby/pins.ts';
import { checkStatement } from '../../provenance/check-statement.ts';
import { NEXT } from '../../next-command.ts';
import type { BinaryFacts, CheckResult } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { totalsOfChecks } from '../context/check-totals.ts';
import type { VerifyDocument } from './document.ts';

export interface VerifyReport {
  readonly command: 'verify';
  readonly directory: string;
  readonly checks: readonly CheckResult[];
  readonly binaries: readonly BinaryFacts[];
}

/** `moby-build verify DIR`: what the binaries are, held against the manifest beside them and against `--arch`. Writes nothing. */
export async function verify(context: CommandContext, directory: string): Promise<VerifyReport> {
  const { provenance } = context.options;
  // A statement that is not there is told before anything is looked at.
  const statement = provenance === null ? null : await statementText(provenance);
  const { checks: ofFiles, binaries } = await context.wait(MESSAGES.verify, () =>
    verifyDirectory(directory, context.isGiven('arch') ? { arch: context.options.arch } : {}),
  );
  const checks =
    statement === null ? ofFiles : [...ofFiles, ...(await statementChecks(directory, statement, binaries))];
  Object.assign(context.document, {
    directory,
    checks,
    binaries,
    totals: totalsOfChecks(checks),
  } satisfies VerifyDocument);
  return { command: 'verify', directory, checks, binaries };
}

async function statementText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new MobyBuildError({
      code: 'no-such-file',
      exitCode: EXIT.usage,
      message: `The statement of --provenance cannot be read: ${(cause as NodeJS.ErrnoException).message}.`,
      where: '--provenance',
      hint: 'The command provenance prints one for the folder of a build.',
      command: NEXT.help('provenance'),
      cause,
    });
  }
}

async function statementChecks(
  directory: string,
  statement: string,
  binaries: readonly BinaryFacts[],
): Promise<readonly CheckResult[]> {
  const read = await readManifestIn(directory);
  return checkStatement(statement, {
    binaries: binaries.map(({ name, path, sha256 }) => ({ name, sha256, file: basename(path) })),
    manifest: read.kind === 'read' ? read.manifest : null,
    commitOf: (ref) => pinFor(ref)?.commit ?? null,
  });
}

import { readManifestIn, type ReadManifest } from '../../artifacts/manifest.ts';
import { listBinaries } from '../../artifacts/list-binaries.ts';
import { checkFolderSums, sumsOfFolder, sumsText, SUMS_NAME } from '../../artifacts/sha256sums.ts';
import { hasFailed, verifyDirectory } from '../../artifacts/verify.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { aboutBuild, sealSums, signSums } from '../../signing/seal.ts';
import { callerOwner, type Owner } from '../../system/owner.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { RESULT_MESSAGES } from '../context/result-messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { visible } from '../../ui/visible.ts';
import type { CommandContext } from '../context/context.ts';
import { signerOf } from '../context/signer.ts';
import type { SignDocument } from './document.ts';

export interface SignReport extends SignDocument {
  readonly command: 'sign';
}

/**
 * `moby-build sign DIR --key FILE`: signs the checksums of a build, of packages or of a matrix, once all of it holds. An out dir of an older
 * moby-build gets its SHA256SUMS first.
 *
 * @throws MobyBuildError exit 2: `usage`, `no-such-directory`, `not-an-output`, and as `signerOf` says; exit 7: `verify-failed`
 */
export async function sign(context: CommandContext, directory: string): Promise<SignReport> {
  const { options, document, env } = context;
  document['directory'] = directory;
  if (options.key === null) throw noKey();
  // First: a path that is no directory has its own words.
  await listBinaries(directory);
  const signer = await signerOf(context, options.key);
  const manifest = await readManifestIn(directory);
  const owner = callerOwner(env);
  const { bytes, files, unlisted } = await context.wait(MESSAGES.verify, () => wholeSums(directory, manifest, owner));
  const about = manifest.kind === 'read' ? aboutBuild(manifest.manifest) : 'checksums';
  const signature = await signSums(directory, bytes, signer, { about, owner });
  const made = { directory, signature, key: signer.id, files, unlisted } satisfies SignDocument;
  Object.assign(document, made);
  return { command: 'sign', ...made };
}

/** The list of a folder, whose files all hold. */
async function wholeSums(
  directory: string,
  manifest: ReadManifest,
  owner: Owner | null,
): Promise<{ readonly bytes: Uint8Array; readonly files: number; readonly unlisted: string[] }> {
  if (manifest.kind === 'read') {
    const { checks } = await verifyDirectory(directory, {});
    if (hasFailed(checks)) {
      const failed = checks.filter(({ result }) => result === 'failed');
      throw notWhole(
        directory,
        failed.map(({ title, seen }) => `${title}: ${seen}`),
      );
    }
  }
  const read = await checkFolderSums(directory);
  switch (read.is) {
    case 'none': {
      if (manifest.kind !== 'read') throw nothingToSign(directory);
      const sums = await sumsOfFolder(directory);
      await sealSums(directory, sums, { signer: null, about: '', owner });
      return { bytes: Buffer.from(sumsText(sums), 'utf8'), files: sums.size, unlisted: [] };
    }
    case 'broken':
      throw notWhole(directory, [`${SUMS_NAME} is no list of sha256sum`]);
    case 'read': {
      const wrong = [
        ...read.changed.map((path) => `${path} has other bytes`),
        ...read.missing.map((path) => `${path} is missing`),
        ...read.outside.map((path) => `${path} is a link out of the folder`),
      ];
      if (wrong.length > 0) throw notWhole(directory, wrong.map(visible));
      return { bytes: read.bytes, files: read.sums.size, unlisted: [...read.unlisted] };
    }
  }
}

/** The signature's path on stdout. Pure. */
export function presentSign({ signature, files, key, unlisted }: SignReport, quiet: boolean): Presentation {
  const lines = [
    RESULT_MESSAGES.signed(files, key),
    ...(unlisted.length === 0 ? [] : [RESULT_MESSAGES.notSigned(unlisted.map(visible))]),
    '',
  ];
  const stderr = quiet ? '' : lines.join('\n');
  return { stdout: `${signature}\n`, stderr, exitCode: EXIT.done, error: null };
}

function noKey(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: 'sign needs a secret key: --key FILE.',
    where: '--key',
    hint: 'minisign -G makes a pair of keys, signify -G -n too.',
    command: NEXT.help('sign'),
  });
}

function nothingToSign(directory: string): MobyBuildError {
  return new MobyBuildError({
    code: 'not-an-output',
    exitCode: EXIT.usage,
    message: `${directory} has neither a ${SUMS_NAME} nor the manifest of a finished build.`,
    where: directory,
    hint: 'Name the folder that build, pack or matrix made.',
    command: NEXT.help('sign'),
  });
}

function notWhole(directory: string, wrong: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'verify-failed',
    exitCode: EXIT.output,
    message: `${directory} is not as it was made, so it is not signed:\n${wrong.map((each) => `  ${each}`).join('\n')}`,
    where: directory,
    command: NEXT.verify(directory),
  });
}

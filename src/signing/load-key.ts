import { readFile } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { toFileError } from '../system/file-error.ts';
import { readPublicKey, type PublicKey } from './key-file.ts';
import { readSecretKey, type Signer } from './secret-key.ts';

/**
 * Reads a secret key.
 *
 * @param passphrase asked only where the key is encrypted; null: there is nobody to say it
 * @throws MobyBuildError exit 2: `no-such-file`, `bad-key`, `no-passphrase`, `wrong-passphrase`; else as `toFileError` says
 */
export async function loadSigner(path: string, passphrase: () => Promise<string | null>): Promise<Signer> {
  const text = await textOf(path, 'The secret key');
  let read = await readSecretKey(text, null);
  if (read.is === 'locked') {
    const said = await passphrase();
    if (said !== null) read = await readSecretKey(text, said);
  }
  switch (read.is) {
    case 'signer':
      return read.signer;
    case 'locked':
      throw new MobyBuildError({
        code: 'no-passphrase',
        exitCode: EXIT.usage,
        message: `${path} is encrypted, and there is no passphrase for it.`,
        where: path,
        hint: 'It is asked on a terminal. Elsewhere it is read from --passphrase-file FILE or MOBY_BUILD_SIGN_PASSPHRASE.',
        command: NEXT.passphraseFile(),
      });
    case 'wrong-passphrase':
      throw new MobyBuildError({
        code: 'wrong-passphrase',
        exitCode: EXIT.usage,
        message: `The passphrase does not open ${path}.`,
        where: path,
        command: NEXT.again(),
      });
    case 'unusable':
      throw badKey(path, `${path} cannot sign: ${read.why}.`, 'minisign -G makes a pair of keys, signify -G -n too.');
  }
}

/**
 * Reads a public key, from its file or from the key itself as `minisign -P` takes it.
 *
 * @throws MobyBuildError exit 2: `no-such-file`, `bad-key`; else as `toFileError` says
 */
export async function loadPublicKey(value: string): Promise<PublicKey> {
  const key = readPublicKey(value) ?? readPublicKey(await textOf(value, 'The public key'));
  if (key !== null) return key;
  throw badKey(
    value,
    `${value} is no public key of minisign or signify.`,
    'A public key is a file of two lines, or the second of them, which begins with RW.',
  );
}

async function textOf(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (cause) {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw toFileError(cause, path);
    throw new MobyBuildError({
      code: 'no-such-file',
      exitCode: EXIT.usage,
      message: `${what} ${path} is not a file.`,
      where: path,
      hint: 'minisign -G makes a pair of keys, signify -G -n too.',
      cause,
    });
  }
}

function badKey(where: string, message: string, hint: string): MobyBuildError {
  return new MobyBuildError({ code: 'bad-key', exitCode: EXIT.usage, message, where, hint });
}

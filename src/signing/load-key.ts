import { readFile } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../errors.ts';
import { toFileError } from '../system/file-error.ts';
import { cosignSigner } from './cosign-signer.ts';
import { isCosignSecret, readCosignPublicKey } from './cosign-key.ts';
import { badKey, noPassphrase, wrongPassphrase } from './key-errors.ts';
import { readPublicKey, type PublicKey } from './key-file.ts';
import { readSecretKey, type Signer } from './secret-key.ts';

/**
 * Reads a secret key.
 *
 * @param passphrase asked only where the key is encrypted; null: there is nobody to say it
 * @throws MobyBuildError exit 2: `no-such-file`, `bad-key`, `no-passphrase`, `wrong-passphrase`; 3: `no-such-program` (cosign); else as `toFileError` says
 */
export async function loadSigner(path: string, passphrase: () => Promise<string | null>): Promise<Signer> {
  const text = await textOf(path, 'The secret key');
  if (isCosignSecret(text)) return cosignSigner(path, await passphrase());
  let read = await readSecretKey(text, null);
  if (read.is === 'locked') {
    const said = await passphrase();
    if (said !== null) read = await readSecretKey(text, said);
  }
  switch (read.is) {
    case 'signer':
      return read.signer;
    case 'locked':
      throw noPassphrase(path);
    case 'wrong-passphrase':
      throw wrongPassphrase(path);
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
  const own = readPublicKey(value);
  if (own !== null) return own;
  const text = await textOf(value, 'The public key');
  const key = readPublicKey(text) ?? readCosignPublicKey(text);
  if (key !== null) return key;
  throw badKey(
    value,
    `${value} is no public key of minisign, signify or cosign.`,
    'A public key is a file of two lines, or the second of them, which begins with RW; of cosign it is cosign.pub.',
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

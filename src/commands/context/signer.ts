import { readFile } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { loadSigner } from '../../signing/load-key.ts';
import { quoteWord } from '../../system/command-line.ts';
import { whyUnreadable } from '../../system/file-error.ts';
import type { Signer } from '../../signing/secret-key.ts';
import { RESULT_MESSAGES } from './result-messages.ts';
import type { CommandContext } from './context.ts';

/**
 * The signer of a secret key. Its passphrase comes from the environment, from --passphrase-file, or from the terminal.
 *
 * @throws MobyBuildError exit 2, as `loadSigner` says, and `no-such-file` for the file of the passphrase
 */
export async function signerOf(context: CommandContext, key: string): Promise<Signer> {
  const { passphraseFile } = context.options;
  const { passphrase, askSecret } = context;
  return loadSigner(key, async () => {
    if (passphraseFile !== null) return firstLine(passphraseFile);
    return passphrase ?? askSecret(RESULT_MESSAGES.passphrase(key));
  });
}

async function firstLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/u)[0] ?? '';
  } catch (cause) {
    throw new MobyBuildError({
      code: 'no-such-file',
      exitCode: EXIT.usage,
      message: `--passphrase-file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`,
      where: '--passphrase-file',
      hint: whyUnreadable((cause as NodeJS.ErrnoException).code),
      command: `ls -ld ${quoteWord(path)}`,
      cause,
    });
  }
}

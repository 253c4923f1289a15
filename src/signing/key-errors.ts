import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';

/** What is wrong with a key, told by its path. */
export function badKey(where: string, message: string, hint: string): MobyBuildError {
  return new MobyBuildError({ code: 'bad-key', exitCode: EXIT.usage, message, where, hint });
}

export function noPassphrase(path: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-passphrase',
    exitCode: EXIT.usage,
    message: `${path} is encrypted, and there is no passphrase for it.`,
    where: path,
    hint: 'It is asked on a terminal. Elsewhere it is read from --passphrase-file FILE or MOBY_BUILD_SIGN_PASSPHRASE.',
    command: NEXT.passphraseFile(),
  });
}

export function wrongPassphrase(path: string): MobyBuildError {
  return new MobyBuildError({
    code: 'wrong-passphrase',
    exitCode: EXIT.usage,
    message: `The passphrase does not open ${path}.`,
    where: path,
    command: NEXT.again(),
  });
}

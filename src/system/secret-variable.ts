/** The passphrase of a secret key, where no terminal and no file say it. No option: a flag would stand in lists of processes and in shells' histories. */
const PASSPHRASE_VARIABLE = 'MOBY_BUILD_SIGN_PASSPHRASE';

/** Takes the passphrase out of the environment, so that no program that we start inherits it. null: it is not set. */
export function takePassphrase(env: NodeJS.ProcessEnv): string | null {
  const value = env[PASSPHRASE_VARIABLE] ?? '';
  delete env[PASSPHRASE_VARIABLE];
  return value === '' ? null : value;
}

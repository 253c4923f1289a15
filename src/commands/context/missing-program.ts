import { EXIT, MobyBuildError } from '../../errors.ts';
import { installCommand, joinInstalls } from '../../doctor/install.ts';
import { lookAtMachine } from '../../doctor/machine.ts';

const INSTALLABLE = ['git', 'make', 'bash', 'docker'] as const;

/** The same error, with the command of this distribution that installs the program that is missing; any other error as it is. */
export async function withInstallCommand(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  if (!(error instanceof MobyBuildError) || error.code !== 'no-such-program') return error;
  const program = INSTALLABLE.find((name) => name === error.where);
  const command = program === undefined ? null : installCommand([program], await lookAtMachine(env));
  if (command === null) return error;
  const { message, where, hint, cause } = error;
  const [whole] = joinInstalls([command]);
  return new MobyBuildError({
    ...{ code: 'no-such-program', exitCode: EXIT.machine, message, where, hint, command: whole, cause },
  });
}

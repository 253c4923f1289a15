import { EXIT, MobyBuildError } from '../errors.ts';
import { hostileValue, requirePlainText } from './plain-text.ts';

/** What BuildKit takes as an ARG name and every shell and make as a variable's name. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads `--build-arg` values, `K=V` each. A bare `K` takes its value from `environment`, as docker does; later ones win.
 *
 * @throws MobyBuildError exit 2: `hostile-value` for a name or value that could become syntax, `bad-build-arg` for a bare
 * name that the environment does not have
 */
export function parseBuildArgs(
  values: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const args = new Map<string, string>();
  for (const text of values) {
    const equals = text.indexOf('=');
    const name = equals === -1 ? text : text.slice(0, equals);
    requireArgName(name);
    const value = equals === -1 ? environment[name] : text.slice(equals + 1);
    if (value === undefined) {
      throw new MobyBuildError({
        code: 'bad-build-arg',
        exitCode: EXIT.usage,
        message: `--build-arg ${name} has no value, and there is no variable ${name} in the environment.`,
        where: '--build-arg',
        hint: `Write --build-arg ${name}=VALUE.`,
      });
    }
    args.set(name, requirePlainText(value, `--build-arg ${name}`));
  }
  return Object.fromEntries(args);
}

/** Throws `hostile-value` (exit 2) for what is no name of a build argument. */
export function requireArgName(name: string): void {
  if (NAME.test(name)) return;
  throw hostileValue(
    '--build-arg',
    `${JSON.stringify(name)} is not a name for a build argument.`,
    'Names are letters, digits and _, and do not begin with a digit.',
  );
}

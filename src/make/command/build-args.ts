import { hostileValue } from '../flags/plain-text.ts';

/** What BuildKit takes as an ARG name and every shell and make as a variable's name. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Throws `hostile-value` (exit 2) for what is no name of a build argument. */
export function requireArgName(name: string): void {
  if (NAME.test(name)) return;
  throw hostileValue(
    '--build-arg',
    `${JSON.stringify(name)} is not a name for a build argument.`,
    'Names are letters, digits and _, and do not begin with a digit.',
  );
}

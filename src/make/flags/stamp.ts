import type { MakeInput, Stamp } from './make-input.ts';
import { hostileValue } from './plain-text.ts';

/** dockerd's file name holds it, and hack/make.sh uses it unquoted. */
const VERSION_TEXT = /^[0-9A-Za-z][0-9A-Za-z.+~_-]{0,127}$/;
const COMMIT_TEXT = /^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/;

/** The build arguments that are stamped, and so are given in a way of their own. */
export const STAMPED_ARGS: ReadonlySet<string> = new Set(['VERSION', 'DOCKER_GITCOMMIT']);

/** The version and commit that dockerd will say; the user's build arguments win. @throws MobyBuildError `hostile-value`, exit 2 */
export function stampOf({ buildArgs, version, gitCommit }: MakeInput): Stamp {
  return {
    version: checked(buildArgs['VERSION'] ?? version, VERSION_TEXT, 'VERSION'),
    gitCommit: checked(buildArgs['DOCKER_GITCOMMIT'] ?? gitCommit, COMMIT_TEXT, 'DOCKER_GITCOMMIT'),
  };
}

function checked(value: string, pattern: RegExp, name: string): string {
  if (pattern.test(value)) return value;
  throw hostileValue(
    name,
    `${JSON.stringify(value)} cannot be stamped as ${name}.`,
    `It becomes part of a file name and of shell commands: ${pattern.source}`,
  );
}

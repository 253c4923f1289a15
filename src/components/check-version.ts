import { EXIT, MobyBuildError } from '../errors.ts';
import type { ComponentName } from '../types.ts';
import type { PinUse } from './pin-uses.ts';

const FULL_ID = /^[0-9a-f]{40}$/;
const SHORT_ID = /^(?=.*\d)[0-9a-f]{7,39}$/;

/** Whether a version is a commit id, full or short; anything else is a name, and names can move. */
export function isCommitId(version: string): boolean {
  return FULL_ID.test(version) || SHORT_ID.test(version);
}

/**
 * Refuses, before anything is fetched, a version that the tree's own commands cannot ask for: each of them takes other forms.
 *
 * - `git checkout` in a whole clone takes names and ids, also short ones (gitrevisions(7)).
 * - `git fetch origin X` asks the server, which knows names and full ids (git-fetch(1)); `ADD …?ref=X` takes what is not 40 digits for
 *   a name (buildkit util/gitutil, IsCommitSHA).
 * - `go install path@X` takes no slash (golang.org/ref/mod, "Version queries"), and no v2 or later under a path without `/v2`.
 *
 * @throws MobyBuildError `version-not-usable`, exit 2
 */
export function checkVersion(component: ComponentName, version: string, uses: readonly PinUse[]): void {
  for (const use of uses) {
    const problem = problemOf(component, version, use);
    if (problem === null) continue;
    throw new MobyBuildError({
      code: 'version-not-usable',
      exitCode: EXIT.usage,
      message: `--component ${component}=${version}: ${use.file}:${String(use.line)} ${problem.why}.`,
      where: `--component ${component}`,
      hint: problem.hint,
    });
  }
}

function problemOf(
  component: ComponentName,
  version: string,
  { kind, major = 1 }: PinUse,
): { readonly why: string; readonly hint: string } | null {
  const full = 'Give all 40 digits of the commit id, or a tag.';
  switch (kind) {
    case 'checkout':
      return null;
    case 'fetch':
      return SHORT_ID.test(version) ? { why: 'asks the server for it, which knows no short ids', hint: full } : null;
    case 'add-ref':
      return SHORT_ID.test(version) ? { why: 'is an ADD by ref, which takes no short ids', hint: full } : null;
    case 'add-commit':
      return FULL_ID.test(version)
        ? null
        : { why: 'is an ADD by commit', hint: 'Give all 40 digits of the commit id.' };
    case 'branch':
      return isCommitId(version)
        ? { why: 'clones a branch or tag, and takes no commit ids', hint: `Give a tag of ${component}.` }
        : null;
    case 'go-install': {
      if (version.includes('/'))
        return {
          why: 'installs it with go, whose versions have no slash',
          hint: `Give a tag or a commit id of ${component}.`,
        };
      const asked = Number(/^v(\d+)\.\d+\.\d+/.exec(version)?.[1] ?? 0);
      if (asked <= Math.max(major, 1)) return null;
      return {
        why: `installs it under a path of Go that has versions up to v${String(Math.max(major, 1))} only`,
        hint: `A tree of a later moby builds ${component} v${String(asked)}.`,
      };
    }
  }
}

import type { Dockerfile } from '../dockerfile/text/dockerfile.ts';
import { EXIT, MobyBuildError } from '../errors.ts';

/** What the whole world of reproducible builds calls it (reproducible-builds.org/specs/source-date-epoch). */
export const SOURCE_DATE = 'SOURCE_DATE_EPOCH';

export interface SourceDateInput {
  /** `--source-date`; false: the time of the build is stamped, as moby does by itself. */
  readonly wanted: boolean;
  /** The user's own build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When the commit of the tree was made, seconds since 1970; null where nothing tells. */
  readonly committed: number | null;
}

/**
 * The time that is stamped into dockerd: the user's build argument, else the variable of the environment, else that of the commit. Pure.
 *
 * @returns seconds since 1970, as text; null: the time of the build
 * @throws MobyBuildError `bad-source-date` (2) for a value that is no whole number of seconds
 */
export function sourceDate({ wanted, buildArgs, env, committed }: SourceDateInput): string | null {
  if (!wanted) return null;
  const said = buildArgs[SOURCE_DATE] ?? (env[SOURCE_DATE] || undefined);
  if (said === undefined) return committed === null ? null : String(committed);
  if (/^\d{1,12}$/u.test(said)) return said;
  throw new MobyBuildError({
    code: 'bad-source-date',
    exitCode: EXIT.usage,
    message: `${SOURCE_DATE} is ${JSON.stringify(said)}, which is no number of seconds since 1970.`,
    where: buildArgs[SOURCE_DATE] === undefined ? SOURCE_DATE : `--build-arg ${SOURCE_DATE}`,
    hint: `Unset it for the time of the commit, or take another: ${SOURCE_DATE}=$(date +%s)`,
  });
}

/**
 * Whether one place brings what is stamped into the step that compiles, as in every Dockerfile of moby from 19.03 on. A tree of another
 * shape keeps the time of its build. Pure.
 */
export function takesSourceDate({ stages }: Dockerfile): boolean {
  const places = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword, rest }) => keyword === 'ARG' && /^DOCKER_GITCOMMIT(?:=|$)/u.test(rest.text));
  return places.length === 1;
}

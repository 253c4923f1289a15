import { EXIT, MobyBuildError } from '../errors.ts';

/** 2020-01-01: the time of all files where nobody says one. Not zero, for some tools take that for "no time". */
const FIXED_SECONDS = 1_577_836_800;

/**
 * The one time that a package has inside: SOURCE_DATE_EPOCH (reproducible-builds.org, specs/source-date-epoch), else a fixed one. Pure.
 *
 * @throws MobyBuildError `usage` (exit 2) for a value that is no number of seconds which a tar can hold
 */
export function sourceDate(env: Readonly<Record<string, string | undefined>>): number {
  const said = env['SOURCE_DATE_EPOCH'];
  if (said === undefined || said === '') return FIXED_SECONDS;
  if (/^\d{1,10}$/u.test(said) && Number(said) < 8 ** 11) return Number(said);
  throw new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: 'SOURCE_DATE_EPOCH is not a number of seconds since 1970.',
    where: 'SOURCE_DATE_EPOCH',
    hint: 'For the time of a commit: SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)',
  });
}

import type { Verdict } from '../context.ts';
import { CouldNotLook, type Asked, type FurtherCheck } from './asked.ts';

/** Whether what was asked for can be built at all. */
export const REQUEST_CHECKS: readonly FurtherCheck[] = [
  {
    id: 'profile',
    title: 'profile and files',
    group: 'Request',
    skip: () => null,
    run: ({ problems: { profile: problem }, profile }) =>
      problem === undefined
        ? { result: 'ok', seen: profile }
        : { result: 'failed', seen: problem.message, fix: problem.fix ?? undefined },
  },
  {
    id: 'source',
    title: 'source directory',
    group: 'Request',
    skip: ({ sourceDir }) => (sourceDir === null ? 'the source is fetched' : null),
    run: ({ problems: { source: problem }, sourceDir }) =>
      problem === undefined
        ? { result: 'ok', seen: sourceDir ?? '' }
        : { result: 'failed', seen: problem.message, fix: problem.fix ?? undefined },
  },
  {
    id: 'ref',
    title: 'release of moby',
    group: 'Request',
    skip: ({ ref, sourceDir }) => (ref === null && sourceDir !== null ? 'the directory is built as it is' : null),
    run: judgeRef,
  },
  {
    id: 'variables',
    title: 'MOBY_BUILD_ variables',
    group: 'Request',
    skip: () => null,
    run: judgeVariables,
  },
  {
    id: 'build-variables',
    title: "build's variables",
    group: 'Request',
    skip: () => null,
    run: ({ dropped }) =>
      dropped.length === 0
        ? { result: 'ok', seen: 'none is set that changes a build' }
        : {
            result: 'warning',
            seen: `kept out of the build: ${dropped.join(', ')}`,
            fix: `unset ${dropped.join(' ')}`,
          },
  },
];

function judgeRef({ ref, series, problems: { ref: problem } }: Asked): Verdict {
  if (problem !== undefined) return { result: 'failed', seen: problem.message, fix: problem.fix ?? undefined };
  if (series === null)
    throw new CouldNotLook(`${ref ?? 'no ref'} names no version; the tree tells, once it is fetched`);
  const seen = `${ref ?? ''}, series ${series.name}`;
  if (series.ended === null) return { result: 'ok', seen };
  const { lastRelease, date } = series.ended;
  return {
    result: 'warning',
    seen: `${seen}: end-of-life since ${lastRelease} of ${date}`,
    fix: 'Keep a daemon built from it away from untrusted clients and images.',
  };
}

function judgeVariables({ strays }: Asked): Verdict {
  if (strays.length === 0) return { result: 'ok', seen: 'each one means something' };
  const meant = strays.flatMap(({ name, nearest }) => (nearest === null ? [] : [`${name} may mean ${nearest}`]));
  return {
    result: 'warning',
    seen: `${strays.map(({ name }) => name).join(', ')} ${strays.length === 1 ? 'means' : 'mean'} nothing`,
    fix: `unset ${strays.map(({ name }) => name).join(' ')}${meant.length === 0 ? '' : `   # ${meant.join(', ')}`}`,
  };
}

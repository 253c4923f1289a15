import type { BuildSummary } from './progress.ts';

/** What is known of a build before it runs. */
export interface Expected {
  /** Seconds of each step of the last build of this kind, by name; empty where there was none. */
  readonly times: Readonly<Record<string, number>>;
  /** How many steps the stages of the target have. */
  readonly steps: number;
}

/** Before its end a build is never said to be whole. */
const MOST = 0.99;
/** A step that takes longer than the last time is not done yet. */
const NEARLY = 0.95;

/**
 * How much of a build is done, from 0 to 1, as far as it can be told: by the times of the last build of this kind, each step with its own
 * weight; without one by the number of steps, which all weigh the same. null where neither says anything. Pure.
 */
export function shareOf({ work }: Pick<BuildSummary, 'work'>, { times, steps }: Expected): number | null {
  return byTimes(work, times) ?? byCount(work, steps);
}

function byTimes(work: BuildSummary['work'], times: Expected['times']): number | null {
  const known = work.filter(({ name }) => Object.hasOwn(times, timeKey(name)));
  const all = Object.values(times).reduce((sum, seconds) => sum + seconds, 0);
  // Steps of other names are another build: another ref, another suite, another mirror in each of them.
  const named = work.filter(({ name }) => isOfDockerfile(name)).length;
  if (all === 0 || known.length === 0 || known.length * 4 < named) return null;
  const done = known.reduce((sum, { name, seconds, done: ended }) => {
    const before = times[timeKey(name)] ?? 0;
    return sum + (ended ? before : Math.min(seconds, before * NEARLY));
  }, 0);
  return Math.min(MOST, done / all);
}

function byCount(work: BuildSummary['work'], steps: number): number | null {
  const named = work.filter(({ name }) => isOfDockerfile(name));
  if (steps === 0) return null;
  return Math.min(MOST, named.filter(({ done }) => done).length / Math.max(steps, named.length));
}

/** `[base 2/6] RUN …`: a step of a stage, and none of BuildKit's own. */
function isOfDockerfile(name: string): boolean {
  return /^\[[^\]]* \d+\/\d+\] /u.test(name);
}

/** A step that is a whole script is told apart by its beginning. */
const KEY_LENGTH = 200;
const timeKey = (name: string): string => name.slice(0, KEY_LENGTH);

/** Shorter steps weigh nothing; the file that keeps these times is the smaller for it. */
const LEAST_SECONDS = 0.5;

/** The times of a build that is done, for `Expected` of the next. Pure. */
export function timesOf(steps: BuildSummary['steps']): Readonly<Record<string, number>> {
  const took = steps.filter(({ seconds, cached }) => !cached && seconds !== null && seconds >= LEAST_SECONDS);
  return Object.fromEntries(took.map(({ name, seconds }) => [timeKey(name), seconds ?? 0]));
}

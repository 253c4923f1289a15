import { spoken } from '../speech/speech.ts';

/** Why a step of a build says nothing. */
const QUIET = {
  compiles: 'that is normal, the compiler and linker print only errors',
  go: 'that is normal, Go prints only errors',
  git: 'that is normal, git shows its progress on terminals only',
  apt: 'that is normal while packages are unpacked',
  image: 'that is normal while an image is fetched and unpacked',
  exports: 'that is normal while files are copied out of the build',
  other: 'that is normal for a step that prints only its result',
} as const;

const percent = (share: number): string => `${String(Math.floor(share * 100))} %`;

/** Where a build stands. */
export interface Building {
  readonly clock: string;
  /** From 0 to 1; null where it is not known. */
  readonly share: number | null;
  readonly finished: number;
  readonly running: number;
  /** The one that spoke last. */
  readonly step: { readonly words: string; readonly seconds: number } | null;
  /** A step that says nothing, and why. */
  readonly quiet: { readonly seconds: number; readonly reason: keyof typeof QUIET } | null;
  /** The last build of this kind, where there was one. */
  readonly last: { readonly steps: number; readonly seconds: number } | null;
}

/** Where a build stands, on one line, in the language of the run. @param time how seconds are said */
export function buildingLine(
  { clock, share, finished, running, step, quiet, last }: Building,
  time: (seconds: number) => string,
): string {
  // A build that has more steps than the last one is another build.
  const known = last !== null && finished + running <= last.steps;
  const others = step !== null && running > 1 ? spoken(`, and ${String(running - 1)} more`) : '';
  const done = String(finished);
  return [
    clock,
    ...(share === null ? [] : [spoken(`about ${percent(share)}`)]),
    spoken(known ? `${done} of ${String(last.steps)} steps` : `${done} ${finished === 1 ? 'step' : 'steps'}`),
    ...(step === null ? [] : [`${step.words} (${step.seconds.toFixed(0)} s)${others}`]),
    ...(quiet === null ? [] : [spoken(`quiet for ${time(quiet.seconds)}: ${QUIET[quiet.reason]}`)]),
    ...(last === null ? [] : [spoken(`last time ${time(last.seconds)}`)]),
  ].join('  ');
}

/** The title of the terminal while a step runs. Pure. */
export function titleOf(step: string, share: number | null): string {
  return share === null ? `moby-build: ${step}` : `moby-build ${percent(share)}: ${step}`;
}

import { EXIT, MobyBuildError } from '../errors.ts';
import type { Blame } from './blame.ts';
import { hintsFor } from './hints.ts';
import { networkFault, type NetworkFault } from './network-fault.ts';
import type { BuildSummary } from './progress.ts';
import { tellingLines } from './telling-lines.ts';

export interface FailedBuild {
  readonly summary: BuildSummary;
  readonly blame: Blame | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly log: string;
}

/** A build that failed, with what is known of why. */
export class BuildFailed extends MobyBuildError {
  readonly blame: Blame | null;
  /** What was wrong with the network at the place that is to blame; null: nothing, or nobody knows which place it was. */
  readonly fault: NetworkFault | null;

  constructor(
    details: ConstructorParameters<typeof MobyBuildError>[0],
    blame: Blame | null,
    fault: NetworkFault | null,
  ) {
    super(details);
    this.blame = blame;
    this.fault = fault;
  }
}

/** A step's name may be a whole script. */
const LONGEST_NAME = 160;

/** The error for a build that failed (`build-failed`, exit 6): step, telling lines, the egress point, what they mean, the log. Pure. */
export function buildFailure({ summary, blame, exitCode, signal, log }: FailedBuild): BuildFailed {
  const { failed } = summary;
  const how = signal === null ? `ended with exit code ${String(exitCode)}` : `was ended by ${signal}`;
  const telling =
    failed === null
      ? tellingLines(summary.outside)
      : failed.telling.length > 0
        ? failed.telling
        : tellingLines([failed.message]);
  const hints = hintsFor(
    failed === null
      ? summary.outside
      : [failed.name, failed.message, ...failed.lines, ...failed.telling, ...summary.outside],
  );
  const lines = [
    failed === null
      ? `The build ${how}, outside of any step.`
      : `The build failed in ${stepWords(failed.name, failed.stage)}`,
    ...telling.map((line) => `  ${line}`),
    ...(blame === null ? [] : [blameWords(blame)]),
  ];
  const left = blame?.point.via === 'none';
  // What a program of ours prints while it compiles is no word on the network: the place must be known.
  const fault =
    failed === null || blame === null
      ? null
      : networkFault([failed.message, ...failed.telling, ...failed.lines, ...summary.outside]);
  const details = {
    code: 'build-failed',
    exitCode: EXIT.build,
    message: lines.join('\n'),
    where: log,
    hint: [...hints.slice(0, 2).map(({ means }) => means), `The whole log is ${log}`].join('\n'),
    command: left ? `moby-build audit` : (hints.find(({ command }) => command !== null)?.command ?? `less ${log}`),
  };
  return new BuildFailed(details, blame, fault);
}

function stepWords(name: string, stage: string | null): string {
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return stage === null ? `the step ${short}` : `stage ${stage}: ${short}`;
}

function blameWords({ point, because }: Blame): string {
  const place = `${point.file}:${String(point.line)} ${point.url} (${point.id})`;
  return point.via === 'none'
    ? `It reached for the egress point ${place}, for which nothing was decided: ${because}.`
    : `It reached for the egress point ${place}, met by ${point.mirror ?? point.via}: ${because}.`;
}

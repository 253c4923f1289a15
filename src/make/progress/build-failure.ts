import { NEXT } from '../../next-command.ts';
import { EXIT, MobyBuildError, type ErrorDetails } from '../../errors.ts';
import type { Blame } from './blame.ts';
import { causesOf, networkFault, type NetworkFault } from '../../symptoms/table.ts';
import type { BuildSummary, SilentStep } from './progress.ts';
import { tellingLines } from './telling-lines.ts';

export interface FailedBuild {
  readonly summary: BuildSummary;
  readonly blame: Blame | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly log: string;
  /** The step that the build was ended for, and how long it had said nothing; it then counts as the one that failed. */
  readonly silent?: SilentStep | null | undefined;
}

/** A build that failed, with what is known of why. */
export class BuildFailed extends MobyBuildError {
  readonly blame: Blame | null;
  /** What was wrong with the network at the place that is to blame; null: nothing, or nobody knows which place it was. */
  readonly fault: NetworkFault | null;
  /** true: no step failed; make, docker or the engine did. */
  readonly outside: boolean;

  constructor(details: ErrorDetails, blame: Blame | null, fault: NetworkFault | null, outside: boolean) {
    super(details);
    this.blame = blame;
    this.fault = fault;
    this.outside = outside;
  }
}

const SILENT =
  'A mirror that accepts and then says nothing looks like this. If the step was at work, --stall-timeout SECONDS gives it longer, and 0 no limit.';

/** A step's name may be a whole script. */
const LONGEST_NAME = 160;

/** The error for a build that failed (`build-failed`, exit 6): step, telling lines, the egress point, what they mean, the log. Pure. */
export function buildFailure({ summary, blame, exitCode, signal, log, silent = null }: FailedBuild): BuildFailed {
  const failed = silent ?? summary.failed;
  const how = signal === null ? `ended with exit code ${String(exitCode)}` : `was ended by ${signal}`;
  const telling =
    failed === null
      ? tellingLines(summary.outside)
      : failed.telling.length > 0
        ? failed.telling
        : tellingLines([failed.message]);
  const causes = causesOf(
    failed === null
      ? summary.outside
      : [failed.name, failed.message, ...failed.lines, ...failed.telling, ...summary.outside],
  );
  const lines = [
    failed === null
      ? `The build ${how}, outside of any step.`
      : `The build failed in ${failed.stage === null ? `the step ${cut(failed.name)}` : `stage ${failed.stage}: ${cut(failed.name)}`}`,
    ...(silent === null ? [] : [`It was ended: it had said nothing for ${secondsOf(silent)} seconds.`]),
    ...telling.map((line) => `  ${line}`),
    ...(blame === null ? [] : [blameWords(blame)]),
  ];
  const left = blame?.point.via === 'none';
  // What a program of ours prints while it compiles is no word on the network: the place must be known.
  const fault: NetworkFault | null =
    failed === null || blame === null
      ? null
      : silent !== null
        ? // Not one that passes: the same mirror would take as long again.
          { fault: 'silent', what: `nothing came for ${secondsOf(silent)} s`, transient: false }
        : networkFault([failed.message, ...failed.telling, ...failed.lines, ...summary.outside]);
  const details: ErrorDetails = {
    code: 'build-failed',
    exitCode: EXIT.build,
    message: lines.join('\n'),
    where: log,
    hint: [
      ...(silent === null ? [] : [SILENT]),
      ...causes.slice(0, 2).map(({ code, cause, hint }) => `${cause} ${hint} [${code}]`),
      `The whole log is ${log}`,
    ].join('\n'),
    command: left ? NEXT.profile('cn') : (causes.find(({ next }) => next !== null)?.next ?? `less ${log}`),
  };
  return new BuildFailed(details, blame, fault, failed === null);
}

function secondsOf({ silentMs }: SilentStep): string {
  return String(Math.floor(silentMs / 1000));
}

function cut(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function blameWords({ point, because }: Blame): string {
  const place = `${point.file}:${String(point.line)} ${point.url} (${point.id})`;
  return point.via === 'none'
    ? `It uses the egress point ${place}, which is not resolved: ${because}.`
    : `It uses the egress point ${place}, resolved by ${point.mirror ?? point.via}: ${because}.`;
}

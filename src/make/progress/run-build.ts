import { rm } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { toFileError } from '../../system/file-error.ts';
import { run } from '../../system/process/run.ts';
import type { CommandSpec } from '../../system/command-spec.ts';
import type { BuildStep, MetPoint } from '../../types.ts';
import { blamePoint, type Blame } from './blame.ts';
import { buildFailure } from './build-failure.ts';
import { BuildProgress, type BuildSummary, type ProgressEvent } from './progress.ts';
import { findStall, type Stall } from './stall.ts';
import { Throttle } from './throttle.ts';

export interface BuildRequest {
  readonly spec: CommandSpec;
  /** The whole output is appended here. */
  readonly logFile: string;
  /** Where make will put the binaries; what an earlier run left there goes first. */
  readonly outputDir: string;
  /** To name the egress point that a failed step reached for. */
  readonly points: readonly MetPoint[];
  /** A step that asks the network and says nothing for so long ends the build; 0 or nothing: never. */
  readonly stallMs?: number | undefined;
  /**
   * Called with the state at most ten times a second and at least once, the last time when the build has ended, however.
   * Between lines it is called each second, for the clock. What it throws ends the build.
   */
  readonly onProgress?: ((summary: BuildSummary) => void) | undefined;
  /** Called with each event of a step, and the milliseconds since the build began. */
  readonly onEvent?: ((event: ProgressEvent, atMs: number) => void) | undefined;
}

export interface BuildOutcome {
  readonly steps: readonly BuildStep[];
  readonly seconds: number;
  readonly downloadedBytes: number | null;
  readonly log: string;
}

/** More often than this no eye sees, and terminals choke (measured: 20,000 unthrottled lines take 26 s on a terminal). */
const PROGRESS_EVERY_MS = 100;
/** A step may say nothing for minutes; the clock goes on. */
const CLOCK_MS = 1000;

/**
 * Runs the build to its end. A killed build leaves nothing that the next one minds: BuildKit keeps finished steps, and the
 * output directory is emptied before each.
 *
 * @throws MobyBuildError `build-failed` (6) with the failing step, its telling lines, the egress point it reached for and the
 * log's path; `interrupted` (130, 143); `disk-full`, `no-permission`, `no-such-program` (3)
 */
export async function runBuild(request: BuildRequest): Promise<BuildOutcome> {
  await emptyOutput(request.outputDir);
  const progress = new BuildProgress();
  const started = performance.now();
  const now = (): number => performance.now() - started;
  const throttle = new Throttle<BuildSummary>(PROGRESS_EVERY_MS, (summary) => request.onProgress?.(summary));
  let lastLineAt = -CLOCK_MS;
  const ending = new AbortController();
  let stall: Stall | null = null;
  const clock = setInterval(() => {
    stall ??= findStall(progress, now(), request);
    if (stall !== null) ending.abort();
    if (now() - lastLineAt >= CLOCK_MS) throttle.tick(() => progress.summary(now()));
  }, CLOCK_MS);
  try {
    const result = await run(request.spec, {
      allowFailure: true,
      abort: ending.signal,
      logFile: request.logFile,
      onLine: (line) => {
        lastLineAt = now();
        for (const event of progress.feed(line, lastLineAt)) request.onEvent?.(event, lastLineAt);
        throttle.offer(() => progress.summary(now()));
      },
    });
    const summary = progress.summary(now());
    if (result.exitCode !== 0) {
      const found = stall as Stall | null;
      const { silent, blame } = found ?? { silent: null, blame: blameOf(summary, request.points) };
      throw buildFailure({
        summary,
        blame,
        silent,
        exitCode: result.exitCode,
        signal: result.signal,
        log: request.logFile,
      });
    }
    return {
      steps: summary.steps,
      seconds: result.seconds,
      downloadedBytes: summary.downloadedBytes,
      log: request.logFile,
    };
  } finally {
    clearInterval(clock);
    throttle.stop();
    request.onProgress?.(progress.summary(now()));
  }
}

function blameOf({ failed }: BuildSummary, points: readonly MetPoint[]): Blame | null {
  return failed === null ? null : blamePoint(failed, points);
}

/** BuildKit's local exporter adds to a directory; another version's binaries would stay beside the new ones. */
async function emptyOutput(outputDir: string): Promise<void> {
  try {
    await rm(outputDir, { recursive: true, force: true });
  } catch (cause) {
    const error = toFileError(cause, outputDir);
    if (error.code !== 'no-permission') throw error;
    throw new MobyBuildError({
      code: 'no-permission',
      exitCode: EXIT.machine,
      message: `${outputDir} is left from a build by another user, and this one may not remove it.`,
      where: outputDir,
      hint: 'BuildKit gives bundles/ to the user who runs the docker client: root under sudo.',
      command: `sudo rm -r ${outputDir}`,
      cause,
    });
  }
}

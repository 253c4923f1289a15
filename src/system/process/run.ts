import { closeSync } from 'node:fs';
import { execa } from 'execa';
import type { CommandSpec } from '../command-spec.ts';
import { commandLine } from '../command-line.ts';
import { redactWords } from '../redact.ts';
import { endTree } from './end-tree.ts';
import { appendAll, openLog } from './log-file.ts';
import { OutputKeeper } from './output-keeper.ts';
import { describeFailure, noSuchProgram } from './run-failure.ts';
import { throwIfStopping, watchChild } from './supervisor.ts';

export interface RunOptions {
  /** Written to the child's stdin, then closed. Without it stdin is /dev/null: nothing of ours ever waits for an answer. */
  readonly input?: string | Uint8Array | undefined;
  /** The whole tree is ended after this many milliseconds of wall time. None by default. */
  readonly timeoutMs?: number | undefined;
  /** The whole tree is ended when nothing was written for so many milliseconds. None by default. */
  readonly idleTimeoutMs?: number | undefined;
  /** The whole tree is ended when this is aborted; the result tells how it left, and the caller knows why. */
  readonly abort?: AbortSignal | undefined;
  /** true: an exit code other than 0, a signal or the deadline are told in the result, not thrown. */
  readonly allowFailure?: boolean | undefined;
  /** Called for each line of output as it comes; ends are `\n`, `\r\n` or `\r`. What it throws ends the child and is thrown on. */
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  /** The whole output is appended here, both streams as they come, after a line `$ COMMAND`. Variables are not written. */
  readonly logFile?: string | undefined;
  /** `buffer`: stdout is bytes. */
  readonly encoding?: 'utf8' | 'buffer' | undefined;
  /**
   * Bytes of each stream that are kept for the result. With `onLine` or `logFile` the output is a log, and its last
   * `maxBytes` (256 KiB) are kept; otherwise it is data, and more than `maxBytes` (64 MiB) of it is an error, never a cut.
   */
  readonly maxBytes?: number | undefined;
  /** true: `env` of the command is the whole environment. */
  readonly cleanEnv?: boolean | undefined;
}

export interface RunResult<Out = string> {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Out;
  readonly stderr: string;
  readonly seconds: number;
  readonly timedOut: boolean;
}

/** What ends a run early: a deadline, or an error of our own side (listener, log, too much data). */
interface RunState {
  failure: { readonly cause: unknown } | null;
  ending: Promise<void> | null;
  timedOut: boolean;
}

/** What a log keeps of each stream. */
const LOG_TAIL_BYTES = 256 * 1024;
/** What data may measure: the largest we read is a file of a moby tree. */
const DATA_BYTES = 64 * 1024 * 1024;
/** A grandchild in the background may hold the pipes open after the child has left; its output is not waited for longer. */
const PIPE_GRACE_MS = 2_000;

/**
 * Runs one program to its end, without a shell. The exit code decides; what stands on stderr does not.
 *
 * Throws MobyBuildError `no-such-program` (3), `command-failed` (1) with its last lines, `command-timed-out` (1),
 * `output-too-long` (1), `disk-full` (3) for the log, `interrupted` (130, 143) when the run is being ended.
 */
export async function run(
  spec: CommandSpec,
  options: RunOptions & { readonly encoding: 'buffer' },
): Promise<RunResult<Uint8Array>>;
export async function run(
  spec: CommandSpec,
  options?: RunOptions & { readonly encoding?: 'utf8' | undefined },
): Promise<RunResult>;
export async function run(spec: CommandSpec, options: RunOptions = {}): Promise<RunResult<string | Uint8Array>> {
  throwIfStopping();
  const isLog = options.onLine !== undefined || options.logFile !== undefined;
  const maxBytes = options.maxBytes ?? (isLog ? LOG_TAIL_BYTES : DATA_BYTES);
  const log = options.logFile === undefined ? null : openLog(options.logFile);
  const started = performance.now();
  const state: RunState = { failure: null, ending: null, timedOut: false };
  const keepers = { stdout: new OutputKeeper(maxBytes, isLog), stderr: new OutputKeeper(maxBytes, isLog) };

  try {
    if (log !== null) appendAll(log, `$ ${commandLine({ file: spec.file, args: redactWords(spec.args) })}\n`);
    const child = start(spec, options);
    const unwatch = child.pid === undefined ? () => undefined : watchChild(child.pid);
    const { end, heard, stop } = watchTime(child, options, state);
    keepOutput(child, keepers, { ...options, log, state, end, heard });
    if (options.input !== undefined && child.stdin !== null) {
      // A child that leaves before it has read everything is judged by its exit code, not by EPIPE.
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input);
    }

    const outcome = await child;
    stop();
    unwatch();
    await state.ending;
    endKeepers(keepers, state);
    throwIfStopping();
    if (state.failure !== null) throw state.failure.cause;
    if (outcome.exitCode === undefined && outcome.signal === undefined) throw noSuchProgram(spec, outcome);

    const result = {
      exitCode: outcome.exitCode ?? null,
      signal: outcome.signal ?? null,
      stdout: options.encoding === 'buffer' ? keepers.stdout.bytes() : keepers.stdout.text(),
      stderr: keepers.stderr.text(),
      seconds: (performance.now() - started) / 1000,
      timedOut: state.timedOut,
    };
    if (options.allowFailure !== true && (state.timedOut || result.exitCode !== 0)) {
      throw describeFailure(spec, { ...result, stdout: keepers.stdout.text() }, options);
    }
    return result;
  } finally {
    if (log !== null) closeSync(log.fd);
  }
}

interface Keepers {
  readonly stdout: OutputKeeper;
  readonly stderr: OutputKeeper;
}

type Child = ReturnType<typeof start>;

function start(spec: CommandSpec, options: RunOptions) {
  return execa(spec.file, [...spec.args], {
    env: { ...spec.env },
    extendEnv: options.cleanEnv !== true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    windowsHide: true,
  });
}

/** Ends the tree at a deadline, in a silence that is too long, or when the caller aborts. `stop`: the child has left. */
function watchTime(child: Child, { abort, timeoutMs, idleTimeoutMs }: RunOptions, state: RunState) {
  const end = (): void => {
    if (child.pid !== undefined) state.ending ??= endTree(child.pid);
  };
  const endLate = (): void => {
    state.timedOut = true;
    end();
  };
  abort?.addEventListener('abort', end, { once: true });
  const deadline = timeoutMs === undefined ? undefined : setTimeout(endLate, timeoutMs);
  const silence = idleTimeoutMs === undefined ? undefined : setTimeout(endLate, idleTimeoutMs);
  return {
    end,
    heard: () => silence?.refresh(),
    stop: () => {
      clearTimeout(deadline);
      clearTimeout(silence);
      abort?.removeEventListener('abort', end);
    },
  };
}

interface Listening extends Pick<RunOptions, 'onLine'> {
  readonly log: ReturnType<typeof openLog> | null;
  readonly state: RunState;
  readonly end: () => void;
  readonly heard: () => void;
}

/** Hands both streams to the log and to the keepers. A fault there ends the child. */
function keepOutput(child: Child, keepers: Keepers, { onLine, log, state, end, heard }: Listening): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const keeper = keepers[name];
    if (onLine !== undefined) {
      keeper.onLine((line) => {
        onLine(line, name);
      });
    }
    child[name].on('data', (chunk: Uint8Array) => {
      heard();
      if (state.failure !== null) return;
      try {
        if (log !== null) appendAll(log, chunk);
        keeper.push(chunk);
      } catch (cause) {
        state.failure = { cause };
        end();
      }
    });
  }
  child.once('exit', () => {
    setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, PIPE_GRACE_MS).unref();
  });
}

function endKeepers({ stdout, stderr }: Keepers, state: RunState): void {
  if (state.failure !== null) return;
  try {
    stdout.end();
    stderr.end();
  } catch (cause) {
    state.failure = { cause };
  }
}

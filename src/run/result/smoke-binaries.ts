import type { NextCommand } from '../../next-command.ts';
import { NEXT } from '../../next-command.ts';
import { MobyBuildError, type ErrorDetails } from '../../errors.ts';
import { smoke } from '../../smoke/smoke.ts';
import { stoppingSignal } from '../../system/process/supervisor.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Io } from '../stage/io.ts';
import type { Smoked, Verified } from '../stage/stages.ts';

/**
 * Starts what was built and checks its start-up. A failed check is told after the manifest is written.
 *
 * @throws MobyBuildError as `smoke` says, where this machine cannot start a daemon; the binaries then lie in the out dir, without a manifest
 */
export async function smokeBinaries(
  { collected, outDir, options, plan }: Verified,
  io: Io,
): Promise<Pick<Smoked, 'smoke'> & { readonly words: string }> {
  try {
    const report = await smoke({
      dir: collected.dir,
      arch: options.arch,
      series: plan.series,
      onEvent: (event) => {
        if (event.kind === 'started') io.say(MESSAGES.checking(event.index + 1, event.count, event.title));
      },
    });
    const { ok, failed } = report.totals;
    return { smoke: report.checks, words: `${String(ok)} ok, ${String(failed)} failed` };
  } catch (cause) {
    if (stoppingSignal() !== null) throw cause;
    await collected.publish();
    throw elsewhere(cause, collected.dir, outDir);
  }
}

/** The same error about the place where the folder is now. */
function elsewhere(cause: unknown, from: string, to: string): unknown {
  if (!(cause instanceof MobyBuildError)) return cause;
  const { message, code, exitCode, where, hint, command } = cause;
  const moved = (text: string | undefined): string | undefined => text?.replaceAll(from, to);
  const details = {
    ...{ message: message.replaceAll(from, to), code, exitCode, where: moved(where), hint: moved(hint) },
    ...{ command: movedCommand(command, from, to), cause },
  };
  // Code and exit code are those of one error, and stay together.
  return new MobyBuildError(details as ErrorDetails);
}

/** What smoke recommends, after a build: the binaries are there, so only smoke runs again. */
function movedCommand(command: NextCommand | undefined, from: string, to: string): NextCommand | undefined {
  if (typeof command === 'string') return command.replaceAll(from, to);
  if (command?.is === 'again') return command.asRoot === true ? NEXT.smokeAsRoot(to) : command;
  return command === undefined
    ? undefined
    : { ...command, words: command.words.map((word) => word.replaceAll(from, to)) };
}

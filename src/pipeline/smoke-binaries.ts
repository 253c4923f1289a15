import { MobyBuildError, type ErrorDetails } from '../errors.ts';
import { smoke } from '../smoke/smoke.ts';
import { stoppingSignal } from '../system/supervisor.ts';
import { MESSAGES } from '../ui/messages.ts';
import { known, type RunState } from './state.ts';

/**
 * Starts what was built and checks its start-up. Fills in `state.smoke`; a failed check is told after the manifest is written.
 *
 * @throws MobyBuildError as `smoke` says, where this machine cannot start a daemon; the binaries then lie in the out dir, without a manifest
 */
export async function smokeBinaries(state: RunState, say: (text: string) => void): Promise<string> {
  const collected = known(state, 'collected');
  try {
    const report = await smoke({
      dir: collected.dir,
      arch: state.options.arch,
      series: known(state, 'plan').series,
      onEvent: (event) => {
        if (event.kind === 'started') say(MESSAGES.checking(event.index + 1, event.count, event.title));
      },
    });
    state.smoke = report.checks;
    const { ok, failed } = report.totals;
    return `${String(ok)} ok, ${String(failed)} failed`;
  } catch (cause) {
    if (stoppingSignal() !== null) throw cause;
    await collected.publish();
    throw elsewhere(cause, collected.dir, known(state, 'outDir'));
  }
}

/** The same error about the place where the folder is now. */
function elsewhere(cause: unknown, from: string, to: string): unknown {
  if (!(cause instanceof MobyBuildError)) return cause;
  const { message, code, exitCode, where, hint, command } = cause;
  const moved = (text: string | undefined): string | undefined => text?.replaceAll(from, to);
  const details = {
    ...{ message: message.replaceAll(from, to), code, exitCode, where: moved(where), hint: moved(hint) },
    ...{ command: moved(command), cause },
  };
  // Code and exit code are those of one error, and stay together.
  return new MobyBuildError(details as ErrorDetails);
}

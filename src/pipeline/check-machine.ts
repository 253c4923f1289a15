import { resolveEngine } from '../build/engine.ts';
import { runChecks } from '../doctor/checks.ts';
import { lookAtMachine } from '../doctor/machine.ts';
import { requireMachine } from '../doctor/require-machine.ts';
import { addNotes, type RunState } from './state.ts';
import { whatComes } from './what-comes.ts';
import { defaultWorkRoot } from './work-dir.ts';

/**
 * Looks at everything that the build needs of this machine before anything slow begins. Fills in `state.engine` and
 * `state.machine`.
 *
 * @throws MobyBuildError `machine`, exit 3, listing all that lacks with what mends each
 */
export async function checkMachine(state: RunState): Promise<string> {
  const { options, env } = state;
  state.engine = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    environment: env,
  });
  state.machine = await runChecks({
    arch: options.arch,
    ...(await whatComes(state)),
    workDir: options.workDir ?? defaultWorkRoot(),
    outDir: state.outDir,
    engine: state.engine,
    machine: await lookAtMachine(env),
    invocation: state.invocation,
  });
  requireMachine(state.machine);
  for (const { title, seen, fix, result } of state.machine) {
    if (result === 'warning')
      addNotes(state, [{ level: 'warning', code: 'machine', message: `${title}: ${seen}`, hint: fix ?? undefined }]);
  }
  return `docker ${state.engine.clientVersion ?? '?'}, engine ${state.engine.serverVersion ?? '?'}`;
}

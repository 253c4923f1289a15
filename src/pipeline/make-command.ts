import { makeCommand, type BuildCommand } from '../build/command.ts';
import { addNotes, known, type RunState } from './state.ts';
import { versionOf } from './get-source.ts';

/**
 * The command that builds: the plan's build arguments, the user's over them, and the version and commit that are stamped.
 * `treeDir`: where make runs; without it, the command as a person would run it inside a clone.
 */
export function planCommand(state: RunState, treeDir?: string): BuildCommand {
  const { options, env } = state;
  const plan = known(state, 'plan');
  const { series } = known(state, 'source');
  const command = makeCommand({
    series: plan.series,
    target: plan.target,
    version: options.buildArgs['VERSION'] ?? versionOf(plan.ref),
    gitCommit: plan.commit === null ? 'unknown' : plan.commit.slice(0, series.commitDigits),
    treeDir,
    arch: options.arch,
    // Without an engine (patch) nobody knows; the command is then that for a native one.
    nativeArch: state.engine?.serverArch ?? options.arch,
    buildArgs: { ...plan.buildArgs, ...options.buildArgs },
    network: options.network ?? undefined,
    addHosts: options.addHosts,
    dockerBuildOpts: options.dockerBuildOpts,
    makeArgs: options.makeArgs,
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    environment: env,
  });
  addNotes(state, command.notes);
  state.command = command;
  return command;
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildSummary } from '../build/progress.ts';
import { absoluteDockerPaths } from '../build/docker-paths.ts';
import { bothCases } from '../build/proxies.ts';
import { runBuild } from '../build/run-build.ts';
import { recordTree } from './apply-plan.ts';
import { withEngineGone } from './engine-gone.ts';
import { planCommand } from './make-command.ts';
import { registryLogins } from './registry-logins.ts';
import { known, type RunState } from './state.ts';

/** Runs the build in the patched tree, its whole output in the log. Fills in `state.steps`, `state.downloadedBytes`. */
export async function compile(state: RunState, say: (text: string) => void, again = false): Promise<string> {
  const { dir } = known(state, 'source');
  const plan = known(state, 'plan');
  const logFile = known(state, 'logFile');
  await recordTree(state);
  const command = planCommand(state, dir);
  // The log is that of the last run, all its tries: one that grows from run to run hides what failed now.
  if (!again) await rm(logFile, { force: true });
  const config = registryLogins(state);
  // These may hold passwords, so the command that is shown and kept does not have them.
  const env = {
    ...bothCases(state.env),
    ...absoluteDockerPaths(state.env),
    ...(config === null ? {} : { DOCKER_CONFIG: config.path }),
  };
  const outcome = await runBuild({
    spec: { ...command.spec, env: { ...env, ...command.spec.env } },
    logFile,
    outputDir: join(dir, known(state, 'target').outputDir),
    points: plan.points,
    stallMs: state.options.stallTimeout * 1000,
    onProgress: (summary) => {
      say(progressLine(summary));
    },
  })
    .catch(async (cause: unknown) => {
      throw await withEngineGone(cause, state);
    })
    .finally(() => {
      config?.remove();
    });
  state.steps = outcome.steps;
  state.downloadedBytes = outcome.downloadedBytes;
  const cached = outcome.steps.filter((step) => step.cached).length;
  return `${String(outcome.steps.length)} steps, ${String(cached)} of them from the cache`;
}

/** Stage, step, how long it has run, and how many are done. */
function progressLine({ current, finished, running, seconds }: BuildSummary): string {
  const clock = `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  const counts = `${String(finished)} done, ${String(running)} running`;
  if (current === null) return `${clock}  ${counts}`;
  return `${clock}  ${counts}  ${current.name} (${current.seconds.toFixed(0)} s)`;
}

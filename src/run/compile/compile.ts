import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildSummary } from '../../make/progress/progress.ts';
import { whyQuiet } from '../../make/progress/quiet.ts';
import { shareOf, timesOf, type Expected } from '../../make/progress/share.ts';
import { stepWords } from '../../make/progress/step-words.ts';
import { absoluteDockerPaths } from '../../make/engine/docker-paths.ts';
import { pathWithClient } from '../../make/engine/one-client.ts';
import { bothCases } from '../../make/flags/proxies.ts';
import { runBuild } from '../../make/progress/run-build.ts';
import { keepLastBuild, readLastBuild, type LastBuild } from '../../workdir/last-build.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { plannedHosts } from '../seal/planned-hosts.ts';
import { withSealedOff } from '../seal/with-sealed-off.ts';
import { stepEntry } from '../stage/record-facts.ts';
import { withEngineAge } from './engine-age.ts';
import { withEngineGone } from './engine-gone.ts';
import { plannedSteps } from './planned-steps.ts';
import { registryLogins } from './registry-logins.ts';
import type { Io } from '../stage/io.ts';
import type { Applied, Built } from '../stage/stages.ts';

/**
 * Runs the build in the patched tree, its whole output in the log.
 *
 * @param log whether the log begins anew, or goes on: it is that of the last run, all its tries
 */
export async function compile(
  from: Applied,
  io: Io,
  log: 'anew' | 'on',
): Promise<Pick<Built, 'steps' | 'downloadedBytes'>> {
  const { source, plan, logFile, command, target, options } = from;
  // One that grows from run to run hides what failed now.
  if (log === 'anew') await rm(logFile, { force: true });
  const config = registryLogins(from, io);
  // These may hold passwords, so the command that is shown and kept does not have them.
  const env = {
    ...bothCases(io.env),
    ...absoluteDockerPaths(io.env),
    ...(config === null ? {} : { DOCKER_CONFIG: config.path }),
    ...pathOf(from, io),
    ...io.sealing?.env,
  };
  const hosts = io.sealing === null ? [] : plannedHosts(from);
  io.sealing?.allow(hosts);
  const last = await readLastBuild(from, target.name);
  const expected: Expected = { times: last?.times ?? {}, steps: plannedSteps(source.files, from.scan) };
  io.record({ is: 'try', at: new Date().toISOString() });
  const { steps, seconds, downloadedBytes } = await runBuild({
    spec: { ...command.spec, env: { ...env, ...command.spec.env } },
    logFile,
    outputDir: join(source.dir, target.outputDir),
    points: plan.points,
    stallMs: options.stallTimeout * 1000,
    onEvent: (event, ms) => {
      const entry = stepEntry(event, ms);
      if (entry !== null) io.record(entry);
    },
    onProgress: (summary) => {
      const share = shareOf(summary, expected);
      io.say(progressLine(summary, share, last));
      io.share(share);
    },
  })
    .catch(async (cause: unknown) => {
      const told = withEngineAge(await withEngineGone(cause, options, io), from.machine, options);
      throw io.sealing === null ? told : await withSealedOff(told, from, io.sealing, hosts);
    })
    .finally(() => {
      config?.remove();
    });
  for (const { name } of steps.filter(({ failed, name }) => failed && OF_CACHE.test(name)))
    io.note({
      level: 'warning',
      code: 'cache-not-used',
      message: MESSAGES.cacheNotUsed(name),
      hint: MESSAGES.logIs(logFile),
    });
  const cached = steps.filter((step) => step.cached).length;
  await keepLastBuild(from, { target: target.name, steps: steps.length, cached, seconds, times: timesOf(steps) });
  return { steps, downloadedBytes };
}

/** Steps that fail no build (BuildKit, solver/llbsolver and cache/remotecache). */
const OF_CACHE = /^(?:importing cache manifest from|exporting cache to) /u;

/** One client for all that the build starts, whatever calls it. */
function pathOf({ machine, logFile }: Applied, { env }: Io): Readonly<Record<string, string>> {
  const chosen = machine.is === 'checked' ? machine.engine.clientPath : null;
  if (chosen === null) return {};
  return { PATH: pathWithClient(chosen, env['PATH'] ?? '', join(dirname(logFile), 'client')) };
}

/** A step that says nothing for so long is explained. */
const QUIET_SECONDS = 60;

/** The clock, how much is done, and the step that spoke last. */
function progressLine(
  { current, finished, running, seconds }: BuildSummary,
  share: number | null,
  last: LastBuild | null,
): string {
  const clock = `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  const step = current === null ? null : { words: stepWords(current.name), seconds: current.seconds };
  const quiet =
    current === null || current.quiet < QUIET_SECONDS
      ? null
      : { seconds: current.quiet, reason: whyQuiet(current.name) };
  return MESSAGES.building({ clock, share, finished, running, step, quiet, last });
}

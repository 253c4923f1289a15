import { tmpdir } from 'node:os';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { lookAtMachine } from '../../doctor/machine.ts';
import type { Asked, Problem, SeriesFacts } from '../../doctor/further/asked.ts';
import { lookAround } from '../../doctor/further/look.ts';
import { DEFAULT_SOURCE } from '../../config/options/source-options.ts';
import { strayVariables } from '../../config/layers/environment-layer.ts';
import { judgeAmbient } from '../../make/command/ambient.ts';
import { readCaches } from '../../build-cache.ts';
import { resolveEngine } from '../../make/engine/engine.ts';
import { seriesOfRef } from '../../moby/series.ts';
import type { Series } from '../../moby/series-table.ts';
import { changedWords, NEXT } from '../../next-command.ts';
import { begin } from '../../run/begin.ts';
import { chooseMirrors } from '../../run/prepare/choose-mirrors.ts';
import { clientReads } from '../../run/prepare/check-machine.ts';
import { outDirFor } from '../../run/prepare/out-dir.ts';
import { whatComes, type WhatComes } from '../../run/prepare/what-comes.ts';
import { cloneCandidates } from '../../run/source/clone-candidates.ts';
import { judgeRef, requireKnownRef } from '../../run/source/get-source.ts';
import type { Checked } from '../../run/stage/stages.ts';
import { commandText } from '../../ui/errors.ts';
import { findLeftovers } from '../../workdir/leftovers.ts';
import { defaultWorkRoot } from '../../workdir/work-dir.ts';
import type { CommandContext } from '../context/context.ts';

/** One may be gone; that as many do not answer says something of this machine. */
const SERVERS_ASKED = 3;

/** The first series whose daemon knows nftables (moby docker-v29.0.0, daemon/config/config_linux.go). */
const KNOWS_NFTABLES = 29;

/**
 * Gathers what the checks judge: the options with their files, the engine, the machine. What an option is refused for is a result of a
 * check, and no end.
 *
 * @throws MobyBuildError `no-such-client`, exit 2
 */
export async function askMachine(context: CommandContext): Promise<Asked> {
  const { options, env, line } = context;
  // A line holds paths and hosts.
  const own = options.share ? [] : line;
  const problems: Record<string, Problem> = {};
  const attempt = async <T>(name: string, work: () => Promise<T> | T): Promise<T | null> => {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof MobyBuildError) || cause.code === 'interrupted') throw cause;
      const { message, command } = cause;
      const key = cause.code === 'bad-ca' ? 'certificates' : name;
      problems[key] = {
        message: message.split('\n')[0] ?? '',
        fix: command === undefined ? null : commandText(command, own),
      };
      return null;
    }
  };
  const { from, io } = begin('build', context);
  const chosen = await attempt('profile', () => chooseMirrors(from, io));
  await attempt('ref', () => {
    judgeRef(options, 'build');
    requireKnownRef(options);
  });
  const series = options.ref === null ? null : seriesOfRef(options.ref);
  const comes = await attempt('source', () => comesOf(chosen === null ? null : { ...from, ...chosen }, series));
  const builtBy = comes?.builtBy ?? series?.builtBy ?? 'docker-build';
  const engine = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    builder: options.builders[0],
    environment: env,
  });
  return {
    arch: options.arch,
    emulate: options.emulate,
    caches: { from: readCaches(options.cacheFrom, 'from'), to: readCaches(options.cacheTo, 'to') },
    builtBy,
    frontend: comes?.frontend ?? null,
    workDir: options.workDir ?? defaultWorkRoot(),
    clientReads: clientReads(options),
    outDir: outDirFor(options, options.ref),
    engine,
    machine: await lookAtMachine(env),
    env,
    line: buildLine(own),
    ref: options.ref,
    series: seriesFacts(series),
    problems,
    sourceDir: options.source.kind === 'directory' ? options.source.path : null,
    profile: options.profile,
    suite: options.suite,
    network: options.network,
    ca: options.ca,
    mirrors: chosen === null ? [] : serversOf(chosen),
    probe: options.probe,
    tempDir: tmpdir(),
    strays: strayVariables(env),
    dropped: judgeAmbient(env, builtBy === 'bake' ? 'bake' : 'docker-build').drop,
    smoke: options.smoke,
    look: lookAround(env, problems['certificates'] === undefined ? options.ca : null, () =>
      findLeftovers(options.workDir),
    ),
  };
}

async function comesOf(from: Parameters<typeof whatComes>[0] | null, series: Series | null): Promise<WhatComes> {
  // Which frontend reads the Dockerfile is the profile's choice.
  if (from === null) return { builtBy: series?.builtBy ?? 'docker-build', frontend: null };
  return whatComes(from);
}

/** The line of the build that is meant: fixes name it, not this command. */
function buildLine(line: readonly string[]): readonly string[] {
  const own = changedWords(line, {
    set: [['--only', null]],
    without: ['--fix', '--share', '--list', '--json', '--yes', '--quiet', '--verbose'],
  });
  return own.filter((word, index) => index > 0 || word !== 'doctor');
}

function seriesFacts(series: Series | null): SeriesFacts | null {
  if (series === null) return null;
  const { name, ended } = series;
  return { name, ended, nftables: Number.parseInt(name, 10) >= KNOWS_NFTABLES };
}

/** The addresses of the first git servers that moby would be cloned from, as far as they are web servers. */
function serversOf(from: Pick<Checked, 'profile' | 'catalogue' | 'overrides'>): readonly string[] {
  const urls = cloneCandidates(DEFAULT_SOURCE, from).map(({ url }) => url);
  const web = urls.filter((url) => /^https?:/u.test(url) && URL.canParse(url)).map((url) => `${new URL(url).origin}/`);
  return [...new Set(web)].slice(0, SERVERS_ASKED);
}

/** @throws MobyBuildError `unknown-check`, exit 2 */
export function requireKnownIds(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length === 0) return;
  throw new MobyBuildError({
    code: 'unknown-check',
    exitCode: EXIT.usage,
    message: `There is no check “${unknown.join(', ')}”.`,
    where: '--only',
    command: NEXT.doctorList(),
  });
}

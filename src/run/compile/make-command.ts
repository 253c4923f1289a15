import { dirname } from 'node:path';
import { makeCommand } from '../../make/command/command.ts';
import type { BuildCommand } from '../../make/flags/make-input.ts';
import { chosenBuilder } from '../../make/engine/chosen-builder.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { architectureOfEngine } from '../plan/build-arch.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Tree } from '../../types.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';
import { imageContexts } from '../../bundle/use/image-contexts.ts';
import { sealedName } from '../../seal/sealed-builder.ts';
import { versionOf } from '../source/get-source.ts';

/**
 * The command that builds: the plan's build arguments, the user's over them, and the version and commit that are stamped.
 * `treeDir`: where make runs; without it, the command as a person would run it inside a clone.
 */
export function planCommand(
  { options, plan, source, target, machine: ours, bundled, bundle, logFile }: Omit<Planned, 'command'>,
  io: Io,
  treeDir?: string,
): BuildCommand {
  const { series, files } = source;
  const engine = ours.is === 'checked' ? ours.engine : null;
  // 19.03 is shown to people only: its make hears the same variables, and then runs hack/make.sh in a container (Makefile at v19.03.15).
  const builtBy = series.builtBy === 'docker-run' ? 'docker-build' : series.builtBy;
  if (builtBy === 'bake') requireBakeCommand(files);
  // Where no engine was asked, it is taken for one of this machine. A builder may have nodes of several: it is always told the platform.
  const sealed = options.seal && bundle === null;
  const builder = sealed ? sealedName(dirname(logFile)) : chosenBuilder(options.builders[0], io.env, engine);
  const command = makeCommand({
    namedArgs: series.namedArgs,
    bakesAptMirror: hasAptMirror(files),
    builtBy,
    target,
    version: options.buildArgs['VERSION'] ?? versionOf(plan.ref),
    gitCommit: plan.commit === null ? 'unknown' : plan.commit.slice(0, series.commitDigits),
    treeDir,
    arch: options.arch,
    nativeArch: builder === undefined ? architectureOfEngine({ machine: ours }) : NOBODYS_ARCH,
    buildArgs: { ...plan.buildArgs, ...options.buildArgs },
    network: options.network ?? undefined,
    addHosts: options.addHosts,
    dockerBuildOpts: options.dockerBuildOpts,
    makeArgs: options.makeArgs,
    docker: options.docker === null ? undefined : (engine?.clientPath ?? options.docker),
    dockerContext: options.dockerContext ?? undefined,
    builder,
    contexts: builder === undefined ? [] : imageContexts(bundled, logFile),
    engineProxies: engine === null ? undefined : { http: engine.httpProxy, https: engine.httpsProxy },
    caches: { from: options.cacheFrom, to: options.cacheTo, scope: `moby-${series.name}-${options.arch}` },
    netrc: options.netrc ?? undefined,
    environment: sealed ? { ...io.env, ...BY_NAME } : io.env,
  });
  io.note(...command.notes.filter(({ code }) => !sealed || !/^(?:engine-proxy|proxy-)/u.test(code)));
  if (options.cacheFrom.length > 0) io.note({ level: 'info', code: 'cache-believed', ...MESSAGES.cacheBelieved() });
  return command;
}

/** Whether docker-bake.hcl has a variable APT_MIRROR, whose default is a host of its own (v23.0.0 to v23.0.6, v24.0.0 to v24.0.4). */
function hasAptMirror(files: Tree): boolean {
  return /^variable\s+"APT_MIRROR"/mu.test(files.get('docker-bake.hcl')?.text ?? '');
}

/** A sealed build hands its proxy over by name; where it listens is known once it does. */
const BY_NAME = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [
    [name, 'http://moby-build.invalid'],
    [name.toUpperCase(), 'http://moby-build.invalid'],
  ]),
);

/** No architecture has this name. */
const NOBODYS_ARCH = '';

/** The first prereleases of 23.0 still call docker build; what is written here for bake would not be heard. */
function requireBakeCommand(files: Tree): void {
  if (/^BAKE_CMD\b/mu.test(files.get('Makefile')?.text ?? '')) return;
  throw new MobyBuildError({
    code: 'rule-mismatch',
    exitCode: EXIT.tree,
    message: 'The Makefile has no BAKE_CMD, so make binary would not hear what is handed to bake.',
    where: 'Makefile',
    hint: 'The prereleases of 23.0 before rc.2 are like this; a release is not.',
    command: NEXT.ref('v23.0.18'),
  });
}

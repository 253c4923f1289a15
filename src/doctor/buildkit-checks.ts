import type { BuildCache } from '../build-cache.ts';
import { builderApart as apartFrom } from '../make/engine/chosen-builder.ts';
import { before, engineWithFrontend, frontendOfBuildKit } from '../make/engine/frontend-versions.ts';
import type { Check, CheckContext, EngineFacts, Verdict } from './context.ts';
import { builderApart, needsClient, needsEngine, requireEngine } from './engine-checks.ts';
import { ownLine } from './own-line.ts';

/** Whether BuildKit's own frontend reads the Dockerfile that comes. */
export const FRONTEND_CHECK: Check = {
  id: 'frontend',
  title: 'Dockerfile frontend',
  skip: (context) =>
    (builderApart(context) === null ? needsEngine(context) : null) ??
    (context.frontend === null ? 'any engine will do' : null),
  run: (context) => {
    if (context.frontend === null) throw new TypeError('the check of the frontend ran without a need');
    return judgeFrontend(requireEngine(context), context.frontend, context.line);
  },
};

/** Holds the frontend inside the engine's (or the builder's) BuildKit against what the tree needs. Pure. */
export function judgeFrontend(
  engine: EngineFacts,
  { version, because }: NonNullable<CheckContext['frontend']>,
  line: readonly string[],
): Verdict {
  const { buildkitVersion, serverVersion } = engine;
  const own = buildkitVersion === null ? null : frontendOfBuildKit(buildkitVersion);
  if (buildkitVersion === null || own === null)
    return { result: 'ok', seen: `nothing tells which it is; ${version} is needed` };
  const apart = apartFrom(engine);
  const whose = apart !== null ? `builder ${apart.name}` : `engine ${serverVersion ?? ''}`.trim();
  const there = `${own}, in the BuildKit ${buildkitVersion} of ${whose}`;
  if (!before(own, version)) return { result: 'ok', seen: there };
  const least = engineWithFrontend(version);
  const newer = apart !== null ? 'a newer builder' : `Docker Engine ${least ?? 'of a newer release'} or newer`;
  return {
    result: 'failed',
    seen: `${there}; ${version} is needed for ${because}`,
    fix: `${ownLine(line, { set: [['--frontend', 'HOST/docker/dockerfile:1']] })}   # a registry that has it in ${version} or newer; or take ${newer}`,
  };
}

/** Storage drivers of engines with containerd's image store: its BuildKit writes caches, and reads them from everywhere (moby, builder/builder-next/controller.go). */
const SNAPSHOTTERS = ['overlayfs', 'native', 'stargz', 'nydus'];

/** What the engine's own BuildKit reads from, whatever its store. */
const READ_BY_ALL = ['registry', 'local'];

/** The variables of a runner without which buildx passes over a cache of type gha, and says nothing (docker/buildx, util/buildflags/cache.go, isActive). */
const OF_RUNNER = ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'];
const OF_OLD_RUNNER = ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_CACHE_URL'];

/** Whether the caches that are named can be used: seconds now, or an error at the end of a build. */
export const CACHE_CHECK: Check = {
  id: 'build-cache',
  title: 'build cache',
  skip: (context) =>
    context.caches.from.length + context.caches.to.length === 0 ? 'none is named' : needsClient(context),
  run: judgeCaches,
};

function judgeCaches(context: CheckContext): Verdict {
  const { from, to } = context.caches;
  const engine = requireEngine(context);
  if (engine.buildxVersion === null)
    return {
      result: 'failed',
      seen: '--cache-from and --cache-to need the buildx plugin, and the docker client has none',
      fix: 'apt-get install docker-buildx   # docker-buildx-plugin, where docker comes from its own packages',
    };
  const refused = builderApart(context) === null ? whatEngineLacks(engine, from, to) : null;
  if (refused !== null)
    return {
      result: 'failed',
      seen: refused,
      fix: `docker buildx create --name moby-build --driver docker-container --bootstrap && ${ownLine(context.line, { set: [['--builder', 'moby-build']] })}`,
    };
  if ([...from, ...to].some(({ type }) => type === 'gha') && !onRunner(context.env))
    return {
      result: 'warning',
      seen: `${OF_RUNNER.join(' and ')} are not set, so buildx passes over type=gha`,
      fix: 'In a workflow, a step with crazy-max/ghaction-github-runtime before this one sets them.',
    };
  return { result: 'ok', seen: `${String(from.length)} to read from, ${String(to.length)} to write to` };
}

/** What the engine's own BuildKit cannot do with these; null: it can, or nothing tells. */
function whatEngineLacks(
  { storageDriver }: EngineFacts,
  from: readonly BuildCache[],
  to: readonly BuildCache[],
): string | null {
  if (storageDriver === null || SNAPSHOTTERS.includes(storageDriver)) return null;
  const store = `the engine keeps images by ${storageDriver}; such an engine`;
  if (to.length > 0) return `${store} writes no cache`;
  const unread = from.find(({ type }) => !READ_BY_ALL.includes(type));
  return unread === undefined ? null : `${store} reads no cache of type ${unread.type}`;
}

function onRunner(env: CheckContext['env']): boolean {
  return [OF_RUNNER, OF_OLD_RUNNER].some((names) => names.every((name) => (env[name] ?? '') !== ''));
}

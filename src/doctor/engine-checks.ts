import { builderApart as apartFrom } from '../make/engine/chosen-builder.ts';
import { whyNotThere } from '../make/engine/inspect-builder.ts';
import type { Check, CheckContext, EngineFacts, Verdict } from './context.ts';
import { mendBuildKit, mendBuildx, mendRefusal } from './engine-fixes.ts';
import { installCommand } from './install.ts';
import { ownLine } from './own-line.ts';
import { buildsNothing } from './program-checks.ts';

/** The docker client, the engine behind it, and BuildKit between them. */
export const ENGINE_CHECKS: readonly Check[] = [
  {
    id: 'docker-client',
    title: 'docker client',
    skip: buildsNothing,
    run: (context) => judgeClient(context, requireEngine(context)),
  },
  {
    id: 'docker-on-path',
    title: 'docker on PATH',
    skip: needsClient,
    run: (context) => judgePath(context, requireEngine(context)),
  },
  {
    id: 'buildkit',
    title: 'BuildKit',
    skip: needsClient,
    run: (context) => judgeBuildKit(context, requireEngine(context)),
  },
  {
    id: 'engine',
    title: 'engine',
    skip: (context) => needsClient(context) ?? (builderApart(context) === null ? null : 'another builder builds'),
    run: (context) => judgeEngine(context, requireEngine(context)),
  },
];

/** Why a check that asks the engine is left out: it does not answer, or another builder builds. */
export function needsEngine(context: CheckContext): string | null {
  return (
    needsClient(context) ??
    notSeenHere(context) ??
    (context.engine?.refused === undefined ? null : 'the engine did not answer')
  );
}

/** Why a check of the client is left out. */
export function needsClient(context: CheckContext): string | null {
  return buildsNothing(context) ?? (context.engine?.clientPath === null ? 'there is no docker client' : null);
}

/** For checks whose `skip` has made sure of it. */
export function requireEngine({ engine }: CheckContext): EngineFacts {
  if (engine === null) throw new TypeError('a check of the engine ran without one');
  return engine;
}

function judgeClient({ machine, line }: CheckContext, engine: EngineFacts): Verdict {
  if (engine.clientPath === null) {
    const fix = installCommand(['docker'], machine) ?? 'Install Docker Engine: https://docs.docker.com/engine/install/';
    return { result: 'failed', seen: 'no docker on PATH', fix };
  }
  if (engine.podman) {
    const real = engine.otherClients.find((client) => !client.podman && client.buildkit !== 'none');
    return {
      result: 'failed',
      seen: `${engine.clientPath} is podman, which moby's build has not been seen to work with`,
      fix:
        real === undefined
          ? (installCommand(['docker'], machine) ?? 'Install Docker Engine: https://docs.docker.com/engine/install/')
          : ownLine(line, { set: [['--docker', real.path]] }),
    };
  }
  return { result: 'ok', seen: `${engine.clientVersion ?? 'of unknown version'} (${engine.clientPath})` };
}

function judgePath({ line }: CheckContext, engine: EngineFacts): Verdict {
  if (engine.otherClients.length === 0) return { result: 'ok', seen: 'one' };
  // Who names a client knows that there are several.
  if (line.some((word) => word === '--docker' || word.startsWith('--docker=')))
    return { result: 'ok', seen: `${engine.clientPath ?? ''} is named, and everything takes it` };
  const others = engine.otherClients
    .map(({ path, version }) => `${path}${version === null ? '' : ` ${version}`}`)
    .join(', ');
  return {
    result: 'warning',
    seen: `${engine.clientPath ?? ''} is used; there is also ${others}`,
    fix: `${ownLine(line, { set: [['--docker', engine.otherClients[0]?.path ?? '']] })}   # if that is the one you mean`,
  };
}

function judgeBuildKit(context: CheckContext, engine: EngineFacts): Verdict {
  if (engine.podman) return { result: 'failed', seen: 'podman has none' };
  if (context.builtBy === 'bake' && engine.buildxVersion === null) {
    return {
      result: 'failed',
      seen: `${engine.clientPath ?? ''} ${engine.clientVersion ?? ''} has no buildx plugin, and moby from 23.0 on is built with docker buildx bake`,
      fix: mendBuildx(context),
    };
  }
  if (context.builtBy === 'bake') return { result: 'ok', seen: `buildx ${engine.buildxVersion ?? ''}`.trim() };
  if (builderApart(context) !== null) return { result: 'ok', seen: `buildx ${engine.buildxVersion ?? ''}`.trim() };
  if (engine.buildkit === 'builtin') return { result: 'ok', seen: 'in the client' };
  if (engine.buildkit === 'buildx') return { result: 'ok', seen: `buildx ${engine.buildxVersion ?? ''}`.trim() };
  const capable = engine.otherClients.find(({ buildkit, podman }) => buildkit !== 'none' && !podman);
  return {
    result: 'failed',
    seen: `${engine.clientPath ?? ''} ${engine.clientVersion ?? ''} cannot build with it (no buildx plugin)${
      capable === undefined ? '' : `, but ${capable.path} can`
    }`,
    fix: mendBuildKit(context, engine),
  };
}

function judgeEngine(context: CheckContext, engine: EngineFacts): Verdict {
  const where = `${engine.host}${engine.context === null || engine.context === 'default' ? '' : `, context ${engine.context}`}`;
  if (engine.refused !== undefined) {
    return {
      result: 'failed',
      seen: `${where}: ${engine.refused.message}${apiVersionSet(context, engine.refused.kind)}`,
      fix: mendRefusal(context, engine, engine.refused.kind),
    };
  }
  if (engine.serverOs !== null && engine.serverOs !== 'linux') {
    return {
      result: 'failed',
      seen: `${where} runs ${engine.serverOs} containers, and the build needs Linux ones`,
      fix: 'Switch the engine to Linux containers, or choose another with --docker-context NAME.',
    };
  }
  return {
    result: 'ok',
    seen: `${engine.serverVersion ?? 'of unknown version'}${engine.rootless ? ', rootless' : ''} (${where})`,
  };
}

/** A client of any age fails where its environment asks for a version that the engine lacks. */
function apiVersionSet({ env }: CheckContext, kind: string): string {
  const wanted = env['DOCKER_API_VERSION'] ?? '';
  return kind === 'api-version' && wanted !== '' ? ` (DOCKER_API_VERSION=${wanted} is set)` : '';
}

/** The builder of buildx that builds, where it is not the engine that the client talks to. */
export type BuilderApart = NonNullable<EngineFacts['builder']>;

/** The builder that builds in place of the engine; null: the engine does, or the builder that was named says nothing. */
export function builderApart({ engine }: CheckContext): BuilderApart | null {
  return apartFrom(engine);
}

/** Why what belongs to the machine that builds cannot be looked at; null: the engine builds, which tells. */
export function notSeenHere(context: CheckContext): string | null {
  const builder = builderApart(context);
  if (builder !== null) return `builder ${builder.name} builds, and its machine is not seen from here`;
  return (context.engine?.builderRefused ?? null) === null ? null : 'the builder did not answer';
}

/** Whether the builder answers. The engine need not be there at all, where another builder builds. */
export const BUILDER_CHECK: Check = {
  id: 'builder',
  title: 'builder',
  skip: ({ engine }) => {
    if (engine === null) return 'nothing is built';
    if (engine.clientPath === null) return 'there is no docker client';
    return engine.builder === null && engine.builderRefused === null ? 'the engine builds by itself' : null;
  },
  run: judgeBuilder,
};

function judgeBuilder(context: CheckContext): Verdict {
  const { builder = null, builderRefused = null } = context.engine ?? {};
  if (builder === null)
    return {
      result: 'failed',
      seen: builderRefused ?? 'it says nothing',
      fix: 'docker buildx ls   # shows the builders that there are',
    };
  const seen = `builder ${builder.name} (${builder.driver})`;
  const away = whyNotThere(builder);
  if (away !== null)
    return { result: 'failed', seen: `${seen}: ${away}`, fix: `docker buildx inspect --bootstrap ${builder.name}` };
  if (builder.driver === 'docker') return { result: 'ok', seen };
  // A builder of its own pulls with its own settings.
  return {
    result: 'warning',
    seen: `${seen}: the engine's mirrors, proxies and certificates do not count there`,
    fix: `${ownLine(context.line, { set: [['--builder', 'default']] })}   # builds in the engine itself`,
  };
}
